"""What a standing means for somebody who has just scanned a badge. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from charter.standing.words import Standing

Verdict = Literal["current", "overdue", "suspended", "not-reporting", "ended", "unknown"]

VERDICTS: Final[Mapping[Standing, Verdict]] = MappingProxyType(
    {
        Standing.PLAN_DUE: "current",
        Standing.ON_TRACK: "current",
        Standing.OVERDUE: "overdue",
        Standing.SUSPENDED: "suspended",
        Standing.NOT_REPORTING: "not-reporting",
        Standing.LAPSED: "ended",
        Standing.REMOVED: "ended",
        Standing.WITHDRAWN: "ended",
    }
)

HEADLINES: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.PLAN_DUE: "{name} has signed the charter. Its first plan is due.",
        Standing.ON_TRACK: "{name} has signed the charter and reports on time.",
        Standing.OVERDUE: "{name} is late with what it promised to report.",
        Standing.SUSPENDED: "{name} is suspended. This badge must not be on show.",
        Standing.NOT_REPORTING: "{name} no longer reports. This badge must not be on show.",
        Standing.LAPSED: "{name} has no valid badge. It published no plan in time.",
        Standing.REMOVED: "{name} has no valid badge. It was removed from the charter.",
        Standing.WITHDRAWN: "{name} has no valid badge. It withdrew from the charter.",
    }
)
"""The first line of the page: the verdict in words."""

GOOD: Final = frozenset({Standing.PLAN_DUE, Standing.ON_TRACK})


def headline(standing: Standing, name: str) -> str:
    """Return the verdict on the organisation called `name`, as one line."""
    return HEADLINES[standing].format(name=name)


def tone(standing: Standing) -> str:
    """Return which of the three looks the verdict has; its words say it too."""
    if standing in GOOD:
        return "good"
    return "warning" if standing is Standing.OVERDUE else "bad"
