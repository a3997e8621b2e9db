"""No clock stands still for ever, and an hour out of reach moves the dates of its day (rule 32)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from charter.errors import InvalidInput
from charter.framework.pack import build_pack
from charter.ledger import transaction
from charter.obligations.outages import minutes_by_day, record_gap, record_outage
from charter.obligations.service import find_obligation, pause_clock, paused_days
from charter.obligations.standstill import (
    PauseUsedUp,
    end_long_pauses,
    pause_every_clock,
    pause_for_hub,
)
from charter.obligations.tables import Outage
from charter.scheme import Scheme
from tests.charter.acting import kinds_of
from tests.charter.framework.packs import with_change
from tests.charter.obligations.owing import a_theatre, owe
from tests.charter.standing.story import Story
from tests.world import World, the_pack

database = pytest.mark.usefixtures("database")


@database
async def test_a_pause_ends_by_itself_after_sixty_days_and_cannot_be_had_again() -> None:
    world = World()
    owed = await owe(world, await a_theatre(world))
    async with transaction(world.scheme) as tx:
        await pause_clock(tx, owed, why="under-review", by="auditors")

    world.pass_days(59)
    assert await end_long_pauses(world.scheme) == 0
    world.pass_days(1)
    assert await end_long_pauses(world.scheme) == 1

    assert await paused_days(the_pack(), owed) == 60
    assert (await kinds_of(owed.organisation))[-1] == "clock-resumed"
    with pytest.raises(PauseUsedUp):
        await pause_for_hub(
            world.scheme, obligation=owed.id, why="hub-late", steward_employer_domain="hub.example"
        )
    assert await pause_every_clock(world.scheme, why="hub-late") == 0


@database
async def test_a_pack_may_say_that_what_waited_too_long_is_waived() -> None:
    world = World()
    runs, waived = 'no-panel-available = "runs"', 'no-panel-available = "waived"'
    pack = build_pack(with_change("rules.toml", runs, waived))
    scheme = Scheme(pack, world.clock, world.scheme.chance)
    owed = await owe(world, await a_theatre(world))
    async with transaction(scheme) as tx:
        await pause_clock(tx, owed, why="no-panel-available", by="hub")

    world.pass_days(60)
    await end_long_pauses(scheme)

    assert (await find_obligation(owed.id)).state == "waived"


def test_a_clock_runs_again_after_sixty_days_though_nobody_was_there_to_start_it() -> None:
    story = Story().planned().owes(due_in=30).wait(29).warned("remind-1")
    story.about("clock-paused", why="hub-late", paused_by="hub")
    assert story.wait(61).standing() == "on-track"
    assert story.wait(1).standing() == "overdue"
    assert story.answer().days_late == 1


@database
async def test_an_hour_out_of_reach_moves_the_dates_of_its_day_to_the_next_working_day() -> None:
    world = World()
    friday = date(2026, 3, 6)
    owed = await owe(world, await a_theatre(world), due_in=60)
    other = await owe(world, owed.organisation, due_in=61)
    assert owed.due_on == friday
    world.clock.set(datetime(2026, 3, 6, 15, tzinfo=UTC))

    begun = world.clock.at - timedelta(minutes=40)
    assert await record_gap(world.scheme, begun=begun, ended=world.clock.at) == 0
    world.clock.set(world.clock.at + timedelta(hours=2))
    begun = world.clock.at - timedelta(minutes=25)
    assert await record_gap(world.scheme, begun=begun, ended=world.clock.at) == 1
    assert await record_gap(world.scheme, begun=begun, ended=world.clock.at) == 0

    assert (await find_obligation(owed.id)).due_on == date(2026, 3, 9)
    assert (await find_obligation(other.id)).due_on == other.due_on
    assert "outage-recorded" in await kinds_of(None)
    [row] = await Outage.objects()
    assert (row.day, row.minutes) == (friday, 90)


@pytest.mark.parametrize("minutes", [0, 1_441])
@database
async def test_an_outage_has_a_day_in_the_past_and_some_minutes(minutes: int) -> None:
    world = World()
    with pytest.raises(InvalidInput) as refused:
        await record_outage(
            world.scheme, day=world.scheme.today() + timedelta(days=1), minutes=minutes
        )
    assert {error.field for error in refused.value.errors} == {"day", "minutes"}


def test_a_gap_over_midnight_counts_on_both_days_as_they_are_in_the_scheme() -> None:
    begun = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    counted = list(minutes_by_day(begun, begun + timedelta(hours=2), the_pack().zone))
    assert counted == [(date(2026, 6, 30), 30), (date(2026, 7, 1), 90)]
