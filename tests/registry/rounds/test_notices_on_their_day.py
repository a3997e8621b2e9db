"""The real round of the chase, on the days on which clocks change, months end and leap days fall.

What `tests/charter/obligations/test_notices_on_their_day.py` shows of every day is seen here once
through the table of rounds, its windows and the database.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from charter.clock import local_day, start_of_day
from charter.history.queries import events_of
from charter.ledger import transaction
from charter.obligations.service import open_obligation
from registry.rounds.table import ROUNDS, Round, at_local
from registry.rounds.windows import walk_due_rounds
from tests.registry.rounds.conftest import Office
from tests.world import the_pack

LONDON = ZoneInfo("Europe/London")
LONG = the_pack().ladder("long")
CHASE = tuple(each for each in ROUNDS if each.name == "chase")

DUE = (
    *(date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31), date(2027, 11, 1)),
    *(date(2027, 12, 31), date(2028, 2, 29), date(2028, 3, 1)),
)
"""The days of a spring and an autumn change and the days after, a year's end and a leap day."""

MINUTES = (-1, 0, 61, 121, 359, 360, 361, 420, 1_439)
"""When a worker looks, from the first instant of a day, in minutes."""

UNTIL = 28
"""Days after the due date on which the last step looked at here goes out."""


def looks(days: list[date], *, away: int) -> Iterator[datetime]:
    """Yield when a worker looks on days, after having been away for some."""
    for day in days:
        start = start_of_day(day + timedelta(days=away), LONDON)
        yield from (start + timedelta(minutes=minutes) for minutes in MINUTES)


@pytest.mark.parametrize("away", [0, 2])
async def test_each_notice_is_recorded_on_its_local_day_and_once(office: Office, away: int) -> None:
    steps = {step.name: step.offset for step in LONG.steps if step.offset <= UNTIL}
    office.world.clock.set(start_of_day(min(DUE) - timedelta(days=70), LONDON))
    numbers = {}
    async with transaction(office.registry.scheme) as tx:
        for number, due_on in enumerate(DUE, start=1):
            owed = await open_obligation(
                tx,
                "evidence",
                organisation=office.organisation,
                due_on=due_on,
                pledge=number,
                milestone=1,
            )
            numbers[owed.id] = due_on
    days = sorted({due_on + timedelta(days=after) for due_on in DUE for after in steps.values()})
    clock = office.world.clock
    walked: list[date] = []
    for at in sorted(looks(days, away=away)):
        clock.set(at)
        if await walk_due_rounds(office.registry, CHASE, clock=clock, zone=LONDON):
            walked.append(local_day(at, LONDON))

    told = [
        (event.data["obligation"], event.data["name"], local_day(event.recorded_at, LONDON))
        for event in await events_of(office.organisation)
        if event.kind in {"notice-sent", "notice-skipped"}
        and event.data["obligation"] in numbers
        and event.data["name"] in steps
    ]
    right = {
        (number, name, due_on + timedelta(days=after))
        for number, due_on in numbers.items()
        for name, after in steps.items()
    }
    at_the_first_walk = {
        (number, name, min(each for each in walked if each >= day)) for number, name, day in right
    }
    assert sorted(told) == sorted(at_the_first_walk)
    assert away or set(told) == right


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2027, 3, 28), time(6), datetime(2027, 3, 28, 5, tzinfo=UTC)),
        (date(2027, 3, 28), time(1), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 10, 31), time(6), datetime(2027, 10, 31, 6, tzinfo=UTC)),
        (date(2027, 10, 31), time(1), datetime(2027, 10, 31, 0, tzinfo=UTC)),
        (date(2027, 7, 1), time(0, 30), datetime(2027, 6, 30, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_the_time_on_the_clock_when_clocks_change(
    day: date, at: time, instant: datetime
) -> None:
    assert at_local(day, at, LONDON) == instant


@pytest.mark.parametrize(
    "each", [row for row in ROUNDS if row.at is not None], ids=lambda row: row.name
)
def test_a_daily_round_is_due_once_on_each_local_day_of_a_year(each: Round) -> None:
    at = start_of_day(date(2027, 1, 1), LONDON) - timedelta(microseconds=1)
    days = []
    while at < start_of_day(date(2028, 1, 1), LONDON):
        at = each.next_after(at, LONDON)
        days.append(local_day(at, LONDON))
    assert days == [date(2027, 1, 1) + timedelta(days=after) for after in range(366)]
