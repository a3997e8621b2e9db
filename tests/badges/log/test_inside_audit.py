"""The audit from inside: nothing that the database's owner edits goes unseen."""

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from badges.log.cosigning import collect_cosignatures
from badges.log.events import RegisterEvents
from badges.log.inside_audit import audit_tables
from badges.log.service import append_committed_events, sign_checkpoint
from badges.log.words_audit import audit_words
from charter.ledger import transaction
from tests.badges.log.logs import LogWorld
from tests.world import World, harbour_lights

TABLES = ("event", "public_text", "log_leaf", "log_node", "log_checkpoint")


async def no_handles(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    assert ids
    return {}


async def all_handles(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    return dict.fromkeys(ids, "K7P2M9Q4XA")


NAMELESS, NAMED = RegisterEvents(no_handles), RegisterEvents(all_handles)


@pytest.fixture
async def world(database: str, tmp_path: Path) -> LogWorld:
    """Record a small register whose whole history is in the log, half of it without a code."""
    assert database
    region, world = World(), LogWorld(tmp_path)
    organisation = await harbour_lights(region)
    for source in (NAMELESS, NAMED):
        async with transaction(region.scheme) as tx:
            for case in range(12):
                words = await tx.publish_words("report", {"text": f"What the panel said of {case}"})
                tx.record(
                    "reply-received",
                    {"case": case},
                    organisation=organisation.id,
                    by="lead",
                    words=words,
                )
                tx.record(
                    "payment-made",
                    {"payer": "hub", "hours": case, "kind": "fee", "session": None},
                    by="hub",
                )
        assert await append_committed_events(source=source) == 24
    await sign_checkpoint(log=world.log)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    return world


async def faults(world: LogWorld) -> list[str]:
    return [*await audit_tables(source=NAMED, keys=world.log.keys), *await audit_words()]


async def test_a_log_as_it_was_written_has_no_fault(world: LogWorld) -> None:
    assert await faults(world) == []


async def test_events_that_are_not_yet_in_the_log_are_no_fault(world: LogWorld) -> None:
    async with transaction(World().scheme) as tx:
        tx.record("concern-received", {}, by="anyone")
    assert await faults(world) == []


EDITS = [
    ("event", "data = data || '{\"edited\": true}'"),
    ("event", "kind = 'of-no-kind'"),
    ("event", "kind = 'standing-changed'"),
    ("event", "commitment = 'short'"),
    ("event", "kind = 'concern-received'"),
    ("event", "by = 'steward'"),
    ("event", "effective_at = effective_at - interval '1 day'"),
    ("event", "recorded_at = recorded_at + interval '1 day'"),
    ("event", "commitment = sha256('another')"),
    ("event", "organisation = gen_random_uuid()"),
    ("event", "id = id + 10000"),
    ("public_text", 'words = \'{"text": "What nobody said"}\''),
    ("public_text", "commitment = sha256('another')"),
    ("public_text", "salt = sha256('another')"),
    ("log_leaf", "entry = set_byte(entry, 20, (get_byte(entry, 20) + 1) % 256)"),
    ("log_leaf", "event_id = event_id + 10000"),
    ("log_leaf", "idx = idx + 10000"),
    ("log_node", "hash = sha256(hash)"),
    ("log_node", "idx = idx + 10000"),
    ("log_checkpoint", "note = overlay(note placing '!' from 40 for 1)"),
    ("log_checkpoint", "cosigned = overlay(cosigned placing '!' from 40 for 1)"),
    ("log_checkpoint", "size = size - 1"),
    *((table, None) for table in ("event", "public_text", "log_leaf", "log_node")),
]


async def edits_found(world: LogWorld, url: str, count: int) -> list[str]:
    """Make `count` random edits as the database's owner, each undone again; return those unseen."""
    chance = random.Random(40)  # noqa: S311 - a test's dice
    connection = await asyncpg.connect(url)
    unseen: list[str] = []
    try:
        await connection.execute("SET session_replication_role = replica")
        for table in TABLES:
            await connection.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")
        for turn in range(count):
            table, change = EDITS[turn % len(EDITS)]
            rows = await connection.fetch(f"SELECT ctid FROM {table} ORDER BY ctid")  # noqa: S608  # names of TABLES
            row = chance.choice(rows)["ctid"]
            act = (
                f"DELETE FROM {table}"  # noqa: S608  # names of TABLES
                if change is None
                else f"UPDATE {table} SET {change}"  # noqa: S608  # rows of EDITS
            )
            place = f"({row[0]},{row[1]})"
            assert await connection.execute(f"{act} WHERE ctid = '{place}'") in (
                "UPDATE 1",
                "DELETE 1",
            )
            if not await faults(world):
                unseen.append(f"{act} at {place}")
            await connection.execute(f"TRUNCATE {table}")
            await connection.execute(f"INSERT INTO {table} TABLE kept_{table}")
    finally:
        await connection.close()
    return unseen


async def test_random_edits_by_the_owner_of_the_database_are_all_seen(
    world: LogWorld, owner_url: str
) -> None:
    assert await edits_found(world, owner_url, 3 * len(EDITS)) == []
    assert await faults(world) == []


@pytest.mark.full
@pytest.mark.timeout(1800)
async def test_a_thousand_random_edits_are_all_seen(world: LogWorld, owner_url: str) -> None:
    assert await edits_found(world, owner_url, 1000) == []
