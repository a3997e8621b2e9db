"""Paying auditors: owed for each case, confirmed by the payee, and no new panels while unpaid."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.tables import Event
from charter.obligations.tables import Obligation
from charter.reviews import pay, unpaid
from charter.reviews.hub import hub_queue
from charter.reviews.lottery import PanelsStopped
from charter.reviews.pay import NotYetPaid
from charter.reviews.pay_queries import entry_is_of, pay_ledger
from charter.reviews.queries import auditor_tasks
from charter.reviews.service import (
    confirm_payment,
    count_silence_as_received,
    decline_payment,
    dispute_payment,
    draw_waiting_panels,
    look_for_unpaid_work,
    record_payment,
    seal_eligible_list,
)
from charter.reviews.tables import Auditor, PayEntry
from tests.charter.reviews.stage import NOBODY, Stage
from tests.world import the_pack

pytestmark = pytest.mark.usefixtures("database")


async def earned() -> tuple[Stage, list[PayEntry]]:
    stage = await Stage().set(auditors=8)
    await stage.judge(await stage.report(), "accepted", "accepted")
    return stage, await PayEntry.objects().order_by(PayEntry.id)


async def clock_of(entry: PayEntry) -> Obligation:
    row = await Obligation.objects().where(Obligation.id == entry.obligation).first()
    assert row is not None
    return row


@pytest.mark.parametrize(("days", "stops"), [(29, False), (30, True), (31, True)])
def test_rule_24_work_unpaid_for_30_days_stops_new_panels(
    days: int,
    stops: bool,  # noqa: FBT001 - a column of the table
) -> None:
    today = date(2026, 4, 1)

    assert unpaid.stops_new_panels(
        [today, today - timedelta(days=days)], today=today, most_days=30
    ) is (stops)
    assert not unpaid.stops_new_panels([], today=today, most_days=30)


def test_rule_24a_every_tenth_case_brings_a_paid_hour_of_debrief() -> None:
    numbers = the_pack().numbers.pay

    assert [pay.debrief_earned(done, numbers) for done in (1, 9, 10, 11, 20)] == [0, 0, 1, 0, 1]


async def test_rule_24_each_decided_seat_is_owed_a_fee_within_14_days() -> None:
    stage, entries = await earned()

    assert [entry.hours for entry in entries] == [Decimal(3), Decimal(3)]
    assert [entry.amount_pence for entry in entries] == [7500, 7500]
    clock = await clock_of(entries[0])
    assert (clock.owner, clock.kind) == ("hub", "auditor-pay")
    assert (clock.due_on - stage.world.scheme.today()).days == 14


async def test_rule_24_the_payee_confirms_and_only_then_is_it_met() -> None:
    stage, [entry, _] = await earned()
    with pytest.raises(NotYetPaid):
        await confirm_payment(stage.world.scheme, entry=entry.id)
    await record_payment(stage.world.scheme, entry=entry.id, kind="voucher")
    await record_payment(stage.world.scheme, entry=entry.id, kind="fee")
    assert (await clock_of(entry)).state == "open"

    await confirm_payment(stage.world.scheme, entry=entry.id)
    await confirm_payment(stage.world.scheme, entry=entry.id)

    assert (await clock_of(entry)).state == "met"
    said = await Event.select(Event.data).where(Event.kind == "payment-confirmed")
    assert len(said) == 1
    assert await Event.count().where(Event.kind == "payment-made") == 1


async def test_rule_24_silence_of_30_days_counts_as_received() -> None:
    stage, [entry, _] = await earned()
    await record_payment(stage.world.scheme, entry=entry.id, kind="fee")
    stage.world.pass_days(29)
    assert await count_silence_as_received(stage.world.scheme) == 0

    stage.world.pass_days(1)

    assert await count_silence_as_received(stage.world.scheme) == 1
    assert await count_silence_as_received(stage.world.scheme) == 0
    assert (await clock_of(entry)).state == "met"


async def test_rule_24_a_payee_who_got_nothing_says_so_and_it_is_owed_again() -> None:
    stage, [entry, _] = await earned()
    await record_payment(stage.world.scheme, entry=entry.id, kind="fee")

    await dispute_payment(stage.world.scheme, entry=entry.id)

    stage.world.pass_days(60)
    assert await count_silence_as_received(stage.world.scheme) == 0
    assert (await clock_of(entry)).state == "open"


async def test_rule_24_only_the_payee_can_decline_to_be_paid() -> None:
    stage, [entry, _] = await earned()
    with pytest.raises(InvalidInput):
        await record_payment(stage.world.scheme, entry=entry.id, kind="declined")

    await decline_payment(stage.world.scheme, entry=entry.id)

    assert (await clock_of(entry)).state == "met"
    assert await Event.count().where(Event.kind == "payment-made") == 0


async def test_rule_24_no_panel_is_drawn_while_review_work_is_unpaid() -> None:
    stage, entries = await earned()
    await stage.add_milestone(2, due_in=60)
    await stage.report(milestone=2)
    stage.world.pass_days(30)
    assert await draw_waiting_panels(stage.world.scheme, seed=stage.next_root()) == 0
    case = await stage.the_case()
    with pytest.raises(PanelsStopped):
        await seal_eligible_list(stage.world.scheme, case=case.id)

    for entry in entries:
        await record_payment(stage.world.scheme, entry=entry.id, kind="fee")
    await stage.draw()

    assert len(await stage.seats()) == 2


async def test_an_auditor_sees_tasks_and_pay_and_nobody_elses() -> None:
    stage, entries = await earned()
    mine = await Auditor.objects().where(Auditor.id == (await stage.seats())[0].auditor).first()
    assert mine is not None

    me = stage.world.scheme.seals.open(mine.account_sealed)
    tasks = await auditor_tasks(stage.world.scheme, me)
    [line] = await pay_ledger(stage.world.scheme, me)

    assert [task.state for task in tasks.done] == ["decided"]
    assert tasks.done[0].pay_pence == 7500
    assert line.state == "due"
    owners = [await entry_is_of(stage.world.scheme, entry.id, me) for entry in entries]
    assert sorted(owners) == [False, True]
    with pytest.raises(NotFound):
        await auditor_tasks(stage.world.scheme, NOBODY)


async def test_the_hub_sees_what_it_owes_by_harm_and_lateness_and_no_account() -> None:
    stage, _ = await earned()
    stage.world.pass_days(20)

    queue = await hub_queue(stage.world.scheme)

    assert [task.kind for task in queue.tasks] == ["auditor-pay", "auditor-pay"]
    assert [line.days_late for line in queue.pay] == [6, 6]


async def test_rule_24_that_panels_stop_is_told_once_and_that_they_are_drawn_again() -> None:
    stage, [first, second] = await earned()
    stage.world.pass_days(30)
    assert await look_for_unpaid_work(stage.world.scheme)
    assert await look_for_unpaid_work(stage.world.scheme)
    assert await unpaid.panels_are_stopped()

    await record_payment(stage.world.scheme, entry=first.id, kind="fee")
    assert await unpaid.panels_are_stopped()
    await decline_payment(stage.world.scheme, entry=second.id)

    assert not await unpaid.panels_are_stopped()
    told = await Event.select(Event.kind).where(
        Event.kind.is_in(["panels-stopped", "panels-resumed"])
    )
    assert [row["kind"] for row in told] == ["panels-stopped", "panels-resumed"]
    await dispute_payment(stage.world.scheme, entry=first.id)
    assert await unpaid.panels_are_stopped()


async def test_rule_24_hours_of_one_auditor_are_pooled_over_all_signatories() -> None:
    stage, _ = await earned()
    await PayEntry.update({PayEntry.hours: Decimal(22)}, force=True)
    given = {seat.auditor for seat in await stage.seats()}
    await stage.add_milestone(2)
    await stage.report(milestone=2)
    await stage.draw()

    drawn = {seat.auditor for seat in await stage.seats()}

    assert len(drawn) == 2
    assert not drawn & given
