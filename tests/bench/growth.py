"""What ten times as many organisations cost: the list that readers search, and the fold.

Linear growth is a ratio of 10; a list whose every filter were found by an index would do better,
one that looked at every pair would need 100.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import asyncpg

from charter.history.queries import events_of
from charter.standing.assessment import assess
from registry.web.public.listing import Search, Site, find_organisations
from tests.bench.crowd import copy, first_of_many
from tests.bench.databases import empty_register
from tests.bench.figures import Figure, Terms, median
from tests.world import World

FEW, MANY = 1_000, 10_000
LINEAR = MANY / FEW * 1.2
SAMPLE = 300
ASKED = 9

SEARCHES: Mapping[str, Search] = {
    "first page of the list": Search(),
    "list searched by name, type and standing": Search(
        q="body 99", type="structural", standing="on-track"
    ),
}


def measure(_terms: Terms) -> Sequence[Figure]:
    """Measure with 1,000 organisations, and again with 10,000."""
    return asyncio.run(_measure())


async def _measure() -> Sequence[Figure]:
    world = World()
    async with empty_register() as url:
        one = await first_of_many(world)
        world.pass_days(30)
        await copy(url, one, first=1, last=FEW - 1)
        few = await _measure_each(world, url)
        await copy(url, one, first=FEW, last=MANY - 1)
        many = await _measure_each(world, url)
    return [
        Figure(
            subject=f"{subject}, 10,000 organisations beside 1,000",
            value=many[subject] / few[subject],
            at_most=LINEAR,
            note=f"{few[subject] * 1e3:,.1f} ms and {many[subject] * 1e3:,.1f} ms",
        )
        for subject in few
    ]


async def _measure_each(world: World, url: str) -> Mapping[str, float]:
    """Return the seconds of each search, and of folding the history of everybody."""
    site = Site("https://charter.example", world.scheme)

    def ask(search: Search) -> Callable[[], Awaitable[object]]:
        return lambda: find_organisations(search, site)

    found = {subject: await _typical(ask(search)) for subject, search in SEARCHES.items()}
    connection = await asyncpg.connect(url)
    try:
        count = await connection.fetchval("SELECT count(*) FROM organisation")
        rows = await connection.fetch(
            "SELECT id FROM organisation ORDER BY md5(slug) LIMIT $1", SAMPLE
        )
    finally:
        await connection.close()
    each = await _fold(world, [row["id"] for row in rows]) / len(rows)
    return {**found, f"fold of every history (from {SAMPLE} of them)": each * count}


async def _fold(world: World, organisations: Sequence[UUID]) -> float:
    begun = time.perf_counter()
    for organisation in organisations:
        assess(await events_of(organisation), world.scheme.now(), world.scheme.pack)
    return time.perf_counter() - begun


async def _typical(ask: Callable[[], Awaitable[object]]) -> float:
    await ask()
    seconds = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        await ask()
        seconds.append(time.perf_counter() - begun)
    return median(seconds)
