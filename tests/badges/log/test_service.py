"""Appending what was committed and signing what was appended, on a real database."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from badges.log import queries, store
from badges.log.checkpoint import open_checkpoint
from badges.log.checkpoint_file import CheckpointFile
from badges.log.entry import SequencedEvent, entry_of
from badges.log.errors import Malformed, NotInLog, OutOfOrder, SigningRefused
from badges.log.events import RegisterEvents, codes_of_registered
from badges.log.note import Ed25519Signer
from badges.log.proof import read_proof, verify_proof
from badges.log.rules import Signed, assess_signing_due, assess_stale
from badges.log.service import EventSource, append_committed_events, sign_checkpoint
from badges.log.tables import LogCheckpoint, LogLeaf
from badges.log.tiles import Bundle, Tile, unpack_entries, unpack_hashes
from badges.log.tree import Place, Span, proves_consistency
from badges.tables import Badge
from charter.history.queries import events_after
from charter.ledger import transaction
from charter.organisations.tables import Identifier
from tests.badges.log.logs import NOON, ORIGIN, LogWorld, key
from tests.badges.log.trees import GrownTree
from tests.world import World, harbour_lights


@pytest.fixture
def world(database: str, tmp_path: Path) -> LogWorld:
    assert database
    return LogWorld(tmp_path)


def tree_of(world: LogWorld) -> GrownTree:
    tree = GrownTree()
    tree.append(*map(entry_of, world.events.committed))
    return tree


# --- appending -------------------------------------------------------------------------------


async def test_every_committed_event_becomes_an_entry_in_its_order(world: LogWorld) -> None:
    await world.append(300)
    size = await store.read_size()
    assert await store.read_entries(Span(0, size)) == [
        entry_of(event) for event in world.events.committed
    ]


async def test_the_tree_in_the_database_is_the_tree_of_the_entries(world: LogWorld) -> None:
    for batch in (1, 1, 5, 250, 43):
        await world.append(batch)
    tree = tree_of(world)
    assert await store.read_nodes(tree.nodes) == tree.nodes
    assert (await LogLeaf.raw("SELECT count(*) FROM log_node"))[0]["count"] == len(tree.nodes)


async def test_a_limit_is_kept_and_the_rest_follows(world: LogWorld) -> None:
    world.events.happen(5)
    counts = [await append_committed_events(source=world.events, limit=2) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


async def test_eight_sequencers_at_once_append_each_event_once(world: LogWorld) -> None:
    async def sequence() -> None:
        for _ in range(20):
            world.events.happen(1)
            await append_committed_events(source=world.events, limit=3)

    await asyncio.gather(*(sequence() for _ in range(8)))
    await world.append(0)
    rows = await LogLeaf.raw("SELECT idx, event_id FROM log_leaf ORDER BY idx")
    assert [row["idx"] for row in rows] == list(range(160))
    assert [row["event_id"] for row in rows] == [event.id for event in world.events.committed]
    tree = tree_of(world)
    assert await store.read_nodes(tree.nodes) == tree.nodes


@dataclass
class Unordered:
    """A source that breaks its promise."""

    events: Sequence[SequencedEvent]

    async def committed_events_after(self, event_id: int, limit: int) -> Sequence[SequencedEvent]:
        assert event_id >= 0
        return self.events[:limit]


@pytest.mark.parametrize("ids", [(3, 2), (2, 2), (0,)])
async def test_events_out_of_order_are_refused_whole(world: LogWorld, ids: Sequence[int]) -> None:
    event = SequencedEvent(id=0, kind="merged", recorded_at=NOON)
    source: EventSource = Unordered([replace(event, id=number) for number in ids])
    with pytest.raises(OutOfOrder):
        await append_committed_events(source=source)
    assert world.events.committed == []
    assert await store.read_size() == 0


async def test_an_event_that_may_not_be_told_stops_the_log_before_it(world: LogWorld) -> None:
    world.events.happen(2)
    world.events.committed.append(
        SequencedEvent(id=99, kind="Words about a person", recorded_at=NOON)
    )
    with pytest.raises(Malformed):
        await append_committed_events(source=world.events)
    assert await store.read_size() == 0


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_leaf SET entry = 'x'",
        "DELETE FROM log_leaf",
        "TRUNCATE log_leaf",
        "UPDATE log_node SET hash = hash",
        "DELETE FROM log_node",
        "DELETE FROM log_checkpoint",
    ],
)
async def test_the_log_can_be_neither_changed_nor_shortened(
    statement: str, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await LogLeaf.raw(statement)


async def test_the_register_s_own_events_are_told_without_words(world: LogWorld) -> None:
    region = World()
    organisation = await harbour_lights(region)

    async def handles(ids: Iterable[UUID]) -> Mapping[UUID, str]:
        assert list(ids) == [organisation.id]
        return {organisation.id: "K7P2M9Q4XA"}

    async with transaction(region.scheme) as tx:
        words = await tx.publish_words("report", {"text": "What the panel said"})
        tx.record("key-changed", {"change": "added", "did_digest": "00"}, by="system")
        tx.record(
            "reply-received", {"case": 3}, organisation=organisation.id, by="lead", words=words
        )
        tx.record(
            "standing-changed",
            {"from": None, "to": "plan-due", "row": 1, "days_late": 0},
            organisation=organisation.id,
            by="system",
        )
        tx.record(
            "badge-edition-issued",
            {"code": "K7P2M9Q4XA", "edition": 1, "sha256": "00", "valid_until": "2026-12-01"},
            organisation=organisation.id,
            by="system",
        )
    recorded = await events_after(0, limit=100)
    told = await RegisterEvents(handles).committed_events_after(0, 100)
    assert [event.id for event in told] == [event.id for event in recorded]
    by_kind = {event.kind: event for event in told}
    assert by_kind["key-changed"].handle is None
    reply = by_kind["reply-received"]
    assert reply.recorded_at == region.scheme.now().replace(hour=0, minute=0)
    assert (reply.handle, reply.edition) == ("K7P2M9Q4XA", None)
    assert reply.commitment == words.commitment
    assert b"panel" not in entry_of(reply)
    assert by_kind["badge-edition-issued"].edition == 1
    assert by_kind["standing-changed"].standing == "plan-due"
    assert await append_committed_events(source=RegisterEvents(handles)) == len(recorded)
    indexes = await queries.indexes_of([recorded[-1].id, 10**6])
    assert indexes == {recorded[-1].id: len(recorded) - 1}
    assert world.events.committed == []


@pytest.mark.usefixtures("database")
async def test_only_bodies_that_a_register_lists_are_named() -> None:
    region = World()
    organisation = await harbour_lights(region)
    badge = Badge(
        id=organisation.id,
        organisation=organisation.id,
        code="K7P2M9Q4XA",
        page_state="plan-due",
        opened_at=region.scheme.now(),
    )
    await badge.save()
    handles = codes_of_registered("LCR-GRP")
    carried = [("LCR-GRP", "HARBOUR-LIGHTS", False), ("GB-COH", "01234567", True)]
    for scheme, identifier, released in carried:
        await Identifier(
            organisation=organisation.id,
            scheme=scheme,
            identifier=identifier,
            released=released,
        ).save()
    assert await handles([organisation.id]) == {}
    await Identifier(organisation=organisation.id, scheme="GB-CHC", identifier="1099999").save()
    assert await handles([organisation.id]) == {organisation.id: "K7P2M9Q4XA"}


# --- signing ---------------------------------------------------------------------------------


async def test_a_checkpoint_states_the_root_over_the_entries(world: LogWorld) -> None:
    await world.append(75)
    checkpoint = await sign_checkpoint(log=world.log)
    assert checkpoint is not None
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 75)
    assert checkpoint.root == tree_of(world).root(75)
    published = await queries.newest_checkpoint()
    assert published is not None
    assert open_checkpoint(published.note.encode(), world.log.keys)[0] == checkpoint
    assert world.log.remembered.read() == published.note.encode()


@pytest.mark.usefixtures("world")
async def test_an_empty_log_is_signed_too(world: LogWorld) -> None:
    checkpoint = await sign_checkpoint(log=world.log)
    assert checkpoint is not None
    assert checkpoint.size == 0


def test_signing_is_due_after_a_minute_when_the_log_grew_and_after_a_day_when_not() -> None:
    last = Signed(7, NOON)
    minute, day, two_days = timedelta(minutes=1), timedelta(days=1), timedelta(days=2)
    assert assess_signing_due(size=0, last=None, now=NOON)
    assert assess_signing_due(size=8, last=last, now=NOON + minute)
    assert not assess_signing_due(size=8, last=last, now=NOON + minute - timedelta(seconds=1))
    assert not assess_signing_due(size=7, last=last, now=NOON + day - minute)
    assert assess_signing_due(size=7, last=last, now=NOON + day)
    assert not assess_stale(last=last, now=NOON + two_days)
    assert assess_stale(last=last, now=NOON + two_days + minute)


async def test_nothing_is_signed_before_it_is_due(world: LogWorld) -> None:
    await world.append(1)
    assert await sign_checkpoint(log=world.log)
    await world.append(1)
    assert await sign_checkpoint(log=world.log) is None
    world.clock.set(NOON + timedelta(seconds=60))
    assert await sign_checkpoint(log=world.log)


async def test_a_heartbeat_renews_the_time_of_the_same_checkpoint(world: LogWorld) -> None:
    await world.append(3)
    await sign_checkpoint(log=world.log)
    world.clock.set(NOON + timedelta(days=1))
    await sign_checkpoint(log=world.log)
    published = await queries.newest_checkpoint()
    assert published is not None
    assert published.signed_at == NOON + timedelta(days=1)
    assert await LogCheckpoint.count() == 1


async def test_every_checkpoint_extends_the_one_before(world: LogWorld) -> None:
    signed = []
    for count in (1, 2, 5, 300, 1, 60):
        await world.append(count)
        world.clock.set(world.clock.at + timedelta(minutes=1))
        signed.append(await sign_checkpoint(log=world.log))
    for old in signed:
        for new in signed[signed.index(old) :]:
            assert old is not None
            assert new is not None
            assert proves_consistency(
                old=old.size,
                new=new.size,
                old_root=old.root,
                new_root=new.root,
                proof=await queries.consistency_proof(old.size, new.size),
            )


async def as_owner(url: str, *statements: str) -> None:
    """Do what only the owner of the database can: rewrite the log."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


