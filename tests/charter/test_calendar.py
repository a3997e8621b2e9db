"""Months and working days, as people count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.calendar import WorkingDays, add_months

DAYS = st.dates(date(2026, 1, 1), date(2036, 12, 31))
MONTHS = st.integers(0, 60)
ENGLAND = WorkingDays("GB", "ENG")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 5), 0, date(2026, 1, 5)),
    ],
)
def test_the_same_day_some_months_later_or_the_last_of_its_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later


@given(DAYS, MONTHS)
def test_months_later_is_in_the_month_so_many_ahead(day: date, months: int) -> None:
    later = add_months(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or ((later + timedelta(days=1)).day == 1 and later.day < day.day)


@given(DAYS, DAYS, MONTHS)
def test_an_earlier_day_is_never_later_some_months_on(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 12, 27),
        date(2028, 1, 3),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ],
)
def test_nobody_works_at_weekends_and_on_public_holidays(day: date) -> None:
    assert day not in ENGLAND


@given(DAYS, st.integers(1, 25))
def test_working_days_later_counts_working_days_only(day: date, count: int) -> None:
    later = ENGLAND.after(day, count)
    assert later in ENGLAND
    passed = [day + timedelta(days=each + 1) for each in range((later - day).days)]
    assert sum(each in ENGLAND for each in passed) == count


@given(DAYS)
def test_no_working_day_later_is_the_day_itself(day: date) -> None:
    assert ENGLAND.after(day, 0) == day
