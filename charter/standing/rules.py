"""The standing machine: every row by which a standing may move.

A row is a pure test of what is known at an instant. Nothing else moves a standing (rule 30), and
no row takes an organisation down before its warning was served (rule 31). The rows are those of
docs/standing.md, by the same numbers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from charter.clock import start_of_day
from charter.framework.ladders import FIRST_LATE_DAY, MovedStanding
from charter.standing.facts import Known, Owed
from charter.standing.words import Standing


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a row applied: a sentence, and the events it rests on."""

    text: str
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the standing: by which row, from where to where, when, and why."""

    row: int
    origin: Standing | None
    to: Standing
    at: datetime
    days_late: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known at one instant, and the local day it falls on."""

    known: Known
    at: datetime
    today: date


Test = Callable[[Moment], Cause | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: from any of `origins` to `to`, whenever `test` gives a cause."""

    number: int
    origins: frozenset[Standing | None]
    to: Standing
    test: Test


def _signed_with_two_proofs(moment: Moment) -> Cause | None:
    known = moment.known
    if known.identity_at is None or known.signed_at is None or known.signed_event is None:
        return None
    return Cause("Identity was proven and the sponsor signed.", (known.signed_event,))


def _plan_published(moment: Moment) -> Cause | None:
    known = moment.known
    if known.plan_published_at is None or known.plan_event is None:
        return None
    return Cause("A plan was published.", (known.plan_event,))


def _something_late(moment: Moment) -> Cause | None:
    for owed in _late(moment, FIRST_LATE_DAY):
        if any(was_served(moment, owed, step) for step in _reminders(moment.known, owed)):
            return Cause(_how_late(owed, moment.today), (owed.event,))
    return None


def _nothing_late(moment: Moment) -> Cause | None:
    if next(_late(moment, FIRST_LATE_DAY), None) is not None:
        return None
    return Cause("Nothing late is left open.")


def _late_and_warned(
    moment: Moment, *, standing: MovedStanding, needs: Callable[[Moment], Iterable[str]]
) -> Cause | None:
    for owed in moment.known.owed.values():
        days = _threshold(moment.known, owed, standing)
        if days is None or owed.days_late(moment.today) < days:
            continue
        if all(_grace_is_over(moment, owed, step, standing) for step in needs(moment)):
            return Cause(_how_late(owed, moment.today), (owed.event,))
    return None


def _before_lapse(moment: Moment) -> Iterable[str]:
    return moment.known.pack.numbers.standing.lapse_needs_served


def _before_suspension(moment: Moment) -> Iterable[str]:
    return moment.known.pack.numbers.standing.suspension_needs_served


def _two_cycles_missed(moment: Moment) -> Cause | None:
    known = moment.known
    if known.missed_cycles < known.pack.numbers.standing.missed_cycles_removed:
        return None
    missed = [
        owed
        for owed in known.reflections.values()
        if owed.missed_cycle and owed.paused_since is None
    ]
    if not missed:
        return None
    return Cause(
        f"{known.missed_cycles} yearly reflections in a row were missed.",
        tuple(owed.event for owed in missed),
    )


def _reports_accepted_and_signed_again(moment: Moment) -> Cause | None:
    known = moment.known
    if known.since is None or known.signed_again_at is None:
        return None
    if known.signed_again_at <= known.since:
        return None
    for owed in known.owed.values():
        days = _threshold(known, owed, "suspended")
        if owed.paused_why == "under-review":
            return None
        if days is not None and owed.days_late(moment.today) >= days:
            return None
    return Cause("The missing reports were accepted and the sponsor signed again.")


def _both(moment: Moment, *, first: Test, second: Test) -> Cause | None:
    cause = first(moment)
    return cause if cause is not None and second(moment) is not None else None


def _still_late(moment: Moment) -> Cause | None:
    owed = next(_late(moment, FIRST_LATE_DAY), None)
    return None if owed is None else Cause(_how_late(owed, moment.today), (owed.event,))


def _withdrew(moment: Moment) -> Cause | None:
    known = moment.known
    if known.withdrew_at is None or known.withdrew_event is None:
        return None
    return Cause("The organisation left the charter.", (known.withdrew_event,))


def _signed_anew(moment: Moment) -> Cause | None:
    known = moment.known
    if known.signed_at is None or known.since is None or known.signed_at <= known.since:
        return None
    return Cause("The sponsor signed anew.", (known.signed_event or 0,))


_S = Standing
_PUBLIC = frozenset[Standing | None](
    {_S.PLAN_DUE, _S.ON_TRACK, _S.OVERDUE, _S.SUSPENDED, _S.NOT_REPORTING},
)
_OUT = frozenset[Standing | None]({_S.SUSPENDED, _S.NOT_REPORTING})


def _from(*origins: Standing | None) -> frozenset[Standing | None]:
    return frozenset(origins)


_REINSTATED = _reports_accepted_and_signed_again

ROWS: tuple[Row, ...] = (
    Row(1, _from(None), _S.PLAN_DUE, _signed_with_two_proofs),
    Row(11, _PUBLIC, _S.WITHDRAWN, _withdrew),
    Row(2, _from(_S.PLAN_DUE), _S.ON_TRACK, _plan_published),
    Row(
        3,
        _from(_S.PLAN_DUE),
        _S.LAPSED,
        partial(_late_and_warned, standing="lapsed", needs=_before_lapse),
    ),
    Row(4, _from(_S.ON_TRACK), _S.OVERDUE, _something_late),
    Row(5, _from(_S.OVERDUE), _S.ON_TRACK, _nothing_late),
    Row(
        6,
        _from(_S.OVERDUE),
        _S.SUSPENDED,
        partial(_late_and_warned, standing="suspended", needs=_before_suspension),
    ),
    Row(9, _OUT, _S.OVERDUE, partial(_both, first=_REINSTATED, second=_still_late)),
    Row(9, _OUT, _S.ON_TRACK, partial(_both, first=_REINSTATED, second=_nothing_late)),
    Row(
        7,
        _from(_S.SUSPENDED),
        _S.NOT_REPORTING,
        partial(_late_and_warned, standing="not-reporting", needs=lambda _: ("not-reporting",)),
    ),
    Row(
        10,
        _OUT,
        _S.REMOVED,
        partial(_late_and_warned, standing="removed", needs=lambda _: ("removed",)),
    ),
    Row(10, _OUT, _S.REMOVED, _two_cycles_missed),
    Row(12, _from(_S.LAPSED, _S.WITHDRAWN), _S.PLAN_DUE, _signed_anew),
    Row(13, _from(_S.REMOVED), _S.PLAN_DUE, _signed_anew),
)
"""The table. Rows 8, 14, 15, 16 and 17 change no standing by themselves: they open, meet or pause
obligations, or say that nothing moves."""


def first_row(moment: Moment) -> tuple[Row, Cause] | None:
    """Return the first row that applies at a moment, with its cause; None where nothing moves."""
    for row in ROWS:
        if moment.known.standing in row.origins and (cause := row.test(moment)) is not None:
            return row, cause
    return None


def count_missed_cycles(moment: Moment) -> None:
    """Mark every yearly reflection that has been late long enough to count as missed (rule 27).

    Two such cycles remove, so each counts only once the notice of that day was served (rule 31).
    """
    missed_after = moment.known.pack.numbers.accountability.missed_after_days
    for owed in moment.known.reflections.values():
        if owed.missed_cycle:
            continue
        if owed.days_late(moment.today) >= missed_after and was_served(moment, owed, "suspended"):
            owed.missed_cycle = True
            moment.known.cycles_missed.append(owed.due_on)


def next_turn(moment: Moment, owed: Owed) -> datetime | None:
    """Return the next instant at which one obligation may move the standing by time alone."""
    known = moment.known
    turns = []
    marked = _next_mark(moment, owed)
    if marked is not None:
        turns.append(start_of_day(marked, known.pack.zone))
    for warning in owed.warnings.values():
        served = known.served_at(warning)
        if served > moment.at:
            turns.append(served)
        elif served + known.grace > moment.at:
            turns.append(served + known.grace)
    return min(turns, default=None)


def _next_mark(moment: Moment, owed: Owed) -> date | None:
    """Return the next local day on which it becomes late by a number of days that counts."""
    late = owed.days_late(moment.today)
    for days in moment.known.pack.marks(owed.kind.kind, moment.known.band.id):
        if days > late:
            day = owed.day_when_late(days)
            if day is not None and day > moment.today:
                return day
    return None


def _threshold(known: Known, owed: Owed, standing: MovedStanding) -> int | None:
    days = known.pack.ladder(owed.kind.ladder).days_until(standing)
    return None if days is None else known.band.stretch(days)


def _reminders(known: Known, owed: Owed) -> Iterator[str]:
    ladder = known.pack.ladder(owed.kind.ladder)
    return (step.name for step in ladder.steps if step.reminds or step.moves_to == "overdue")


def _late(moment: Moment, days: int) -> Iterator[Owed]:
    return (owed for owed in moment.known.owed.values() if owed.days_late(moment.today) >= days)


def was_served(moment: Moment, owed: Owed, step: str) -> bool:
    """Whether the warning of a step had been served by a moment (rule 31)."""
    served = moment.known.served(owed, step)
    return served is not None and served <= moment.at


def _grace_is_over(moment: Moment, owed: Owed, step: str, standing: MovedStanding) -> bool:
    served = moment.known.served(owed, step)
    if served is None:
        return False
    days = moment.known.pack.numbers.standing.grace_days if standing == "suspended" else 0
    return served + timedelta(days=days) <= moment.at


def _how_late(owed: Owed, today: date) -> str:
    days = owed.days_late(today)
    what = owed.what[:1].lower() + owed.what[1:]
    return f"This was {days} day{'' if days == 1 else 's'} late: {what}."