ROLLED_BACK = (
    "DELETE FROM log_leaf WHERE idx >= 4",
    "DELETE FROM log_node WHERE (idx + 1) << level > 4",
    "DELETE FROM log_checkpoint WHERE size > 4",
)


async def test_a_restored_older_database_is_not_signed(world: LogWorld, owner_url: str) -> None:
    await world.append(9)
    await sign_checkpoint(log=world.log)
    await as_owner(owner_url, *ROLLED_BACK)
    with pytest.raises(SigningRefused, match="has 4 entries, but 9 were signed"):
        await sign_checkpoint(log=world.log)


async def test_a_restored_database_that_went_its_own_way_is_not_signed(
    world: LogWorld, owner_url: str
) -> None:
    await world.append(9)
    await sign_checkpoint(log=world.log)
    await as_owner(owner_url, *ROLLED_BACK)
    del world.events.committed[4:]
    world.events.committed.append(
        SequencedEvent(id=1000, kind="merged", recorded_at=NOON, facts={"into": "another"})
    )
    await world.append(20)
    with pytest.raises(SigningRefused, match="are not those that were signed"):
        await sign_checkpoint(log=world.log)


async def test_a_log_whose_memory_is_gone_is_not_signed(world: LogWorld) -> None:
    await world.append(1)
    await sign_checkpoint(log=world.log)
    await world.append(1)
    world.clock.set(NOON + timedelta(minutes=1))
    world.log.remembered.path.unlink()
    with pytest.raises(SigningRefused, match="is gone"):
        await sign_checkpoint(log=world.log)


