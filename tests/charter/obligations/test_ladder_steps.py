"""Which steps of a ladder are told, and which were overtaken (rules 35 and 37)."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from charter.obligations.rules import steps_due, take_turn
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


DUE_ON = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("after", "paused", "opened", "told", "due", "again"),
    [
        (-61, 0, 90, (), {}, -60),
        (-60, 0, 90, (), {"remind-60": False}, -30),
        (-60, 0, 90, ("remind-60",), {}, -30),
        (-7, 0, 90, (), {"remind-60": True, "remind-30": True, "remind-7": False}, -1),
        (-7, 0, 7, (), {"remind-7": False}, -1),
        (-7, 0, 6, (), {}, -1),
        (1, 0, 0, (), {"late": False}, 7),
        (1, 10, 0, (), {}, 3),
        (11, 10, 0, (), {"late": False}, 17),
        (365, 0, 0, [step.name for step in LONG.steps[:-1]], {"removed": False}, None),
    ],
)
def test_a_look_brings_what_is_due_and_names_the_day_of_the_next(
    *,
    after: int,
    paused: int,
    opened: int,
    told: Iterable[str],
    due: dict[str, bool],
    again: int | None,
) -> None:
    turn = take_turn(
        LONG,
        DUE_ON,
        DUE_ON + timedelta(days=after),
        told,
        opened_on=DUE_ON - timedelta(days=opened),
        paused_days=paused,
    )
    assert {each.step.name: each.overtaken for each in turn.due} == due
    next_look = None if again is None else DUE_ON + timedelta(days=again)
    assert turn.look_again_on == next_look


def test_no_days_are_paused_unless_it_is_said() -> None:
    day = DUE_ON + timedelta(days=1)
    turn = take_turn(LONG, DUE_ON, day, (), opened_on=DUE_ON)
    assert turn == take_turn(LONG, DUE_ON, day, (), opened_on=DUE_ON, paused_days=0)
    assert [each.step.name for each in turn.due] == ["late"]
