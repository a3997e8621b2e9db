"""Until when an edition may be believed without asking again (8-standing, "On a badge"). Pure."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from badges.credentials.facts import BadgeFacts
from charter.clock import end_of_day, start_of_day
from charter.framework.numbers import BadgeNumbers
from charter.standing.words import Standing

SHORTEST: Final = timedelta(days=1)
"""The registry can replace an edition within this time, so none runs out before it."""

_IN_TIME: Final = frozenset({Standing.PLAN_DUE, Standing.ON_TRACK})


def assess_validity(
    facts: BadgeFacts,
    *,
    at: datetime,
    zone: ZoneInfo,
    numbers: BadgeNumbers,
) -> datetime:
    """Return the `validUntil` of an edition that states `facts` from `at` on.

    While reports are in time it is the end of the next own due date and its grace, so that a
    broken promise makes the badge lapse by itself; otherwise it is the next step of the chase.
    No edition outlives a panel's word inside it: a reader would call it run out.
    """
    if facts.standing in _IN_TIME:
        end = at + timedelta(days=numbers.on_track_most_days)
        if facts.next_due_on:
            grace = timedelta(days=numbers.on_track_margin_days)
            end = min(end, end_of_day(facts.next_due_on + grace, zone))
    else:
        end = at + timedelta(days=numbers.overdue_most_days)
        if facts.next_step_on:
            end = min(end, start_of_day(facts.next_step_on, zone))
    end = max(end, at + SHORTEST)
    return min([end, *(said.valid_until for said in facts.endorsements)])
