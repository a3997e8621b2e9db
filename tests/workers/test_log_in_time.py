"""Every committed event is in the log within five seconds, whichever worker dies meanwhile."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from badges.log.tables import LogLeaf
from charter.clock import SetClock, WallClock
from charter.history.tables import Event
from charter.ledger import transaction
from registry.embedded import Services
from registry.services import environment_around
from registry.settings import Settings
from tests.workers.running import Process, working
from tests.world import World

SOON = 5.0
WRITE_EVERY = 0.05
CONNECTIONS = 10
"""Of each worker here."""

TWO_LIVE_SECONDS = 4.0
"""How long both work at most before the older one is killed."""


Environment = Callable[[str], Mapping[str, str]]
"""Gives the environment of the worker that the database shall know by a name."""


@pytest.fixture
def environment(services: Services, database: str, tmp_path: Path) -> Environment:
    """Return the environments of worker processes on the test's own database."""
    return lambda name: environment_around(
        Settings(
            environment="development",
            database_url=f"{database}{'&' if '?' in database else '?'}application_name={name}",
            redis_url=services.redis_url,
            files_url=f"file://{tmp_path}/files",
            secret=SecretStr("a secret of the tests, long enough to derive keys from"),
            data_dir=tmp_path,
            database_connections=CONNECTIONS,
        )
    )


@pytest.mark.parametrize(
    "kills", [1, pytest.param(10, marks=[pytest.mark.full, pytest.mark.timeout(600)])]
)
async def test_with_two_workers_no_event_waits_longer_when_one_is_killed(
    environment: Environment, kills: int
) -> None:
    chance = random.Random(kills)  # noqa: S311 - a test's dice
    committed: dict[int, float] = {}
    seen: dict[int, float] = {}
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        steady = await stack.enter_async_context(working(environment("first")))
        writing = group.create_task(keep_writing(committed))
        watching = group.create_task(keep_watching(seen))
        await until_logged(seen, steady)
        begun = time.monotonic()
        for number in range(kills):
            name = f"next-{number}"
            other = await stack.enter_async_context(working(environment(name)))
            while await count_guests(name) < CONNECTIONS:  # noqa: ASYNC110 - another process does
                await asyncio.sleep(WRITE_EVERY)
            await asyncio.sleep(chance.uniform(1, TWO_LIVE_SECONDS))
            steady.kill()  # the older one, in the middle of whatever it does
            steady = other
        writing.cancel()
        await asyncio.sleep(SOON)
        watching.cancel()
    waits = [seen[event] - at for event, at in committed.items() if at > begun]
    assert len(waits) > kills
    assert max(waits) <= SOON
    leaves = await LogLeaf.raw("SELECT idx, event_id FROM log_leaf ORDER BY idx")
    events = await Event.raw("SELECT id FROM event ORDER BY id")
    assert [row["event_id"] for row in leaves] == [row["id"] for row in events]
    assert [row["idx"] for row in leaves] == list(range(len(leaves)))


async def count_guests(name: str) -> int:
    """Return how many connections a worker has: it opens all of its own when it begins."""
    [row] = await Event.raw(
        "SELECT count(*) AS guests FROM pg_stat_activity WHERE application_name = {}", name
    )
    return int(row["guests"])


async def keep_writing(committed: dict[int, float]) -> None:
    """Commit an event over and over; note when."""
    scheme = World(clock=SetClock(WallClock().now())).scheme
    while True:
        async with transaction(scheme) as tx:
            tx.record("concern-received", {}, by="anyone")
        [row] = await Event.raw("SELECT max(id) AS id FROM event")
        committed[row["id"]] = time.monotonic()
        await asyncio.sleep(WRITE_EVERY)


async def keep_watching(seen: dict[int, float]) -> None:
    """Note when each event is first found in the log."""
    newest = 0
    while True:
        for row in await LogLeaf.raw("SELECT event_id FROM log_leaf WHERE event_id > {}", newest):
            seen.setdefault(row["event_id"], time.monotonic())
            newest = max(newest, row["event_id"])
        await asyncio.sleep(WRITE_EVERY)


async def until_logged(seen: Mapping[int, float], worker: Process) -> None:
    """Wait until the worker has begun its work."""
    async with asyncio.timeout(60):
        while not seen:
            assert worker.returncode is None
            await asyncio.sleep(WRITE_EVERY)
