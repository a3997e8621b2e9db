"""No event is skipped, doubled or reordered, however often the sequencer dies in mid-sentence."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from badges.log.events import RegisterEvents
from badges.log.inside_audit import audit_tables
from badges.log.service import append_committed_events, sign_checkpoint
from badges.log.tables import LogLeaf
from charter.history.tables import Event
from charter.ledger import transaction
from tests.badges.log import sequencer_child
from tests.badges.log.logs import LogWorld
from tests.badges.log.sequencer_child import no_handles
from tests.world import World

WRITERS = 8


class ChangedItsMind(Exception):
    """What makes a use case fail after it has said what happened."""


async def keep_writing(region: World, chance: random.Random, enough: asyncio.Event) -> None:
    """Write history until told; every fourth use case fails and takes its event ids with it."""
    while not enough.is_set():
        with suppress(ChangedItsMind):
            async with transaction(region.scheme) as tx:
                for _ in range(chance.randint(1, 3)):
                    tx.record("concern-received", {}, by="anyone")
                await tx.write()
                if chance.random() < 0.25:
                    raise ChangedItsMind
        await asyncio.sleep(chance.random() / 5)


@asynccontextmanager
async def writers(chance: random.Random) -> AsyncIterator[None]:
    region, enough = World(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(keep_writing(region, chance, enough))
        yield
        enough.set()


async def kill_a_sequencer(url: str, folder: Path, seconds: float) -> None:
    """Start a process that sequences and signs, and kill it without warning."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", sequencer_child.__name__, url, str(folder),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    assert await child.stdout.readline() == b"ready\n"
    await asyncio.sleep(seconds)
    child.kill()
    await child.wait()


async def survive(url: str, folder: Path, kills: int) -> None:
    chance = random.Random(41)  # noqa: S311 - a test's dice
    source = RegisterEvents(no_handles)
    world = LogWorld(folder)
    async with writers(chance):
        for _ in range(kills):
            await asyncio.gather(
                *(kill_a_sequencer(url, folder, chance.random() / 5) for _ in range(2))
            )
    while await append_committed_events(source=source):
        pass
    committed = [row["id"] for row in await Event.raw("SELECT id FROM event ORDER BY id")]
    leaves = await LogLeaf.raw("SELECT idx, event_id FROM log_leaf ORDER BY idx")
    assert [row["event_id"] for row in leaves] == committed
    assert [row["idx"] for row in leaves] == list(range(len(committed)))
    assert max(committed) > len(committed), "some use cases failed"
    world.clock.set(world.clock.at + timedelta(days=10_000))
    assert await sign_checkpoint(log=world.log)
    assert await audit_tables(source=source, keys=world.log.keys) == []


async def test_a_sequencer_that_is_killed_loses_nothing(database: str, tmp_path: Path) -> None:
    await survive(database, tmp_path, 2)


@pytest.mark.full
@pytest.mark.timeout(1200)
async def test_a_sequencer_that_is_killed_fifty_times_loses_nothing(
    database: str, tmp_path: Path
) -> None:
    await survive(database, tmp_path, 25)  # two at a time
