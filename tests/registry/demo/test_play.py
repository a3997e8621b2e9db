"""The same seed plays the same region twice, and by the hour the same as by the day."""

from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter

import pytest

from charter.clock import start_of_day
from registry.demo.play import Stage
from registry.embedded import Services
from registry.rounds.outbox import work_outbox
from registry.rounds.table import ROUNDS
from tests.registry.demo.companies import House, Played, by_the_day, midnights, played

DAYS = 70
COMPARED = 60
YEAR = 365


async def by_the_hour(stage: Stage, day: date, until: datetime) -> None:
    """Play a day, with what comes round all day long walked every hour, and the mail sent."""
    zone = stage.registry.scheme.pack.zone
    steps = stage.steps_of(day, zone)
    hour = start_of_day(day, zone)
    while hour < start_of_day(day + timedelta(days=1), zone):
        steps += [
            (hour, partial(each.walk, stage.registry)) for each in ROUNDS if each.every is not None
        ]
        steps.append((hour, partial(_send_mail, stage)))
        hour += timedelta(hours=1)
    for at, step in sorted(steps, key=itemgetter(0)):
        if at <= until:
            stage.clock.set(at)
            await step()


async def _send_mail(stage: Stage) -> None:
    await work_outbox(stage.clock, stage.handlers, lanes=1)


@pytest.fixture(scope="module")
def house(
    services: Services, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> House:
    """Lend the house that every play here is given in."""
    return House(services.owner_url, migrated_template, tmp_path_factory.mktemp("plays"))


@pytest.fixture(scope="module")
async def day_by_day(house: House) -> Played:
    """Play ten weeks as the demonstration does."""
    return await played(house, days=DAYS, play_one=by_the_day)


async def test_the_same_seed_plays_the_same_twice(house: House, day_by_day: Played) -> None:
    again = await played(house, days=DAYS, play_one=by_the_day)
    assert again.facts() == day_by_day.facts()
    for midnight in midnights(COMPARED):
        assert again.answers_at(midnight) == day_by_day.answers_at(midnight)


async def test_the_play_is_worth_comparing(day_by_day: Played) -> None:
    answers = [
        answer
        for midnight in midnights(COMPARED)
        for answer in day_by_day.answers_at(midnight).values()
    ]
    assert len(day_by_day.organisations) == 3
    assert {"plan-due", "on-track", "overdue"} <= {each.standing for each in answers}
    kinds = {event.kind for event in day_by_day.events}
    assert {"evidence-received", "verdict-published", "codesign-confirmed"} <= kinds
    assert {"panel-key-recorded", "endorsement-received"} <= kinds


async def test_by_the_hour_gives_the_same_answers_at_each_midnight(
    house: House, day_by_day: Played
) -> None:
    by_hours = await played(house, days=DAYS, play_one=by_the_hour)
    for midnight in midnights(COMPARED):
        assert by_hours.answers_at(midnight) == day_by_day.answers_at(midnight)


@pytest.mark.full
@pytest.mark.timeout(1800)
async def test_a_year_gives_the_same_answers_twice_and_by_the_hour(house: House) -> None:
    first = await played(house, days=YEAR, play_one=by_the_day)
    again = await played(house, days=YEAR, play_one=by_the_day)
    by_hours = await played(house, days=YEAR, play_one=by_the_hour)
    assert again.facts() == first.facts()
    for midnight in midnights(YEAR):
        assert again.answers_at(midnight) == first.answers_at(midnight)
        assert by_hours.answers_at(midnight) == first.answers_at(midnight)
