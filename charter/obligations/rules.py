"""Rules of what is due: when it ends, which step of its ladder is next, and what to call it.

Dates are local days of the scheme; a due day lasts until its last moment (rule 34).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from charter.calendar import WorkingDays
from charter.framework.ladders import Ladder, LadderStep, ObligationKind

ClockState = Literal["running", "paused", "waiting-on-hub", "met", "waived"]
"""What a clock is seen to do (rule 32)."""

HUB_REASONS = frozenset(
    {"hub-late", "under-review", "no-panel-available", "extension-asked", "concern-appealed"}
)
"""Reasons of a pause that wait on the hub or its auditors, not on the organisation."""


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step of a ladder whose day has come. A step that was overtaken is only recorded."""

    step: LadderStep
    overtaken: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look at an obligation brings: the steps whose day has come, and when to look again.

    `look_again_on` is None after the last step.
    """

    due: tuple[StepDue, ...]
    look_again_on: date | None


def due_day(kind: ObligationKind, opened_on: date, working_days: WorkingDays) -> date:
    """Return the last local day of an obligation opened on `opened_on`.

    Raises ValueError for a kind whose date another fact sets.
    """
    if kind.days is None:
        raise ValueError(f"{kind.kind} has no length of its own")
    if kind.working:
        return working_days.after(opened_on, kind.days)
    return opened_on + timedelta(days=kind.days)


def name_obligation(
    kind: ObligationKind,
    *,
    pledge: int | None = None,
    milestone: int | None = None,
    type_id: str | None = None,
) -> str:
    """Return what the public reads: the kind, and what of the organisation's it concerns."""
    about = [
        f"pledge {pledge}" if pledge is not None else "",
        f"milestone {milestone}" if milestone is not None else "",
        f"{type_id} racism" if type_id is not None and pledge is None else "",
    ]
    told = ", ".join(part for part in about if part)
    return f"{kind.title} ({told})" if told else kind.title


def steps_due(
    ladder: Ladder, days_late: int, told: Iterable[str], *, opened_days_before: int
) -> Iterator[StepDue]:
    """Yield the steps whose day has come and that were not told yet, earliest first (rule 37).

    `days_late` is n, negative before the date. A reminder overtaken by a later step is recorded
    and not sent; a step with a consequence is never skipped. Steps whose day lay before the
    obligation was opened, `opened_days_before` days ahead of its date, were never due.
    """
    known = set(told)
    come = [
        step
        for step in ladder.steps
        if step.offset <= days_late
        and step.name not in known
        and (step.offset >= -opened_days_before or step.consequence)
    ]
    for position, step in enumerate(come):
        last = position == len(come) - 1
        yield StepDue(step, overtaken=not last and not step.consequence)


def take_turn(
    ladder: Ladder,
    due_on: date,
    today: date,
    told: Iterable[str],
    *,
    opened_on: date,
    paused_days: int = 0,
) -> Turn:
    """Return what a look on the local day `today` brings, whenever the last look was (rule 37).

    `told` are the steps told of this due date before.
    """
    days_late = (today - due_on).days - paused_days
    opened_days_before = (due_on - opened_on).days
    return Turn(
        tuple(steps_due(ladder, days_late, told, opened_days_before=opened_days_before)),
        next_step_day(ladder, due_on, today, paused_days=paused_days),
    )


def next_step_day(
    ladder: Ladder, due_on: date, today: date, *, paused_days: int = 0
) -> date | None:
    """Return the next day after `today` on which a step is due, or None after the last one.

    `paused_days` are days on which the clock stood still; they move every step (rule 32).
    """
    for step in ladder.steps:
        day = due_on + timedelta(days=step.offset + paused_days)
        if day > today:
            return day
    return None


def next_step(ladder: Ladder, days_late: int) -> LadderStep | None:
    """Return the first step still to come, or None after the last."""
    return next((step for step in ladder.steps if step.offset > days_late), None)


def see_clock(state: str, paused_why: str | None) -> ClockState:
    """Return what the public sees a clock do."""
    if state in {"met", "waived"}:
        return "met" if state == "met" else "waived"
    if paused_why is None:
        return "running"
    return "waiting-on-hub" if paused_why in HUB_REASONS else "paused"


def may_ask_for_more_time(
    *, days_late: int, window: tuple[int, int], asked_before: bool, days: int, most: int
) -> str | None:
    """Return why a date cannot be asked to move, or None where it can (rule 13)."""
    opens, closes = window
    if asked_before:
        return "More time can be asked for once for each date. It has been asked for already."
    if not opens <= days_late <= closes:
        return (
            f"More time can be asked for from {-opens} days before the date"
            f" until {closes} days after it."
        )
    if not 1 <= days <= most:
        return f"Ask for between 1 and {most} days."
    return None
