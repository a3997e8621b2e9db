"""How a standing is decided, told from the tables that decide it: rows, ladders and numbers."""

from typing import Any

from charter.framework.ladders import Ladder, LadderStep
from charter.framework.pack import FrameworkPack
from charter.standing.rules import ROWS, Row
from charter.standing.words import IN_WORDS, Level, Result, Standing

STANDARD = "long"
"""The ladder most promises run on; its days stand in the sentences."""


def describe_machine(pack: FrameworkPack) -> dict[str, Any]:
    """Return standings, the rows that move them, the ladders, and what levels and results need."""
    return {
        "pack": {"id": pack.id, "digest": pack.digest},
        "standings": [
            {
                "standing": standing.value,
                "in_words": IN_WORDS[standing],
                "meaning": MEANINGS[standing],
            }
            for standing in Standing
        ],
        "rows": [_row(row, pack) for row in ROWS],
        "ladders": [_ladder(ladder, pack) for ladder in pack.ladders],
        "levels": [level.value for level in Level],
        "results": [result.value for result in Result],
        "numbers": {
            "evidenced_months": pack.numbers.level.evidenced_months,
            "reviewed_months": pack.numbers.level.reviewed_months,
            "grace_days": pack.numbers.standing.grace_days,
            "served_after_hours": pack.numbers.standing.served_after_hours,
            "shown_days": pack.numbers.standing.shown_days,
            "pause_days_most": pack.numbers.pauses.days_most,
        },
    }


def _row(row: Row, pack: FrameworkPack) -> dict[str, Any]:
    return {
        "row": row.number,
        "from": sorted(standing.value for standing in row.origins if standing is not None),
        "to": row.to.value,
        "when": WHEN[row.number].format_map(_days(pack)),
    }


def _days(pack: FrameworkPack) -> dict[str, object]:
    numbers = pack.numbers.standing
    ladder = pack.ladder(STANDARD)
    return {
        "plan": pack.numbers.signing.plan_days,
        "suspended": ladder.days_until("suspended"),
        "silent": ladder.days_until("not-reporting"),
        "removed": ladder.days_until("removed"),
        "grace": numbers.grace_days,
        "warnings": _list(
            [ladder.find_step(name).title for name in numbers.suspension_needs_served]
        ),
        "cycles": numbers.missed_cycles_removed,
        "wait": numbers.removed_re_sign_days,
    }


def _list(titles: list[str]) -> str:
    return " and ".join(f"“{title}”" for title in titles)


def _ladder(ladder: Ladder, pack: FrameworkPack) -> dict[str, Any]:
    return {
        "name": ladder.name,
        "for": [kind.title for kind in pack.obligations if kind.ladder == ladder.name],
        "steps": [_step(step) for step in ladder.steps],
    }


def _step(step: LadderStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "title": step.title,
        "offset": step.offset,
        "public": step.public,
        "consequence": step.consequence,
        "addressees": list(step.addressees),
        "moves_to": step.moves_to,
    }


WHEN = {
    1: "Its identity is proven, and its sponsor has signed the charter.",
    2: "It publishes a plan with a pledge for every type that applies.",
    3: "No plan is published within {plan} days, and it was warned.",
    4: "Something it owes is late by one day or more, and it was reminded before.",
    5: "Nothing late is left open.",
    6: "Something is late by {suspended} days; the notices {warnings} have reached it,"
    " and {grace} more days have passed.",
    7: "Something is late by {silent} days, and the notice that says so has reached it.",
    9: "The missing reports were accepted (also where they say that something did not work),"
    " and the sponsor signed again.",
    10: "Something is late by {removed} days and the notice has reached it,"
    " or {cycles} yearly reflections in a row were missed and the notice has reached it.",
    11: "It leaves the charter, in public and with a reason, or is merged into another.",
    12: "It signs again.",
    13: "It signs again, {wait} days later at the earliest, and has brought all open reports.",
}
"""What each row asks, by its number. The days are the pack's."""

MEANINGS = {
    Standing.PLAN_DUE: "It signed. Its first plan has still to come.",
    Standing.ON_TRACK: "Everything it owed so far has arrived.",
    Standing.OVERDUE: "Something it owes has not arrived in time.",
    Standing.SUSPENDED: "It has been silent for months, through every warning."
    " Its badge no longer counts.",
    Standing.NOT_REPORTING: "It is still silent. Nobody can tell what became of its promises.",
    Standing.LAPSED: "It signed and never published a plan.",
    Standing.REMOVED: "It was silent for so long that it is no longer a signatory.",
    Standing.WITHDRAWN: "It left the charter, and said why.",
}
"""What each standing means, in plain words."""
