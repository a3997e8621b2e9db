"""Each notice of each ladder goes out on its own local day, once, on every day of eleven years.

The pure part of the chase is walked as the rounds walk it: several times an hour around each
midnight, those of the days on which the clocks change among them, or not at all for days.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from charter.clock import local_day, start_of_day
from charter.framework.ladders import Ladder
from charter.obligations.rules import take_turn
from tests.charter.obligations.test_rules import every_day
from tests.world import the_pack

PACK = the_pack()
LONDON = ZoneInfo("Europe/London")
A_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)

AROUND_MIDNIGHT = (
    *(timedelta(minutes=minutes) for minutes in range(-80, 0, 20)),
    *(-AN_INSTANT, timedelta(), AN_INSTANT),
    *(timedelta(minutes=minutes) for minutes in range(20, 201, 20)),
)
"""When a round looks, from the first instant of a local day: over every change of the clocks."""

LADDERS = {
    f"{ladder.name}-{band.id}": PACK.ladder(ladder.name, band.id)
    for ladder in PACK.ladders
    for band in PACK.bands
    if PACK.ladder(ladder.name, band.id) != ladder or band.id == "standard"
}
"""Every ladder of the pack, and the longer one of a small body where it has one."""

DueDates = Callable[[], Iterable[date]]


def turning_days() -> list[date]:
    """Return the days around which clocks, months and years turn, of the eleven years."""
    days = list(every_day())
    hours = {day: start_of_day(day + A_DAY, LONDON) - start_of_day(day, LONDON) for day in days}
    turns = {day for day in days if hours[day] != A_DAY or day.day == 1}
    return sorted({day + near * A_DAY for day in turns for near in (-1, 0, 1)})


DUE_DATES = pytest.mark.parametrize(
    "due_dates",
    [turning_days, pytest.param(every_day, marks=[pytest.mark.full, pytest.mark.timeout(600)])],
    ids=["at-turns", "every-day"],
)

Told = dict[str, date]
"""The local day on which each step was told."""


def chased(
    ladder: Ladder, due_on: date, looks: Iterable[datetime], *, opened_on: date
) -> tuple[Told, Told]:
    """Look as the round does; return which steps were sent, and which skipped, and on what day.

    A look before the day that the last one named costs nothing, and does nothing.
    """
    sent: Told = {}
    skipped: Told = {}
    look_again_on: date | None = opened_on
    for at in looks:
        today = local_day(at, LONDON)
        if look_again_on is None or look_again_on > today:
            continue
        turn = take_turn(ladder, due_on, today, {*sent, *skipped}, opened_on=opened_on)
        for due in turn.due:
            assert due.step.name not in sent.keys() | skipped.keys()
            (skipped if due.overtaken else sent)[due.step.name] = today
        look_again_on = turn.look_again_on
        assert look_again_on is None or look_again_on > today
    return sent, skipped


def days_of(ladder: Ladder, due_on: date) -> Mapping[str, date]:
    """Return the right local day of each step."""
    return {step.name: due_on + timedelta(days=step.offset) for step in ladder.steps}


def around(days: Iterable[date]) -> Iterator[datetime]:
    """Yield when the rounds look on either side of the first instant of each day."""
    for day in days:
        start = start_of_day(day, LONDON)
        yield from (start + after for after in AROUND_MIDNIGHT)


@DUE_DATES
@pytest.mark.parametrize("name", LADDERS)
def test_on_every_due_date_of_eleven_years_each_step_goes_out_on_its_day_and_once(
    name: str, due_dates: DueDates
) -> None:
    ladder = LADDERS[name]
    for due_on in due_dates():
        days = days_of(ladder, due_on)
        opened_on = min(days.values()) - A_DAY
        sent, skipped = chased(ladder, due_on, around(days.values()), opened_on=opened_on)
        assert sent == days
        assert skipped == {}


@DUE_DATES
@pytest.mark.parametrize("name", LADDERS)
def test_after_days_without_a_round_each_step_with_a_consequence_goes_out_at_the_first_look(
    name: str, due_dates: DueDates
) -> None:
    """Nothing is early, nothing doubled, and what a later step overtook is told as skipped."""
    ladder = LADDERS[name]
    weighty = {step.name for step in ladder.steps if step.consequence}
    for due_on in due_dates():
        days = days_of(ladder, due_on)
        opened_on, last = min(days.values()) - A_DAY, max(days.values())
        every = 2 + due_on.toordinal() % 11
        looked = [
            opened_on + timedelta(days=after)
            for after in range(0, (last - opened_on).days + every, every)
        ]
        looks = (start_of_day(day, LONDON) + timedelta(hours=6) for day in looked)
        sent, skipped = chased(ladder, due_on, looks, opened_on=opened_on)
        first = {name: next(at for at in looked if at >= day) for name, day in days.items()}
        assert sent | skipped == first
        assert sent.keys() >= weighty
        assert all(skipped[name] in sent.values() for name in skipped)


@DUE_DATES
@pytest.mark.parametrize("name", LADDERS)
def test_an_obligation_opened_late_is_told_nothing_that_lay_before_it(
    name: str, due_dates: DueDates
) -> None:
    ladder = LADDERS[name]
    for due_on in due_dates():
        opened_on = due_on - timedelta(days=due_on.toordinal() % 70)
        days = days_of(ladder, due_on)
        since = {
            step.name: max(days[step.name], opened_on)
            for step in ladder.steps
            if days[step.name] >= opened_on or step.consequence
        }
        looks = around(sorted({opened_on, *days.values()}))
        sent, skipped = chased(
            ladder,
            due_on,
            (at for at in looks if local_day(at, LONDON) >= opened_on),
            opened_on=opened_on,
        )
        assert sent | skipped == since
        assert all(day == opened_on for day in skipped.values())