async def test_a_memory_that_this_log_did_not_sign_is_not_believed(world: LogWorld) -> None:
    await world.append(1)
    stranger = replace(world.log, signers=(Ed25519Signer(ORIGIN, key(9)),))
    await sign_checkpoint(log=stranger)
    world.clock.set(NOON + timedelta(days=1))
    with pytest.raises(SigningRefused, match="does not hold a checkpoint signed by this log"):
        await sign_checkpoint(log=world.log)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE log_leaf SET entry = 'x' WHERE idx = 8", "The tree is not that of the entries"),
        ("DELETE FROM log_leaf WHERE idx = 8", "are missing"),
        ("DELETE FROM log_node WHERE level = 0 AND idx = 10", "is not complete"),
        ("UPDATE log_node SET hash = sha256('x') WHERE level = 1 AND idx = 4", "not that of"),
        ("UPDATE log_node SET hash = sha256('x') WHERE level = 2 AND idx = 0", "not those that"),
    ],
)
async def test_a_log_that_was_tampered_with_is_not_signed(
    world: LogWorld, owner_url: str, statement: str, reason: str
) -> None:
    await world.append(7)
    await sign_checkpoint(log=world.log)
    await world.append(4)
    world.clock.set(NOON + timedelta(minutes=1))
    await as_owner(owner_url, statement)
    with pytest.raises(SigningRefused, match=reason):
        await sign_checkpoint(log=world.log)


