"""Sealing a list, drawing from it later, drawing again, and saying so where nobody can be drawn."""

import asyncio
from decimal import Decimal

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.history.tables import Event
from charter.obligations.tables import Obligation, Pause
from charter.organisations.tables import Organisation
from charter.reviews import drawing
from charter.reviews.lottery import ListNotSealed
from charter.reviews.seats import SeatNotOpen, TieToOrganisation
from charter.reviews.service import (
    accept_seat,
    ask_for_more_time,
    ask_for_redraw,
    declare_interest,
    decline_seat,
    draw_panel,
    draw_waiting_panels,
    hand_back_seat,
    redraw_late_seats,
    rest_auditor,
    seal_eligible_list,
)
from charter.reviews.tables import Case, PayEntry, SealedList, Seat
from tests.charter.reviews.stage import Stage

ELSEWHERE = "borough.example"

pytestmark = pytest.mark.usefixtures("database")


async def test_rule_20_the_digest_comes_before_the_draw_and_the_draw_can_be_repeated() -> None:
    stage = await Stage().set(auditors=6)
    await stage.report()
    await stage.draw()

    events = {event.kind: event for event in await events_of(stage.organisation)}
    sealed, drawn = events["eligible-list-sealed"], events["panel-drawn"]
    kept = await SealedList.objects().first()
    assert kept is not None
    assert sealed.id < drawn.id
    digest = drawing.seal(kept.salt, [auditor.bytes for auditor in kept.auditors])
    assert sealed.data["digest"] == digest.hex()
    seed = drawing.seed_of_case(bytes.fromhex(drawn.data["seed"]), digest)
    assert drawn.data["positions"] == drawing.draw(seed, kept.auditors, 2)
    seats = await stage.seats()
    assert [seat.auditor for seat in seats] == [
        kept.auditors[place] for place in drawn.data["positions"]
    ]


async def test_rule_20_a_root_known_when_the_list_was_sealed_is_never_its_seed() -> None:
    stage = await Stage().set()
    await stage.report()
    root = stage.next_root()

    for _ in range(3):
        assert await draw_waiting_panels(stage.world.scheme, seed=root) == 0

    assert await Seat.count() == 0
    assert await draw_waiting_panels(stage.world.scheme, seed=stage.next_root()) == 2


async def test_a_draw_without_a_sealed_list_is_refused() -> None:
    stage = await Stage().set()
    await stage.report()
    case = await stage.the_case()

    with pytest.raises(ListNotSealed):
        await draw_panel(stage.world.scheme, case=case.id, seed=stage.next_root())

    assert await seal_eligible_list(stage.world.scheme, case=case.id)
    assert len(await draw_panel(stage.world.scheme, case=case.id, seed=stage.next_root())) == 2


async def test_the_sweep_run_many_times_at_once_draws_one_panel() -> None:
    stage = await Stage().set(auditors=8)
    await stage.report()
    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())
    root = stage.next_root()

    drawn = await asyncio.gather(
        *(draw_waiting_panels(stage.world.scheme, seed=root) for _ in range(8))
    )

    assert sum(drawn) == 2
    assert await Seat.count() == 2
    assert await Event.count().where(Event.kind == "panel-drawn") == 1


async def test_rule_20_an_employee_a_relative_and_a_resting_auditor_are_never_drawn() -> None:
    stage = await Stage().set(auditors=2)
    await stage.hire(10, domain="harbour-lights.example")
    relative, resting = await stage.hire(11), await stage.hire(12)
    await declare_interest(
        stage.world.scheme, auditor=relative, organisation=stage.organisation, tie="family"
    )
    until = stage.world.scheme.today().replace(day=28)
    await rest_auditor(stage.world.scheme, auditor=resting, until=until)
    await stage.report()

    await stage.draw()

    assert {seat.auditor for seat in await stage.seats()} == set(stage.auditors[:2])


async def test_rule_20_a_tie_declared_after_sealing_passes_the_auditor_over() -> None:
    stage = await Stage().set(auditors=3)
    await stage.report()
    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())
    await declare_interest(
        stage.world.scheme, auditor=stage.auditors[0], organisation=stage.organisation, tie="money"
    )

    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())

    assert stage.auditors[0] not in {seat.auditor for seat in await stage.seats()}


async def test_rule_20_membership_counts_for_three_years() -> None:
    stage = await Stage().set(auditors=2, due_in=1200)
    await declare_interest(
        stage.world.scheme, auditor=stage.auditors[0], organisation=stage.organisation, tie="member"
    )
    await stage.report()
    await stage.draw()
    assert await Seat.count() == 0

    stage.world.pass_days(3 * 365 + 2)
    await stage.draw()

    assert await Seat.count() == 2


async def test_rule_24a_a_seat_is_declined_without_a_reason_and_drawn_again() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    first, _ = await stage.seats()

    await decline_seat(stage.world.scheme, seat=first.id)
    await decline_seat(stage.world.scheme, seat=first.id)
    await stage.draw()

    seats = await stage.seats()
    assert [seat.number for seat in seats] == [2, 3]
    assert first.auditor not in {seat.auditor for seat in seats}
    assert (await stage.kinds()).count("seat-redrawn") == 1
    assert await PayEntry.count() == 0


async def test_rule_24a_a_case_handed_back_is_paid_for_the_time_given() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    seat = (await stage.accept_all())[0]

    await hand_back_seat(stage.world.scheme, seat=seat.id, hours=Decimal(1))

    entry = await PayEntry.objects().first()
    assert entry is not None
    assert entry.hours == Decimal(1)
    assert (entry.amount_pence, entry.payer) == (2500, "hub")
    owed = await Obligation.objects().where(Obligation.id == entry.obligation).first()
    assert owed is not None
    assert (owed.kind, owed.owner) == ("auditor-pay", "hub")
    assert repr(owed.organisation) == "None"
    assert (await stage.the_case()).state == "waiting"


