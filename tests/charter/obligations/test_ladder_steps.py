"""Which steps of a ladder are told, and which were overtaken (rules 35 and 37)."""

from collections.abc import Iterable

from charter.obligations.rules import steps_due
from tests.world import the_pack

LONG = the_pack().ladder("long")


def told_on(days_late: int, told: Iterable[str] = (), *, opened: int = 365) -> dict[str, bool]:
    """Return the steps due when it is `days_late`, each with whether it was overtaken."""
    steps = steps_due(LONG, days_late, told, opened_days_before=opened)
    return {due.step.name: due.overtaken for due in steps}


def test_rule_35_a_step_is_told_on_its_day_and_once() -> None:
    assert told_on(-60) == {"remind-60": False}
    assert told_on(-59, ["remind-60"]) == {}


def test_rule_37_of_reminders_that_were_missed_only_the_newest_is_sent() -> None:
    assert told_on(-7) == {"remind-60": True, "remind-30": True, "remind-7": False}


def test_rule_37_a_step_with_a_consequence_is_never_skipped() -> None:
    consequences = {step.name for step in LONG.steps if step.consequence}
    overtaken = told_on(400)
    assert consequences
    assert {name for name, was in overtaken.items() if not was} == consequences


def test_rule_35_what_lay_before_the_obligation_was_opened_was_never_due() -> None:
    assert told_on(-7, opened=14) == {"remind-7": False}
