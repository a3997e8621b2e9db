"""Limits that hold exactly, whoever counts."""

import asyncio
from datetime import timedelta

import pytest

from charter.chance import SystemChance
from charter.clock import SetClock
from registry.accounts.desk import Desk
from registry.accounts.keys import AccountKeys
from registry.accounts.limits import Limit, TooManyAttempts, forget_ended_windows, spend
from registry.accounts.tables import AttemptCounter
from tests.world import START

FIVE = Limit("five", 5, timedelta(minutes=5))


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


@pytest.fixture
def desk(clock: SetClock, database: str) -> Desk:
    assert database
    return Desk(AccountKeys(b"s" * 32), clock, SystemChance(), "http://127.0.0.1:8400")


async def passes(desk: Desk, subject: str = "one") -> bool:
    try:
        await spend(desk, FIVE, subject)
    except TooManyAttempts:
        return False
    return True


async def test_of_many_at_once_exactly_as_many_pass_as_may(desk: Desk) -> None:
    passed = await asyncio.gather(*(passes(desk) for _attempt in range(50)))
    assert passed.count(True) == FIVE.most


async def test_one_subject_does_not_use_up_anothers(desk: Desk) -> None:
    for _attempt in range(6):
        await passes(desk)
    assert await passes(desk, "two")


async def test_the_refusal_says_when_the_limit_starts_anew(desk: Desk, clock: SetClock) -> None:
    clock.set(clock.at + timedelta(seconds=100))
    for _attempt in range(5):
        await passes(desk)
    with pytest.raises(TooManyAttempts, match="Wait 4 minutes") as refused:
        await spend(desk, FIVE, "one")
    assert refused.value.retry_after == 200
    clock.set(clock.at + timedelta(seconds=200))
    assert await passes(desk)


async def test_counters_name_nobody_and_are_forgotten(desk: Desk, clock: SetClock) -> None:
    await passes(desk, "lead@harbour-lights.example")
    row = await AttemptCounter.select().first()
    assert row is not None
    assert b"harbour" not in row["key"]
    clock.set(clock.at + FIVE.window)
    await forget_ended_windows(desk)
    assert not await AttemptCounter.exists()
