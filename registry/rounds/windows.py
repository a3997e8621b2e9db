"""Which rounds are due, told by the database and not by who happened to be awake.

Each round records until when everything has been done. A worker that was away finds the gap and
closes it: a round asks what is due now, however long that has been, so one walk makes up for all
that were missed (rule 37). Two workers never walk the same round at once: the walker holds an
advisory lock, which PostgreSQL lets go of the moment its process is gone.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import structlog

from charter.clock import Clock
from registry.piccolo_conf import DB
from registry.rounds.tables import ScheduleWindow

GivenT_contra = TypeVar("GivenT_contra", contravariant=True)

GivenT = TypeVar("GivenT")

_log = structlog.get_logger()


class Walkable(Protocol[GivenT_contra]):
    """A round: its name, what it does, and when it is due next after an instant."""

    @property
    def name(self) -> str:
        """The name under which its window is kept."""
        ...

    @property
    def walk(self) -> Callable[[GivenT_contra], Awaitable[Any]]:
        """What it does. Doing it twice must change nothing."""
        ...

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """Return when it is due next after `instant`, in UTC."""
        ...


async def walk_due_rounds(
    given: GivenT, rounds: Sequence[Walkable[GivenT]], *, clock: Clock, zone: ZoneInfo
) -> list[str]:
    """Walk every round that is due, in the order of the table; return the names of those walked.

    A round that fails is logged, keeps its window, and is tried again at the next look; the
    others are walked all the same. One that another worker is walking is left to it.
    """
    walked = []
    for each in rounds:
        async with only_walker(each.name) as alone:
            if alone and await _is_due(each, clock.now(), zone) and await _walk(each, given, clock):
                walked.append(each.name)
    return walked


async def windows() -> dict[str, datetime]:
    """Return until when each round has done everything."""
    rows = await ScheduleWindow.select(ScheduleWindow.name, ScheduleWindow.completed_until)
    return {row["name"]: row["completed_until"] for row in rows if row["completed_until"]}


async def _is_due(each: Walkable[GivenT], now: datetime, zone: ZoneInfo) -> bool:
    completed = (await windows()).get(each.name)
    return completed is None or each.next_after(completed, zone) <= now


async def _walk(each: Walkable[GivenT], given: GivenT, clock: Clock) -> bool:
    """Walk one round; what came due while it was walked is left to the next walk."""
    begun = clock.now()
    try:
        await each.walk(given)
    except Exception as fault:  # noqa: BLE001 one round's fault must not stop the others
        _log.exception("round failed", round=each.name)
        await keep_window(each.name, completed_until=None, fault=type(fault).__name__)
        return False
    await keep_window(each.name, completed_until=begun, fault="")
    return True


async def keep_window(name: str, *, completed_until: datetime | None, fault: str) -> None:
    """Write down until when a round has done everything, or what kind of error stopped it."""
    await ScheduleWindow.raw(
        "INSERT INTO schedule_window (name, completed_until, fault) VALUES ({}, {}, {})"
        " ON CONFLICT (name) DO UPDATE SET fault = EXCLUDED.fault, completed_until ="
        " coalesce(EXCLUDED.completed_until, schedule_window.completed_until)",
        name,
        completed_until,
        fault[:100],
    )


@asynccontextmanager
async def only_walker(name: str) -> AsyncIterator[bool]:
    """Hold the lock of one round for the block, on a connection of its own; say if we got it."""
    key = int.from_bytes(sha256(f"round:{name}".encode()).digest()[:8], "big", signed=True)
    if DB.pool is None:
        raise RuntimeError("the database is not open")
    async with DB.pool.acquire() as connection:
        got = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
        try:
            yield bool(got)
        finally:
            if got:
                await connection.fetchval("SELECT pg_advisory_unlock($1)", key)
