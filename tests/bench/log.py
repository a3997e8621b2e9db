"""How fast the public log takes in events: one at a time, in batches, and with eight at once.

The database keeps every commit on disk before it answers. The yardsticks are one row inserted by
asyncpg alone in a transaction of its own, and eight who do so under one lock. What waits for the
log is its sequencer; what people wait for is the lock under which use cases write their events,
so both are measured.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import UUID

import asyncpg

from badges.log.service import append_committed_events
from charter.history.tables import Event
from charter.ledger import transaction
from registry.embedded import APPLICATION
from registry.piccolo_conf import DB
from tests.badges.log.logs import LogWorld
from tests.bench.crowd import copy, first_of_many
from tests.bench.databases import empty_register, owner_of
from tests.bench.figures import Figure, Terms
from tests.world import World

SINGLES_A_SECOND = 500.0
BATCHED_A_SECOND = 20_000.0
WAIT_MS = 50.0
OF_BARE = 0.25
SINGLES = 500
BATCHED = 20_000
WRITERS = 8
EACH_WRITER = 120
BENCH_LOCK = 77

Writer = Callable[[int], Awaitable[None]]
"""Writes one thing; the number is the writer's own."""


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
            bare_wait = await _p99_of_eight(_bare_row)
            wait = await _p99_of_eight(_appending(world))
            batched = await _batched(world)  # last: the events' source slows with its length
        async with empty_register() as url:
            acting_wait = await _p99_of_eight(_acting(*await _eight_organisations(url)))
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
        Figure(
            subject="p99 wait of eight writers",
            value=wait,
            unit="ms",
            at_most=WAIT_MS,
            note=f"{bare_wait:.1f} ms for eight bare rows under one lock",
        ),
        Figure(
            subject="p99 wait of eight use cases, with standings",
            value=acting_wait,
            unit="ms",
            at_most=WAIT_MS,
        ),
    )


async def _bare_inserts(url: str) -> float:
    connection = await asyncpg.connect(owner_of(url))
    try:
        await connection.execute("CREATE TABLE bench_row (id bigint PRIMARY KEY, content bytea)")
        await connection.execute(f"GRANT SELECT, INSERT ON bench_row TO {APPLICATION}")
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


async def _p99_of_eight(write: Writer) -> float:
    """Have eight write at once, over and over; return the p99 of their waits in milliseconds."""
    waits: list[float] = []

    async def keep_writing(number: int) -> None:
        for _ in range(EACH_WRITER):
            begun = time.perf_counter()
            await write(number)
            waits.append(time.perf_counter() - begun)

    async with asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(keep_writing(number))
    return sorted(waits)[int(len(waits) * 0.99)] * 1000


async def _bare_row(number: int) -> None:
    assert DB.pool is not None  # the register is open
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", BENCH_LOCK)
        await connection.execute(
            "INSERT INTO bench_row SELECT max(id) + 1, $1 FROM bench_row", bytes(200 + number)
        )


def _appending(world: LogWorld) -> Writer:
    """Return a writer that causes an event and waits until it is in the log."""

    async def append(_number: int) -> None:
        world.events.happen(1)
        await append_committed_events(source=world.events)

    return append


def _acting(world: World, organisations: Sequence[UUID]) -> Writer:
    """Return a writer that acts for an organisation of its own, whose standing is settled."""

    async def act(number: int) -> None:
        async with transaction(world.scheme) as tx:
            tx.record("concern-received", {}, organisation=organisations[number], by="anyone")

    return act


async def _eight_organisations(url: str) -> tuple[World, Sequence[UUID]]:
    world = World()
    one = await first_of_many(world)
    world.pass_days(30)
    await copy(url, one, first=1, last=WRITERS - 1)
    rows = await Event.raw("SELECT DISTINCT organisation FROM event WHERE organisation IS NOT NULL")
    return world, [row["organisation"] for row in rows]
