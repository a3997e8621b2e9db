"""Months and working days, as people count them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of one country or part of it: neither weekends nor public holidays."""

    country: str
    subdivision: str

    def __contains__(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in _public_holidays(
            self.country, self.subdivision, day.year
        )

    def after(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after `day`."""
        while count > 0:
            day += timedelta(days=1)
            count -= day in self
        return day


@lru_cache(maxsize=64)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - 9 MB of calendars that only who counts working days should carry

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