async def test_rule_20_a_tie_declared_while_seated_gives_the_seat_to_another() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    seat = (await stage.seats())[0]
    organisation = stage.organisation
    await declare_interest(
        stage.world.scheme, auditor=seat.auditor, organisation=organisation, tie="other"
    )

    assert seat.id not in {seat.id for seat in await stage.seats()}
    with pytest.raises(SeatNotOpen):
        await accept_seat(stage.world.scheme, seat=seat.id)


async def test_rule_35_a_late_seat_is_drawn_again_five_days_after_its_date() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    await stage.accept_all()
    stage.world.pass_days(21 + 4)
    assert await redraw_late_seats(stage.world.scheme) == 0

    stage.world.pass_days(1)

    assert await redraw_late_seats(stage.world.scheme) == 2
    assert await redraw_late_seats(stage.world.scheme) == 0
    assert (await stage.the_case()).state == "waiting"
    assert await Obligation.count().where(Obligation.state == "closed") == 2


async def test_rule_20_no_panel_for_30_days_raises_the_flag_and_a_panel_lowers_it() -> None:
    stage = await Stage().set(auditors=1)
    await stage.report()
    stage.world.pass_days(29)
    await stage.draw()
    assert "no-panel-available" not in await stage.kinds()

    stage.world.pass_days(1)
    await stage.draw()
    await stage.draw()

    assert (await stage.kinds()).count("no-panel-available") == 1
    assert "no-panel-available" in (await stage.standing()).flags
    await stage.hire(7)
    await stage.draw()
    assert "no-panel-available" not in (await stage.standing()).flags


async def test_rule_24_nobody_holds_more_than_three_open_cases() -> None:
    stage = await Stage().set(auditors=2, due_in=900)
    for number in range(2, 5):
        await stage.add_milestone(number, due_in=900)
    for milestone in range(1, 5):
        await stage.report(milestone=milestone)
        await stage.draw()
        stage.world.pass_days(92)

    assert await Case.count() == 4
    assert await Seat.count() == 6


async def test_a_list_on_which_everybody_has_a_tie_by_now_is_spent_and_sealed_again() -> None:
    stage = await Stage().set(auditors=2)
    await stage.report()
    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())
    for auditor in stage.auditors:
        await declare_interest(
            stage.world.scheme, auditor=auditor, organisation=stage.organisation, tie="other"
        )
    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())
    assert "panel-drawn" not in await stage.kinds()
    await stage.hire(5)
    await stage.hire(6)

    await stage.draw()

    assert {seat.auditor for seat in await stage.seats()} == set(stage.auditors[2:])


async def test_rule_20_a_panel_drawn_short_is_filled_by_the_next_draw() -> None:
    stage = await Stage().set(auditors=2)
    await stage.report()
    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())
    await declare_interest(
        stage.world.scheme,
        auditor=stage.auditors[0],
        organisation=stage.organisation,
        tie="employed",
    )
    await draw_waiting_panels(stage.world.scheme, seed=stage.next_root())
    assert (await stage.the_case()).state == "waiting"
    late = await stage.hire(5)

    await stage.draw()

    assert [seat.auditor for seat in await stage.seats()] == [stage.auditors[1], late]
    assert (await stage.the_case()).state == "drawn"


async def test_rule_20_the_clock_of_a_panel_that_cannot_be_drawn_stands_still() -> None:
    stage = await Stage().set(auditors=1)
    await ask_for_more_time(
        stage.world.scheme,
        organisation=stage.organisation,
        obligation=stage.obligation,
        days=10,
        reason="The hall is closed.",
    )
    stage.world.pass_days(30)
    await stage.draw()
    pauses = await Pause.objects().where(Pause.why == "no-panel-available")
    assert [repr(pause.until) for pause in pauses] == ["None"]
    await stage.hire(5)
    await stage.hire(6)

    await stage.draw()

    assert await Pause.count().where(Pause.why == "no-panel-available", Pause.until.is_null()) == 0


async def test_a_steward_has_an_open_seat_drawn_again_in_public_and_for_a_reason() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    before = (await stage.seats())[0].auditor

    await ask_for_redraw(
        stage.world.scheme, case=1, seat=1, why="no-answer", steward_employer_domain=ELSEWHERE
    )
    await stage.draw()

    seats = await stage.seats()
    assert [seat.number for seat in seats] == [2, 3]
    assert before not in {seat.auditor for seat in seats}
    assert (await stage.kinds()).count("redraw-asked") == 1


async def test_a_redraw_is_refused_for_a_sealed_seat_an_unknown_one_or_no_reason() -> None:
    stage = await Stage().set()
    report = await stage.report()
    await stage.draw()
    seat = (await stage.accept_all())[0]
    await stage.seal(seat, report, "accepted")
    scheme = stage.world.scheme

    for number in (1, 9):
        with pytest.raises(SeatNotOpen):
            await ask_for_redraw(
                scheme, case=1, seat=number, why="no-answer", steward_employer_domain=ELSEWHERE
            )
    with pytest.raises(InvalidInput):
        await ask_for_redraw(
            scheme, case=1, seat=2, why="too-strict", steward_employer_domain=ELSEWHERE
        )
    with pytest.raises(NotFound):
        await ask_for_redraw(
            scheme, case=7, seat=1, why="no-answer", steward_employer_domain=ELSEWHERE
        )
    await Organisation.update({Organisation.domain: "borough.example"}, force=True)
    with pytest.raises(TieToOrganisation):
        await ask_for_redraw(
            scheme, case=1, seat=2, why="no-answer", steward_employer_domain=ELSEWHERE
        )
