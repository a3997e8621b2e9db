"""How fast the public log takes in events: one at a time, in batches, and with eight at once.

The database keeps every commit on disk before it answers. The yardstick is one row inserted by
asyncpg alone in a transaction of its own.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from badges.log.service import append_committed_events
from tests.badges.log.logs import LogWorld
from tests.bench.databases import empty_register
from tests.bench.figures import Figure, Terms

SINGLES_A_SECOND = 500.0
BATCHED_A_SECOND = 20_000.0
WAIT_MS = 50.0
OF_BARE = 0.25
SINGLES = 500
BATCHED = 20_000
WRITERS = 8
EACH_WRITER = 60


def measure(_terms: Terms) -> Sequence[Figure]:
    """Append to the log of an empty register."""
    return asyncio.run(_measure())


async def _measure() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with empty_register() as url:
            world = LogWorld(Path(folder))
            await world.append(10)
            bare = await _bare_inserts(url)
            singles = await _singles(world)
            waits = sorted(await _eight_at_once(world))
            batched = await _batched(world)  # last: the events' source slows with its length
    p99 = waits[int(len(waits) * 0.99)] * 1000
    return (
        Figure(
            subject="appended one at a time",
            value=singles,
            unit="/s",
            at_least=SINGLES_A_SECOND,
            note=f"{bare:,.0f}/s bare inserts",
        ),
        Figure(subject="the same beside bare inserts", value=singles / bare, at_least=OF_BARE),
        Figure(subject="appended in batches", value=batched, unit="/s", at_least=BATCHED_A_SECOND),
        Figure(subject="p99 wait of eight writers", value=p99, unit="ms", at_most=WAIT_MS),
    )


async def _bare_inserts(url: str) -> float:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE bench_row (id bigint PRIMARY KEY, content bytea)")
        begun = time.perf_counter()
        for number in range(SINGLES):
            async with connection.transaction():
                await connection.execute(
                    "INSERT INTO bench_row VALUES ($1, $2)", number, bytes(200)
                )
        return SINGLES / (time.perf_counter() - begun)
    finally:
        await connection.close()


async def _singles(world: LogWorld) -> float:
    begun = time.perf_counter()
    for _ in range(SINGLES):
        world.events.happen(1)
        await append_committed_events(source=world.events)
    return SINGLES / (time.perf_counter() - begun)


async def _batched(world: LogWorld) -> float:
    world.events.happen(BATCHED)
    begun = time.perf_counter()
    await world.append(0)
    return BATCHED / (time.perf_counter() - begun)


async def _eight_at_once(world: LogWorld) -> list[float]:
    """Have eight writers cause an event and wait until it is in the log, over and over."""
    waits: list[float] = []

    async def write() -> None:
        for _ in range(EACH_WRITER):
            world.events.happen(1)
            begun = time.perf_counter()
            await append_committed_events(source=world.events)
            waits.append(time.perf_counter() - begun)

    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(write())
    return waits
