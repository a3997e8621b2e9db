"""One transaction: rows, events, standing and work, all or nothing."""

import json

import asyncpg
import pytest

from charter.history.events import Fact
from charter.history.kinds import FactsDoNotMatch
from charter.history.queries import events_of
from charter.history.tables import Event, OutboxMessage
from charter.ledger import MOST_AT_ONCE, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.standing.tables import CurrentStanding
from tests.world import World, harbour_lights

pytestmark = pytest.mark.usefixtures("database")


async def sign(world: World) -> None:
    organisation = await harbour_lights(world)
    async with transaction(world.scheme) as tx:
        tx.record(
            "identity-accepted",
            {"how": "domain-mail", "band": "standard"},
            organisation=organisation.id,
            by="steward",
        )
        tx.record(
            "charter-signed",
            {"version": "1.0", "digest": "sha256:00", "spell": 1, "sponsor_role": "Director"},
            organisation=organisation.id,
            by="sponsor",
        )
        await open_obligation(tx, "plan", organisation=organisation.id)


async def test_the_standing_follows_in_the_same_transaction() -> None:
    world = World()
    await sign(world)

    row = await CurrentStanding.objects().first()

    assert row is not None
    assert row.standing == "plan-due"
    assert row.level == "signatory"
    kinds = [event.kind for event in await events_of(row.organisation)]
    assert kinds == [
        "identity-accepted",
        "charter-signed",
        "obligation-opened",
        "standing-changed",
        "level-changed",
    ]


async def test_nothing_is_kept_of_a_use_case_that_fails() -> None:
    world = World()
    organisation = await harbour_lights(world)

    with pytest.raises(FactsDoNotMatch):  # noqa: PT012 - the transaction is what must fail
        async with transaction(world.scheme) as tx:
            await open_obligation(tx, "plan", organisation=organisation.id)
            tx.send("mail", "once", {})
            tx.record("charter-signed", {}, organisation=organisation.id, by="sponsor")

    assert await Event.count() == 0
    assert await OutboxMessage.count() == 0


async def test_events_of_one_transaction_keep_their_order_however_many_there_are() -> None:
    many = 2 * MOST_AT_ONCE + 1
    async with transaction(World().scheme) as tx:
        for minutes in range(many):
            facts: dict[str, Fact] = {"day": "2026-01-05", "minutes": minutes}
            tx.record("outage-recorded", facts, by="steward")

    kept = await Event.select(Event.data).order_by(Event.id)

    assert [json.loads(row["data"])["minutes"] for row in kept] == list(range(many))


async def test_asking_twice_for_the_same_work_leaves_it_once() -> None:
    world = World()
    for _ in range(2):
        async with transaction(world.scheme) as tx:
            tx.send("mail", "the same key", {"to": "lead"})

    assert await OutboxMessage.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
async def test_an_event_can_be_neither_changed_nor_deleted(
    statement: str, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    world = World()
    await sign(world)

    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await Event.raw(statement)


async def test_public_words_cannot_be_changed_quietly() -> None:
    world = World()
    async with transaction(world.scheme) as tx:
        await tx.publish_words("pledge", {"title": "Interview panels that look like the town"})

    with pytest.raises(asyncpg.RestrictViolationError):
        await Event.raw("UPDATE public_text SET words = '{{}}'")


async def test_meeting_an_obligation_twice_is_recorded_once() -> None:
    world = World()
    organisation = await harbour_lights(world)
    async with transaction(world.scheme) as tx:
        owed = await open_obligation(tx, "plan", organisation=organisation.id)
    for _ in range(2):
        async with transaction(world.scheme) as tx:
            await meet_obligation(tx, owed)

    assert await Event.count().where(Event.kind == "obligation-met") == 1
