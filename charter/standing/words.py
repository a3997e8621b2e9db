"""The closed lists of answers: standings, levels, results and flags, with their plain words."""

from enum import StrEnum


class Standing(StrEnum):
    """Does it report when it said it would? Moved only by the table in `rules.py`."""

    PLAN_DUE = "plan-due"
    ON_TRACK = "on-track"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    NOT_REPORTING = "not-reporting"
    LAPSED = "lapsed"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    """How far has it come? Each level includes the one before it."""

    SIGNATORY = "signatory"
    COMMITTED = "committed"
    EVIDENCED = "evidenced"
    REVIEWED = "reviewed"


class Result(StrEnum):
    """Was a promise kept? From published verdicts only."""

    KEPT = "kept"
    PARTLY_KEPT = "partly-kept"
    NOT_KEPT = "not-kept"
    LATE = "late"
    NOT_YET_DUE = "not-yet-due"
    WITHDRAWN = "withdrawn"


class Flag(StrEnum):
    """What stands beside a standing and never changes it."""

    UNDER_REVIEW = "under-review"
    VOICES_DIFFER = "voices-differ"
    PAUSED = "paused"
    NO_PANEL_AVAILABLE = "no-panel-available"
    TEXT_HELD = "text-held"


class TypeLevel(StrEnum):
    """How far for one type of racism: the rubric of the badge."""

    NOT_APPLICABLE_AGREED = "not-applicable-agreed"
    UNANSWERED = "unanswered"
    PLEDGED = "pledged"
    EVIDENCED = "evidenced"
    REVIEWED = "reviewed"


ON_SHOW: frozenset[Standing] = frozenset({Standing.ON_TRACK, Standing.OVERDUE})
"""Standings with which a badge may hang on a door: a plan is published, nothing is suspended."""

DOWNWARDS: frozenset[Standing] = frozenset(
    {
        Standing.OVERDUE,
        Standing.SUSPENDED,
        Standing.NOT_REPORTING,
        Standing.LAPSED,
        Standing.REMOVED,
        Standing.WITHDRAWN,
    },
)
"""A move to one of these is a downgrade: every live badge edition is revoked with it."""

GONE: frozenset[Standing] = frozenset({Standing.LAPSED, Standing.REMOVED, Standing.WITHDRAWN})
"""Standings of organisations that are in the charter no more: they stay on show and owe nothing."""

IN_WORDS: dict[Standing, str] = {
    Standing.PLAN_DUE: "Signed; its first plan is due",
    Standing.ON_TRACK: "Reports on time",
    Standing.OVERDUE: "Overdue",
    Standing.SUSPENDED: "Suspended",
    Standing.NOT_REPORTING: "Not reporting",
    Standing.LAPSED: "Lapsed: it published no plan in time",
    Standing.REMOVED: "Removed",
    Standing.WITHDRAWN: "Withdrew from the charter",
}