async def test_two_signers_at_once_sign_once(world: LogWorld) -> None:
    await world.append(5)
    signed = await asyncio.gather(*(sign_checkpoint(log=world.log) for _ in range(6)))
    assert [checkpoint is not None for checkpoint in signed].count(True) == 1


def test_a_second_signer_on_another_database_is_kept_out(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "new folder" / "checkpoint")
    with file.held(), pytest.raises(SigningRefused), file.held():
        pass
    with file.held():
        assert file.read() is None


async def test_one_key_takes_over_from_another(world: LogWorld) -> None:
    await world.append(1)
    await sign_checkpoint(log=world.log)
    new = Ed25519Signer(ORIGIN, key(8))
    both = replace(world.log, signers=(new, *world.log.signers))
    world.clock.set(NOON + timedelta(days=1))
    await sign_checkpoint(log=both)
    published = await queries.newest_checkpoint()
    assert published is not None
    for keys in (world.log.keys, [new.verifier]):
        assert open_checkpoint(published.note.encode(), keys)


# --- reading ---------------------------------------------------------------------------------


async def test_tiles_and_bundles_hold_what_a_checkpoint_covers(world: LogWorld) -> None:
    await world.append(300)
    await sign_checkpoint(log=world.log)
    await world.append(10)
    tree = tree_of(world)
    full = unpack_hashes(await queries.part_of_log("tile/0/000"), 256)
    assert full == [tree.nodes[Place(0, index)] for index in range(256)]
    assert await queries.part_of_log(Tile(1, 0, 1).path) == tree.nodes[Place(8, 0)]
    bundle = unpack_entries(await queries.part_of_log(Bundle(1, 44).path), 44)
    assert bundle == tree.entries[256:300]
    for path in (Bundle(1, 45).path, Tile(0, 1, 45).path, Tile(2, 0, 1).path):
        with pytest.raises(NotInLog):
            await queries.part_of_log(path)


@pytest.mark.usefixtures("world")
async def test_a_log_that_was_never_signed_shows_nothing() -> None:
    assert await queries.newest_checkpoint() is None
    with pytest.raises(NotInLog):
        await queries.part_of_log("tile/0/000.p/1")
    with pytest.raises(NotInLog):
        await queries.tlog_proof(0)
    with pytest.raises(NotInLog):
        await queries.entry_at(0)


async def test_every_entry_has_a_proof_file(world: LogWorld) -> None:
    await world.append(70)
    await sign_checkpoint(log=world.log)
    await world.append(1)
    for index in (0, 1, 41, 63, 64, 69):
        proof = await queries.tlog_proof(index, extra=b"salt")
        assert read_proof(str(proof)) == proof
        entry = await queries.entry_at(index)
        assert verify_proof(proof, entry, world.log.keys).size == 70
    with pytest.raises(NotInLog, match="Ask again in a minute"):
        await queries.tlog_proof(70)
