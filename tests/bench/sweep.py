"""One day's chase over 10,000 open obligations: its time, its growth, and its memory."""

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from charter.obligations.chase import chase
from charter.people import Nobody
from tests.bench.crowd import copy, first_of_many
from tests.bench.databases import empty_register
from tests.bench.figures import Figure, Terms
from tests.world import World

FEW, MANY = 1_000, 10_000
LINEAR = MANY / FEW * 1.2
MOST_MEGABYTES = 100.0
DAYS = 125
"""After which the first milestones of every plan are late."""


@dataclass(frozen=True, slots=True)
class Swept:
    """One sweep: how many obligations were open, the steps it recorded, and how long it took."""

    open: int
    steps: int
    seconds: float


def measure(_terms: Terms) -> Sequence[Figure]:
    """Chase 1,000 obligations, and then 10,000 in another register."""
    return asyncio.run(_measure())


async def _measure() -> Sequence[Figure]:
    few = await _sweep(FEW)
    before = _peak_megabytes()
    many = await _sweep(MANY)
    grown = _peak_megabytes() - before
    return (
        Figure(
            subject=f"chase of {many.open:,} obligations beside {few.open:,}",
            value=many.seconds / few.seconds,
            at_most=LINEAR,
            note=f"{many.seconds:.1f} s, {many.steps / many.seconds:,.0f} steps a second",
        ),
        Figure(
            subject="memory the larger one needed more",
            value=grown,
            unit="MB",
            at_most=MOST_MEGABYTES,
            note=f"{before:.0f} MB before",
        ),
    )


async def _sweep(about: int) -> Swept:
    """Chase about so many obligations in a register of their own."""
    world = World()
    async with empty_register() as url:
        one = await first_of_many(world)
        await copy(url, one, first=1, last=about // await _open(url) - 1)
        count = await _open(url)
        world.pass_days(DAYS)
        begun = time.perf_counter()
        steps = await chase(world.scheme, Nobody())
        return Swept(count, steps, time.perf_counter() - begun)


async def _open(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        found: int = await connection.fetchval(
            "SELECT count(*) FROM obligation WHERE state = 'open'"
        )
    finally:
        await connection.close()
    return found


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
