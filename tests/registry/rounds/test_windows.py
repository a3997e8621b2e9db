"""Rounds are walked when they are due, once, and made up for when nobody was awake."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charter.clock import SetClock
from registry.rounds.tables import ScheduleWindow
from registry.rounds.windows import walk_due_rounds, windows
from tests.world import START

LONDON = ZoneInfo("Europe/London")


@dataclass
class Diary:
    """What was walked, and when; a round named in `failing` fails."""

    clock: SetClock
    entries: list[tuple[str, datetime]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)


def walk_of(name: str) -> Callable[[Diary], Awaitable[Any]]:
    async def walk(diary: Diary) -> None:
        await asyncio.sleep(0.02)
        diary.entries.append((name, diary.clock.now()))
        if name in diary.failing:
            raise LookupError(name)

    return walk


@dataclass(frozen=True)
class Hourly:
    name: str

    @property
    def walk(self) -> Callable[[Diary], Awaitable[Any]]:
        return walk_of(self.name)

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        assert zone is LONDON
        return instant + timedelta(hours=1)


ROUNDS = (Hourly("first"), Hourly("second"))


async def walked(diary: Diary) -> list[str]:
    return await walk_due_rounds(diary, ROUNDS, clock=diary.clock, zone=LONDON)


@pytest.fixture
def diary() -> Diary:
    return Diary(SetClock(START))


@pytest.mark.usefixtures("database")
class TestRounds:
    async def test_are_walked_at_once_in_their_order_and_then_when_due(self, diary: Diary) -> None:
        assert await walked(diary) == ["first", "second"]
        diary.clock.set(START + timedelta(minutes=59))
        assert await walked(diary) == []
        diary.clock.set(START + timedelta(minutes=60))
        assert await walked(diary) == ["first", "second"]

    async def test_missed_for_days_are_made_up_for_by_one_walk(self, diary: Diary) -> None:
        await walked(diary)
        diary.clock.set(START + timedelta(days=3))
        assert await walked(diary) == ["first", "second"]
        assert await walked(diary) == []
        assert set((await windows()).values()) == {START + timedelta(days=3)}

    async def test_that_fail_do_not_stop_the_others_and_are_tried_again(self, diary: Diary) -> None:
        await walked(diary)
        diary.clock.set(START + timedelta(hours=1))
        diary.failing = {"first"}
        assert await walked(diary) == ["second"]
        kept = await ScheduleWindow.objects().get(ScheduleWindow.name == "first")
        assert kept is not None
        assert (kept.completed_until, kept.fault) == (START.astimezone(UTC), "LookupError")
        diary.failing = set()
        assert await walked(diary) == ["first"]

    async def test_that_never_went_well_have_no_window(self, diary: Diary) -> None:
        diary.failing = {"first"}
        await walked(diary)
        assert list(await windows()) == ["second"]

    async def test_are_walked_by_one_of_many_workers(self, diary: Diary) -> None:
        await asyncio.gather(*(walked(diary) for _ in range(4)))
        assert sorted(name for name, _ in diary.entries) == ["first", "second"]
