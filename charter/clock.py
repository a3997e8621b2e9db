"""The one source of time.

Instants are timezone-aware UTC. A due date is a local calendar day of the scheme and lasts
until its last moment there (rule 34).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime:
        """Return the present instant, timezone-aware, in UTC."""
        ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it was put: for playing stretches of scheme time, and for tests."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant the clock was last set to."""
        return self.at

    def set(self, at: datetime) -> None:
        """Move the hands to `at`, which must be timezone-aware."""
        if at.tzinfo is None:
            msg = "a clock is set to an aware instant"
            raise ValueError(msg)
        self.at = at.astimezone(UTC)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day that `at` falls on in `zone`."""
    return at.astimezone(zone).date()


@lru_cache(maxsize=10_000)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of `day` in `zone`, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant after `day` in `zone`, in UTC: the moment a due date has passed."""
    return start_of_day(day + timedelta(days=1), zone)
