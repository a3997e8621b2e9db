"""Every standing computed anew in one process, and one standing after an event.

Histories are read a page at a time and folded as `registry rehearse` does; nothing is held.
"""

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from charter.history.queries import events_of, histories
from charter.obligations.chase import chase
from charter.people import Nobody
from charter.plans.service import confirm_session
from charter.standing.assessment import answer_of, assess
from charter.standing.lessons import untaught
from charter.standing.walk import walk
from tests.bench.crowd import copy_histories
from tests.bench.databases import empty_register
from tests.bench.figures import Figure, Terms, median
from tests.charter import acting
from tests.world import World

SIZES = (1_000, 10_000, 100_000)
LINEAR = 12.0
MOST_SECONDS = 60.0
MOST_MEGABYTES = 500.0
MOST_MILLISECONDS = 10.0
ASKED = 101


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many standings were computed anew, from how many obligations, and how long it took.

    `own` are the seconds that the process itself was at work; the others it waited, for the
    database or for a core.
    """

    organisations: int
    obligations: int
    seconds: float
    own: float


def measure(_terms: Terms) -> Sequence[Figure]:
    """Compute 1,000 standings anew, then 10,000, then 100,000."""
    return asyncio.run(_measure())


async def _measure() -> Sequence[Figure]:
    world = World()
    async with empty_register() as url:
        one = await _one_of_many(world)
        done, there = [], 1
        for size in SIZES:
            await copy_histories(url, one, first=there, last=size - 1)
            there = size
            done.append(await _recompute(url, world))
        single = await _after_an_event(world, one)
    _, few, many = done
    whole = f"{many.organisations:,} standings with {many.obligations:,} obligations"
    return (
        Figure(
            subject=f"{whole}, anew",
            value=many.seconds,
            unit="s",
            at_most=MOST_SECONDS,
            note=f"{many.own:.1f} s of it at work",
        ),
        Figure(
            subject="the same beside a tenth of it",
            value=many.seconds / few.seconds,
            at_most=LINEAR,
            note=", ".join(
                f"{each.organisations:,}: {each.seconds:.2f} s, {each.own:.2f} at work"
                for each in done
            ),
        ),
        Figure(
            subject="most memory of the process that did it",
            value=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            unit="MB",
            at_most=MOST_MEGABYTES,
        ),
        Figure(
            subject="one standing after an event, its history kept",
            value=single,
            unit="ms",
            at_most=MOST_MILLISECONDS,
        ),
    )


async def _one_of_many(world: World) -> UUID:
    """Play one organisation: a confirmed plan of ten milestones, reminded of half of them."""
    one = await acting.published(world)
    held = await acting.hold_session(world, one, contributors=1)
    await confirm_session(world.scheme, token=held.tokens[0], answer=acting.YES)
    world.pass_days(75)
    await chase(world.scheme, Nobody())
    return one


async def _recompute(url: str, world: World) -> Recomputed:
    """Fold every history there is, by the path that a rehearsal takes."""
    now, pack = world.scheme.now(), world.scheme.pack
    organisations = 0
    begun, worked = time.perf_counter(), time.process_time()
    async for _, events in histories(untaught(), recorded_by=now):
        assess(events, now, pack)
        organisations += 1
    seconds, own = time.perf_counter() - begun, time.process_time() - worked
    connection = await asyncpg.connect(url)
    try:
        obligations = await connection.fetchval(
            "SELECT count(*) FROM event WHERE kind = 'obligation-opened'"
        )
    finally:
        await connection.close()
    return Recomputed(organisations, obligations, seconds, own)


async def _after_an_event(world: World, one: UUID) -> float:
    """Return the milliseconds from an event to the answer, for a walk that is kept."""
    *before, last = await events_of(one)
    spent = []
    for _ in range(ASKED):
        steps = walk(before, last.recorded_at, world.scheme.pack)
        begun = time.perf_counter()
        steps.learn(last)
        answer_of(steps, last.recorded_at + timedelta(seconds=1))
        spent.append((time.perf_counter() - begun) * 1e3)
    return median(spent)
