"""A date that moves: its milestone reads it, and a clock that stands still stays so (rule 32)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from charter.history.queries import events_of
from charter.ledger import transaction
from charter.obligations.outages import record_outage
from charter.obligations.service import find_obligation, open_obligation, open_obligations
from charter.obligations.standstill import pause_for_hub
from charter.obligations.tables import Obligation
from charter.obligations.wrong_facts import (
    CorrectionNeedsTwo,
    confirm_correction,
    facts_in_force,
    propose_correction,
)
from charter.plans.reading import dates_in_force
from charter.plans.tables import Pledge
from tests.charter.acting import OTHER_STEWARD, STEWARD, published
from tests.charter.obligations.owing import names, sweep
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

HUB = "hub.example"


async def first_evidence(organisation: UUID) -> Obligation:
    """Return what is owed for the first milestone of the first pledge."""
    return (await open_obligations(organisation, "evidence"))[0]


async def dates_of(owed: Obligation) -> list[date]:
    """Return the dates in force of the pledge that something is owed for."""
    pledge = await Pledge.objects().get(Pledge.number == owed.pledge)
    assert pledge is not None
    return await dates_in_force(pledge.id)


async def put_right(world: World, owed: Obligation, value: date, *, by: UUID) -> None:
    """Have one steward propose another date for what is owed, and somebody confirm it."""
    facts = facts_in_force(await events_of(owed.organisation))
    number = await propose_correction(
        world.scheme,
        steward=STEWARD,
        steward_employer_domain=HUB,
        event=next(fact.event for fact in facts if fact.obligation == owed.id),
        value=value.isoformat(),
        reason="The month was mistyped.",
        organisation=owed.organisation,
    )
    await confirm_correction(world.scheme, steward=by, steward_employer_domain=HUB, number=number)


@pytest.mark.parametrize("by", ["outage", "correction"])
async def test_a_date_that_moves_while_its_clock_stands_still_wakes_no_chase(by: str) -> None:
    world = World()
    owed = await first_evidence(await published(world))
    world.pass_days((owed.due_on - world.scheme.today()).days)
    await sweep(world)
    await pause_for_hub(
        world.scheme, obligation=owed.id, why="hub-late", steward_employer_domain=HUB
    )
    before = await names()
    if by == "outage":
        await record_outage(world.scheme, day=owed.due_on, minutes=90)
    else:
        await put_right(world, owed, owed.due_on - timedelta(days=30), by=OTHER_STEWARD)

    await Obligation.update({Obligation.next_step_on: None}).where(Obligation.id != owed.id)
    await sweep(world, 12)

    assert await names() == before
    assert (await find_obligation(owed.id)).next_step_on is None


async def test_a_milestone_reads_a_date_that_two_stewards_put_right() -> None:
    world = World()
    owed = await first_evidence(await published(world))
    right = owed.due_on + timedelta(days=31)
    with pytest.raises(CorrectionNeedsTwo):
        await put_right(world, owed, right, by=STEWARD)
    assert await dates_of(owed) == [owed.due_on, owed.due_on.replace(month=11)]

    await put_right(world, owed, right, by=OTHER_STEWARD)
    assert await dates_of(owed) == [right, owed.due_on.replace(month=11)]


async def test_an_outage_on_the_day_of_a_reply_leaves_the_date_of_its_milestone() -> None:
    world = World()
    owed = await first_evidence(await published(world))
    dates = await dates_of(owed)
    async with transaction(world.scheme) as tx:
        reply = await open_obligation(
            tx,
            "more-needed-reply",
            organisation=owed.organisation,
            subject=owed.subject,
            pledge=owed.pledge,
            milestone=owed.milestone,
        )
    world.pass_days(14)
    assert await record_outage(world.scheme, day=reply.due_on, minutes=60) == 1

    assert (await find_obligation(reply.id)).due_on > reply.due_on
    assert await dates_of(owed) == dates


async def test_an_outage_on_the_day_of_a_milestone_moves_it_and_it_may_be_moved_once_more() -> None:
    world = World()
    owed = await first_evidence(await published(world))
    world.pass_days((owed.due_on - world.scheme.today()).days)
    await record_outage(world.scheme, day=owed.due_on, minutes=60)

    moved = (await find_obligation(owed.id)).due_on
    assert moved > owed.due_on
    assert (await dates_of(owed))[0] == moved
