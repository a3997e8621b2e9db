"""Until when an edition may be believed without asking again (8-standing, "On a badge"). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from badges.credentials.facts import BadgeFacts
from charter.clock import end_of_day, start_of_day


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityNumbers:
    """The framework pack's numbers for badges, in days."""

    grace_days: int = 14
    longest_days: int = 100
    late_days: int = 30
    shortest_days: int = 1


def assess_validity(
    facts: BadgeFacts,
    *,
    at: datetime,
    zone: ZoneInfo,
    numbers: ValidityNumbers,
) -> datetime:
    """Return the `validUntil` of an edition that states `facts` from `at` on.

    While reports are in time it is the end of the next own due date and its grace, so that a
    broken promise makes the badge lapse by itself; otherwise it is the next step of the chase.
    Never so short that the registry could not replace it in time.
    """
    if facts.standing in {"plan-due", "on-track"}:
        end = at + timedelta(days=numbers.longest_days)
        if facts.next_due_on:
            grace = timedelta(days=numbers.grace_days)
            end = min(end, end_of_day(facts.next_due_on + grace, zone))
    else:
        end = at + timedelta(days=numbers.late_days)
        if facts.next_step_on:
            end = min(end, start_of_day(facts.next_step_on, zone))
    return max(end, at + timedelta(days=numbers.shortest_days))
