"""While every clock stands still, so does what is opened meanwhile (rule 32)."""

import pytest

from charter.obligations.service import find_obligation, paused_days
from charter.obligations.standstill import (
    clocks_paused,
    every_clock_stands_still,
    keep_still,
    pause_every_clock,
    resume_every_clock,
    resume_for_hub,
)
from tests.charter.acting import kinds_of
from tests.charter.obligations.owing import a_theatre, owe
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")

MOST = the_pack().numbers.pauses.days_most


async def test_what_is_opened_while_every_clock_stands_still_stands_still_too() -> None:
    world = World()
    theatre = await a_theatre(world)
    await owe(world, theatre)
    assert await pause_every_clock(world.scheme, why="quiet-period") == 1
    world.pass_days(3)
    later = await owe(world, theatre)
    assert await keep_still(world.scheme) == 1
    assert await keep_still(world.scheme) == 0
    world.pass_days(4)

    paused = await clocks_paused(the_pack())
    assert {clock.why for clock in paused} == {"quiet-period"}
    assert len(paused) == 2
    assert (await find_obligation(later.id)).next_step_on is None

    assert await resume_every_clock(world.scheme) == 2
    assert await paused_days(the_pack(), later) == 4
    assert not await every_clock_stands_still()
    await owe(world, theatre)
    assert await keep_still(world.scheme) == 0


async def test_one_that_a_steward_lets_run_is_not_stopped_again() -> None:
    world = World()
    theatre = await a_theatre(world)
    await pause_every_clock(world.scheme, why="hub-late")
    owed = await owe(world, theatre)
    await keep_still(world.scheme)
    await resume_for_hub(world.scheme, obligation=owed.id)
    assert await keep_still(world.scheme) == 0
    assert (await kinds_of(owed.organisation)).count("clock-paused") == 1


async def test_a_standstill_ends_by_itself_and_is_there_once() -> None:
    world = World()
    theatre = await a_theatre(world)
    await pause_every_clock(world.scheme, why="hub-late")
    await pause_every_clock(world.scheme, why="outage")
    world.pass_days(MOST - 1)
    await owe(world, theatre)
    assert await keep_still(world.scheme) == 1
    world.pass_days(1)
    await owe(world, theatre)
    assert await keep_still(world.scheme) == 0
    assert not await every_clock_stands_still()
