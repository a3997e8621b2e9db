"""The three answers together, in words, with reasons and the instant until which they hold.

`assess` is what every page, badge and API answer rests on: events and an instant in, one frozen
answer out (rule 29). It never reads a clock or a table.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from charter.clock import local_day, start_of_day
from charter.framework.in_force import TakenUp
from charter.framework.pack import FrameworkPack
from charter.history.events import RecordedEvent
from charter.standing import results
from charter.standing.facts import Known, Owed
from charter.standing.level import Rest, find_rest
from charter.standing.results import Results
from charter.standing.rules import Move
from charter.standing.walk import Walk, walk
from charter.standing.words import IN_WORDS, Flag, Level, Result, Standing, TypeLevel

_RULE_OF_ROW = {1: 1, 2: 6, 3: 4, 9: 30, 11: 14, 12: 4, 13: 4}
"""Which rule a row of the table rests on; every other row rests on rule 30 and its ladder."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in a plain sentence, with the rule and the events behind it."""

    rule: int
    text: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A flag beside the standing."""

    flag: Flag
    since: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class TypeAnswer:
    """One of the five rows that are always shown."""

    type: str
    answer: str
    agreed: bool
    expires_on: date | None
    level: TypeLevel
    community_found: str | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Standing, results and level at one instant. `holds_until` is None where time changes nothing.

    `pledge_results` gives each pledge's result by its public number; `level_rest` until when the
    level rests on what is known.
    """

    at: datetime
    standing: Standing
    since: datetime
    public_since: datetime
    days_late: int
    band: str
    level: Level | None
    level_rest: Rest | None
    results: Results
    flags: tuple[RaisedFlag, ...]
    types: tuple[TypeAnswer, ...]
    pledge_results: dict[int, Result]
    sentence: str
    reasons: tuple[Reason, ...]
    moves: tuple[Move, ...]
    holds_until: datetime | None
    last_event: int


def assess(
    events: Iterable[RecordedEvent],
    at: datetime,
    pack: FrameworkPack,
    later: Sequence[TakenUp] = (),
) -> Assessment | None:
    """Return the three answers at `at`, or None before anything is public (rule 1).

    `pack` was in force at the beginning; each of `later` took its place at an instant (rule 29).
    """
    return answer_of(walk(events, at, pack, later), at)


def answer_of(steps: Walk, at: datetime) -> Assessment | None:
    """Return the three answers at the end of a walk, or None before anything is public.

    Time is let pass to `at`; the walk must not be ahead of it.
    """
    steps.pass_time(at)
    steps.settle_level(at)
    known, moves = steps.known, tuple(steps.moves)
    pack = known.pack
    if known.standing is None or known.since is None:
        return None
    today = local_day(at, pack.zone)
    found = {
        number: results.assess_pledge(known, pledge, today)
        for number, pledge in known.pledges.items()
    }
    counted = results.count_results(found.values())
    latest = known.most_late(today)
    days_late = max(0, latest.days_late(today)) if latest is not None else 0
    return Assessment(
        at=at,
        standing=known.standing,
        since=known.since,
        public_since=moves[0].at,
        days_late=days_late,
        band=known.band.id,
        level=known.level,
        level_rest=find_rest(known),
        results=counted,
        flags=tuple(_flags(known)),
        types=tuple(_type_answer(known, type_id, at) for type_id in pack.type_ids),
        pledge_results=found,
        sentence=say(known.standing, latest, days_late, counted),
        reasons=tuple(_reasons(known, moves, today)),
        moves=moves,
        holds_until=_holds_until(steps, at, today, late=days_late > 0),
        last_event=known.last_event,
    )


def say(standing: Standing, latest: Owed | None, days_late: int, counted: Results) -> str:
    """Return the public sentence: standing first, then results, in at most 30 words (rule 30)."""
    first = IN_WORDS[standing]
    if standing is Standing.OVERDUE and latest is not None:
        name = latest.kind.kind.replace("-", " ").capitalize()
        first = f"{name} late, {days_late} day{'' if days_late == 1 else 's'}"
    parts = [
        f"{counted.kept} of {counted.promised} promises kept" if counted.promised else "",
        f"{counted.partly_kept} partly kept" if counted.partly_kept else "",
        f"{counted.not_kept} did not work" if counted.not_kept else "",
        f"{counted.late} late" if counted.late else "",
    ]
    second = ", ".join(part for part in parts if part)
    return f"{first}. {second}." if second else f"{first}."


def _reasons(known: Known, moves: tuple[Move, ...], today: date) -> Iterator[Reason]:
    last = moves[-1]
    yield Reason(_RULE_OF_ROW.get(last.row, 30), last.cause.text, last.cause.events)
    for owed in known.owed.values():
        days = owed.days_late(today)
        if days >= 1:
            plural = "" if days == 1 else "s"
            yield Reason(34, f"{owed.what} is {days} day{plural} late.", (owed.event,))
        elif owed.paused_since is not None:
            why = (owed.paused_why or "").replace("-", " ")
            yield Reason(32, f"{owed.what}: the clock stands still ({why}).", (owed.event,))
    yield from _reasons_of_level(known)
    yield from _reasons_of_types(known, today)
    for pledge in known.pledges.values():
        if pledge.runs_on(today) and not pledge.confirmed:
            text = f"Pledge {pledge.number} is not confirmed by communities."
            yield Reason(11, text, (pledge.event,))


def _reasons_of_level(known: Known) -> Iterator[Reason]:
    keeping = known.keeping
    if known.level is None or keeping is None:
        return
    day = keeping.day_when_late(0)
    until = f"on {day.day} {day:%B %Y}" if day is not None else "when the clock runs again"
    text = f"The level falls one step below {known.level} {until} unless it is renewed."
    yield Reason(30, text, (keeping.event,))


def _reasons_of_types(known: Known, today: date) -> Iterator[Reason]:
    for each in known.pack.catalogue.types:
        type_id, name = each.id, each.name.lower()
        answer = known.answers.get(type_id)
        if answer is None:
            yield Reason(5, f"No answer yet for {name}.", ())
        elif not answer.applies and not answer.agreed:
            text = f"“Does not apply” for {name} is not yet agreed by a panel."
            yield Reason(5, text, (answer.event,))
        elif answer.applies and not results.has_live_pledge(known, type_id, today):
            yield Reason(6, f"No live pledge for {name}.", (answer.event,))


def _flags(known: Known) -> Iterator[RaisedFlag]:
    for name, raised in known.flags.items():
        flag = Flag(name.partition(":")[0])
        yield RaisedFlag(flag, raised.since, raised.reason, raised.by)


def _type_answer(known: Known, type_id: str, at: datetime) -> TypeAnswer:
    answer = known.answers.get(type_id)
    level = results.assess_type(known, type_id, at)
    word = "unanswered"
    if answer is not None:
        word = "applies" if answer.applies else "does-not-apply"
    return TypeAnswer(
        type_id,
        word,
        agreed=answer is not None and answer.agreed,
        expires_on=None if answer is None else answer.expires_on,
        level=level,
        community_found=known.findings.get(type_id),
    )


def _holds_until(steps: Walk, at: datetime, today: date, *, late: bool) -> datetime | None:
    known = steps.known
    turns = [turn for turn in results.turning_points(known) if turn > at]
    if steps.next_change is not None:
        turns.append(steps.next_change)
    if late:
        turns.append(start_of_day(today + timedelta(days=1), known.pack.zone))
    return min(turns, default=None)
