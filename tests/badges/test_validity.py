"""How long an edition may be believed: until the next promise is due, and never for long."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.credentials.validity import SHORTEST, assess_validity
from charter.standing.words import Standing
from tests.badges.samples import FACTS
from tests.world import the_pack

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def valid_until(standing: Standing, due: date | None = None, step: date | None = None) -> datetime:
    return assess_validity(
        replace(FACTS, standing=standing, next_due_on=due, next_step_on=step),
        at=AT,
        zone=the_pack().zone,
        numbers=the_pack().numbers.badges,
    )


def test_on_track_it_lasts_until_fourteen_days_after_the_next_due_date() -> None:
    # The clocks go forward on 29 March 2026: the 14th day ends at 23:00 UTC.
    until = valid_until(Standing.ON_TRACK, due=date(2026, 3, 20))
    assert until == datetime(2026, 4, 3, 23, tzinfo=UTC)


def test_on_track_it_lasts_no_longer_than_a_hundred_days() -> None:
    assert valid_until(Standing.ON_TRACK, due=date(2027, 1, 1)) == AT + timedelta(days=100)
    assert valid_until(Standing.PLAN_DUE) == AT + timedelta(days=100)


def test_overdue_it_lasts_until_the_next_step_and_at_most_thirty_days() -> None:
    until = valid_until(Standing.OVERDUE, step=date(2026, 3, 9))
    assert until == datetime(2026, 3, 9, tzinfo=UTC)
    assert valid_until(Standing.OVERDUE, step=date(2026, 6, 9)) == AT + timedelta(days=30)
    assert valid_until(Standing.WITHDRAWN) == AT + timedelta(days=30)


@given(
    st.sampled_from(Standing),
    st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)),
)
def test_it_always_lasts_from_one_day_to_a_hundred(
    standing: Standing,
    due: date | None,
    step: date | None,
) -> None:
    assert AT + SHORTEST <= valid_until(standing, due, step) <= AT + timedelta(days=100)


@pytest.mark.parametrize("standing", [Standing.OVERDUE, Standing.SUSPENDED])
def test_a_due_date_far_ahead_does_not_lengthen_a_bad_standing(standing: Standing) -> None:
    assert valid_until(standing, due=date(2027, 1, 1)) == AT + timedelta(days=30)
