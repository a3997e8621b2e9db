"""More time: asked for once, in its window, in public, and decided by a majority of three."""

from datetime import timedelta

import pytest

from charter.errors import InvalidInput, NotFound
from charter.obligations.tables import ExtensionRequest, Obligation
from charter.plans.tables import Milestone
from charter.reviews.extensions import MoreTimeNotPossible
from charter.reviews.published import published_reviews
from charter.reviews.service import (
    ask_for_more_time,
    end_decision_pauses,
    publish_due_cases,
    seal_verdict,
)
from tests.charter.reviews.stage import NOBODY, Stage

pytestmark = pytest.mark.usefixtures("database")


async def ask(stage: Stage, days: int = 30) -> None:
    await ask_for_more_time(
        stage.world.scheme,
        organisation=stage.organisation,
        obligation=stage.obligation,
        days=days,
        reason="The caretaker who opens the hall is ill until April.",
    )


async def decide(stage: Stage, *answers: str) -> None:
    await stage.draw()
    for seat, answer in zip(await stage.accept_all(), answers, strict=True):
        await seal_verdict(
            stage.world.scheme, seat=seat.id, verdict=answer, reasons="We asked the group."
        )
    await publish_due_cases(stage.world.scheme)


async def evidence(stage: Stage) -> Obligation:
    row = await Obligation.objects().where(Obligation.id == stage.obligation).first()
    assert row is not None
    return row


async def test_rule_13_two_of_three_move_the_date_and_the_first_promise_stays() -> None:
    stage = await Stage().set()
    before = (await evidence(stage)).due_on
    await ask(stage)

    await decide(stage, "yes", "no", "yes")

    owed, milestone = await evidence(stage), await Milestone.objects().first()
    assert milestone is not None
    assert owed.due_on == milestone.due_on == before + timedelta(days=30)
    assert owed.first_due_on == milestone.first_due_on == before
    kinds = [kind for kind in await stage.kinds() if kind.startswith(("ext", "due", "clock"))]
    assert kinds == [
        "extension-asked",
        "clock-paused",
        "extension-granted",
        "clock-resumed",
        "due-date-moved",
    ]
    [review] = await published_reviews(stage.organisation)
    assert len(review.reasons) == 3


async def test_rule_13_a_majority_against_leaves_the_date_where_it_was() -> None:
    stage = await Stage().set()
    before = (await evidence(stage)).due_on
    await ask(stage)

    await decide(stage, "no", "no", "yes")

    assert (await evidence(stage)).due_on == before
    request = await ExtensionRequest.objects().first()
    assert request is not None
    assert request.state == "refused"
    assert "extension-refused" in await stage.kinds()


async def test_rule_13_a_date_is_asked_about_once_whatever_was_decided() -> None:
    stage = await Stage().set()
    await ask(stage)
    await decide(stage, "no", "no", "no")

    with pytest.raises(MoreTimeNotPossible):
        await ask(stage)


@pytest.mark.parametrize(
    ("due_in", "wait", "days"), [(61, 0, 30), (30, 30 + 61, 30), (30, 0, 61), (30, 0, 0)]
)
async def test_rule_13_outside_the_window_or_the_most_days_it_is_refused(
    due_in: int, wait: int, days: int
) -> None:
    stage = await Stage().set(due_in=due_in)
    stage.world.pass_days(wait)

    with pytest.raises(MoreTimeNotPossible):
        await ask(stage, days)


@pytest.mark.parametrize(("due_in", "wait"), [(60, 0), (30, 30 + 60)])
async def test_rule_13_the_window_includes_its_first_and_last_day(due_in: int, wait: int) -> None:
    stage = await Stage().set(due_in=due_in)
    stage.world.pass_days(wait)

    await ask(stage, 60)

    assert await ExtensionRequest.count() == 1


async def test_rule_13_the_clock_stands_still_for_the_days_of_the_decision_and_no_longer() -> None:
    stage = await Stage().set()
    await ask(stage)
    stage.world.pass_days(21)
    assert await end_decision_pauses(stage.world.scheme) == 0

    stage.world.pass_days(1)

    assert await end_decision_pauses(stage.world.scheme) == 1
    assert await end_decision_pauses(stage.world.scheme) == 0


async def test_rule_13_the_panel_owes_its_decision_in_21_days() -> None:
    stage = await Stage().set()
    await ask(stage)
    [owed] = await Obligation.objects().where(Obligation.kind == "extension-decision")
    assert (owed.due_on - stage.world.scheme.today()).days == 21

    await decide(stage, "yes", "yes", "yes")

    [owed] = await Obligation.objects().where(Obligation.kind == "extension-decision")
    assert owed.state == "met"


async def test_a_request_needs_a_public_reason_and_something_of_ones_own() -> None:
    stage = await Stage().set()
    scheme, owed = stage.world.scheme, stage.obligation
    with pytest.raises(InvalidInput):
        await ask_for_more_time(
            scheme, organisation=stage.organisation, obligation=owed, days=3, reason=" "
        )
    with pytest.raises(NotFound):
        await ask_for_more_time(
            scheme, organisation=NOBODY, obligation=owed, days=3, reason="Time."
        )


async def test_a_report_sent_while_the_panel_thinks_is_met_and_no_date_moves() -> None:
    stage = await Stage().set()
    await ask(stage)
    before = (await evidence(stage)).due_on
    await stage.draw()
    seats = await stage.accept_all()
    await stage.report()

    for seat in seats:
        await seal_verdict(stage.world.scheme, seat=seat.id, verdict="yes", reasons="Granted.")
    await publish_due_cases(stage.world.scheme)

    assert (await evidence(stage)).state == "met"
    assert (await evidence(stage)).due_on == before
