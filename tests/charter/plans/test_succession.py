"""What a successor takes over: row 14."""

from uuid import UUID

import pytest

from charter.history.events import Fact
from charter.history.queries import events_of
from charter.ledger import transaction
from charter.obligations.service import meet_obligation, open_obligations, paused_days
from charter.obligations.standstill import pause_for_hub, resume_for_hub
from charter.organisations.service import merge_organisation
from charter.plans.queries import find_published_pledge
from charter.plans.service import answer_type, confirm_session, end_pledges
from charter.reviews.tables import PayEntry
from charter.signing.service import sign_charter
from charter.standing.assessment import Assessment, assess
from charter.standing.walk import walk
from charter.standing.words import Level, Result, Standing
from tests.charter.acting import (
    SPONSOR,
    TYPES,
    YES,
    accept,
    answer_for,
    apply,
    hold_session,
    owes,
    published,
)
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")


async def successor_of(world: World, organisation: UUID) -> UUID:
    """Have Tideway Arts, which has signed, continue an organisation."""
    successor = await apply(world, name="Tideway Arts", identifiers=())
    await accept(world, successor)
    await sign_charter(world.scheme, organisation=successor, account=SPONSOR)
    await merge_organisation(world.scheme, organisation=organisation, into=successor)
    return successor


async def answer(world: World, organisation: UUID) -> Assessment:
    found = assess(await events_of(organisation), world.scheme.now(), the_pack())
    assert found is not None
    return found


async def test_pledges_go_over_with_versions_dates_and_what_is_owed() -> None:
    world = World()
    organisation = await published(world)
    before = await open_obligations(organisation)
    successor = await successor_of(world, organisation)

    assert await owes(organisation) == []
    after = await open_obligations(successor, "evidence")
    assert [(row.pledge, row.milestone, row.due_on) for row in after] == [
        (row.pledge, row.milestone, row.due_on) for row in before
    ]
    old = await find_published_pledge(organisation, 3)
    new = await find_published_pledge(successor, 3)
    assert old is not None
    assert new is not None
    assert (new.versions, new.milestones) == (old.versions, old.milestones)


async def test_a_verdict_given_before_stands_with_the_successor() -> None:
    world = World()
    organisation = await published(world)
    facts: dict[str, Fact] = {
        "case": 1,
        "type": TYPES[0],
        "verdict": "accepted",
        "worked": "partly",
        "final": False,
    }
    async with transaction(world.scheme) as tx:
        for milestone in (1, 2):
            owed = (await open_obligations(organisation, "evidence"))[0]
            await meet_obligation(tx, owed)
            tx.record(
                "verdict-published",
                {**facts, "pledge": 1, "milestone": milestone},
                organisation=organisation,
                by="auditors",
            )
    successor = await successor_of(world, organisation)

    assert (await answer(world, successor)).pledge_results[1] is Result.PARTLY_KEPT


@pytest.mark.parametrize("confirmed", [True, False])
async def test_agreement_of_communities_goes_over_and_a_mere_claim_does_not(
    *, confirmed: bool
) -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    if confirmed:
        await confirm_session(world.scheme, token=held.tokens[0], answer=YES)
    successor = await successor_of(world, organisation)
    for type_id in TYPES:
        await answer_type(world.scheme, organisation=successor, answer=answer_for(type_id))
    reasons = {reason.text for reason in (await answer(world, successor)).reasons}

    assert ("Pledge 1 is not confirmed by communities." in reasons) is not confirmed


async def test_the_successor_pays_those_whom_the_merged_organisation_owed() -> None:
    world = World()
    organisation = await published(world)
    held = await hold_session(world, organisation)
    successor = await successor_of(world, organisation)
    (owed,) = await open_obligations(successor, "co-design-pay")
    (entry,) = await PayEntry.objects()
    assert entry.obligation == owed.id
    for token in held.tokens:
        await confirm_session(world.scheme, token=token, answer=YES)

    assert await owes(successor, "co-design-pay") == []


async def test_the_page_of_the_merged_organisation_stays() -> None:
    world = World()
    organisation = await published(world)
    successor = await successor_of(world, organisation)

    left = await answer(world, organisation)
    assert left.standing is Standing.WITHDRAWN
    assert sorted(left.pledge_results) == [1, 2, 3, 4, 5]
    here = await answer(world, successor)
    assert (here.standing, here.level) == (Standing.PLAN_DUE, Level.SIGNATORY)


async def test_what_a_pledge_that_is_over_still_owes_goes_over_with_it() -> None:
    world = World()
    organisation = await published(world)
    world.pass_days(366)
    assert await end_pledges(world.scheme) == 5
    successor = await successor_of(world, organisation)

    assert await owes(successor, "evidence") == [
        ("evidence", number, milestone) for number in range(1, 6) for milestone in (1, 2)
    ]
    over = await find_published_pledge(successor, 1)
    assert over is not None
    assert (await answer(world, successor)).pledge_results[1] is Result.LATE


async def test_days_on_which_a_clock_stood_still_are_not_counted_against_the_successor() -> None:
    world = World()
    organisation = await published(world)
    stopped, *_ = await open_obligations(organisation, "evidence")
    for waits in (10, 5):
        await pause_for_hub(
            world.scheme, obligation=stopped.id, why="hub-late", steward_employer_domain="hub"
        )
        world.pass_days(waits)
        if waits == 10:
            await resume_for_hub(world.scheme, obligation=stopped.id)
    successor = await successor_of(world, organisation)

    after = await open_obligations(successor, "evidence")
    assert [await paused_days(the_pack(), row) for row in after[:2]] == [15, 0]
    world.pass_days(400)
    known = walk(await events_of(successor), world.scheme.now(), the_pack()).known
    today = world.scheme.today()
    assert known.owed[after[0].id].days_late(today) == (today - stopped.due_on).days - 15
