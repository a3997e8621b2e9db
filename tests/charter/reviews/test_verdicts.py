"""Sealing verdicts: changeable until both are in, then never; a third on a split."""

import asyncio
from uuid import uuid4

import pytest

from charter.errors import InvalidInput, NotAllowed, NotFound
from charter.history.tables import Event
from charter.reviews.queries import read_case
from charter.reviews.seats import TieToOrganisation
from charter.reviews.service import (
    decline_seat,
    hand_back_seat,
    redraw_late_seats,
    seal_verdict,
)
from charter.reviews.tables import Interest, Outcome, PayEntry, Verdict
from charter.reviews.verdicts import VerdictSealed
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")


async def test_rule_20_a_verdict_may_change_until_both_are_in_and_never_after() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    first, second = await stage.accept_all()
    await stage.seal(first, report, "not-accepted")
    await stage.seal(first, report, "accepted")
    await stage.seal(second, report, "accepted")

    with pytest.raises(VerdictSealed):
        await stage.seal(first, report, "not-accepted")

    outcome = await Outcome.objects().first()
    assert outcome is not None
    assert outcome.verdict == "accepted"
    assert (await stage.kinds()).count("verdict-sealed") == 2
    assert await PayEntry.count() == 2


async def test_rule_20_nobody_reads_anothers_verdict_before_the_panel_is_complete() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    first, second = await stage.accept_all()
    await stage.seal(first, report, "accepted")

    before = await read_case(stage.world.scheme, second.id)
    await stage.seal(second, report, "accepted")
    after = await read_case(stage.world.scheme, second.id)

    assert before.others == ()
    assert before.mine == ()
    assert [said.pseudonym for said in after.others] == [first.pseudonym]
    assert all(said.notes == "" for said in after.others)


async def test_rule_20_a_split_calls_a_third_and_the_median_counts() -> None:
    stage = await Stage().set()
    report = await stage.report()

    await stage.judge(report, "accepted", "not-accepted", "more-needed")

    outcome = await Outcome.objects().first()
    assert outcome is not None
    assert outcome.verdict == "more-needed"
    assert len(await stage.seats()) == 3


async def test_rule_20_the_split_two_are_sealed_while_the_third_is_awaited() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.judge(report, "accepted", "not-accepted")
    first, second = await stage.seats()
    await stage.draw()
    third = (await stage.accept_all())[-1]

    with pytest.raises(VerdictSealed):
        await stage.seal(first, report, "not-accepted")
    with pytest.raises(VerdictSealed):
        await stage.seal(second, report, "accepted")

    assert (await read_case(stage.world.scheme, third.id)).others == ()


async def test_rule_20_a_seat_handed_back_takes_its_verdict_with_it() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    first, second = await stage.accept_all()
    case = await stage.the_case()
    report = await stage.reports_in(case)
    await stage.seal(second, report[0], "accepted")
    await hand_back_seat(stage.world.scheme, seat=first.id)
    await stage.draw()
    third = (await stage.accept_all())[-1]

    await stage.seal(third, report[0], "accepted")

    assert (await stage.the_case()).state == "decided"


async def test_rule_20_a_tie_is_checked_again_at_the_decision() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    seat = (await stage.accept_all())[0]
    await Interest(
        auditor=seat.auditor,
        organisation=stage.organisation,
        tie="family",
        declared_at=stage.world.scheme.now(),
    ).save()

    with pytest.raises(TieToOrganisation):
        await stage.seal(seat, report, "accepted")


async def test_a_seat_that_was_not_accepted_or_was_given_up_cannot_seal() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    offered, other = await stage.seats()
    with pytest.raises(NotAllowed):
        await stage.seal(offered, report, "accepted")
    await decline_seat(stage.world.scheme, seat=other.id)
    with pytest.raises(NotAllowed):
        await stage.seal(other, report, "accepted")


async def test_everything_wrong_with_a_verdict_is_said_at_once() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    seat = (await stage.accept_all())[0]

    with pytest.raises(InvalidInput) as refused:
        await seal_verdict(
            stage.world.scheme, seat=seat.id, report=report, verdict="yes", reasons=" "
        )

    assert [error.field for error in refused.value.errors] == ["verdict", "reasons"]
    with pytest.raises(NotFound):
        await stage.seal(seat, uuid4(), "accepted")
    assert await Verdict.count() == 0


async def test_rule_20_twenty_sealings_at_once_leave_one_verdict_of_each_seat() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    first, second = await stage.accept_all()

    said = await asyncio.gather(
        *(stage.seal(seat, report, "accepted") for _ in range(10) for seat in (first, second)),
        return_exceptions=True,
    )

    assert all(outcome is None or isinstance(outcome, VerdictSealed) for outcome in said)
    assert await Verdict.count() == 2
    assert await Outcome.count() == 1
    assert await PayEntry.count() == 2
    assert await Event.count().where(Event.kind == "verdict-sealed") == 2


async def test_a_seat_in_time_is_never_drawn_again() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.judge(report, "accepted", "accepted")
    stage.world.pass_days(60)

    assert await redraw_late_seats(stage.world.scheme) == 0


async def test_rule_20_all_reports_of_a_quarter_are_one_case_until_a_verdict_is_sealed() -> None:
    stage = await Stage().set(auditors=6)
    await stage.add_milestone(2)
    await stage.add_milestone(3)
    one = await stage.report()
    case = await stage.the_case()
    two = await stage.report(milestone=2)
    assert (await stage.the_case()).id == case.id
    await stage.draw()
    seats = await stage.accept_all()
    await stage.seal(seats[0], one, "accepted")

    await stage.report(milestone=3)

    assert (await stage.the_case()).number == case.number + 1
    await stage.seal(seats[0], two, "accepted")
    for report in (one, two):
        await stage.seal(seats[1], report, "accepted" if report == one else "not-accepted")
    assert await stage.reports_in(case) == [one, two]


async def test_rule_20_a_third_seat_judges_only_what_was_split() -> None:
    stage = await Stage().set()
    await stage.add_milestone(2)
    one, two = await stage.report(), await stage.report(milestone=2)
    await stage.draw()
    first, second = await stage.accept_all()
    for seat in (first, second):
        await stage.seal(seat, one, "accepted")
    await stage.seal(first, two, "accepted")
    await stage.seal(second, two, "not-accepted")
    await stage.draw()
    third = (await stage.accept_all())[-1]

    with pytest.raises(NotFound):
        await stage.seal(third, one, "not-accepted")
    await stage.seal(third, two, "not-accepted")

    assert (await stage.the_case()).state == "decided"
    decided = {row.question: row.verdict for row in await Outcome.objects()}
    assert decided == {str(one): "accepted", str(two): "not-accepted"}
