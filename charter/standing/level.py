"""Level: how far an organisation has come. It rises at once and falls step by step (rule 30).

A level rests on confirmed pledges, accepted reports and accountability reviews of recent months.
Where it rests on them no longer, something is owed to keep it; it falls when that is late and both
warnings were served. Only the loss of a type's last live pledge ends *committed* at once (rule 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from charter.framework.ladders import FIRST_LATE_DAY
from charter.standing.facts import AnswerGiven, Known, Owed
from charter.standing.results import accepted_recently, has_live_pledge, ran_out, reviewed_recently
from charter.standing.rules import Moment, was_served
from charter.standing.words import Level, Standing

WITHOUT_LEVEL = frozenset(
    {
        Standing.SUSPENDED,
        Standing.NOT_REPORTING,
        Standing.LAPSED,
        Standing.REMOVED,
        Standing.WITHDRAWN,
    },
)
"""Standings beside which no level is shown."""

LADDER = tuple(Level)
"""The levels from the lowest; each includes the one before it."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What a level rests on: the first day on which it no longer does, unless renewed.

    `waits` says that something sent in waits for auditors, so that the days stand still.
    """

    lapses_on: date
    waits: bool


def settle_level(moment: Moment) -> Level | None:
    """Write down the level held at a moment, and return the one that the facts alone would give.

    Without news, asking at several moments ends as asking at the last of them alone.
    """
    known = moment.known
    if known.standing is None or known.standing in WITHOUT_LEVEL:
        known.level, known.short_since = None, None
        return None
    earned = earned_level(known, moment.today)
    if known.level is None or LADDER.index(earned) >= LADDER.index(known.level):
        known.level, known.short_since = earned, None
    elif _lost_at_once(known, moment.today):
        known.level, known.short_since = Level.SIGNATORY, None
    elif known.keeping is not None and _is_over(moment, known.keeping):
        known.level = LADDER[LADDER.index(known.level) - 1]
        known.keeping = None
    return earned


def note_shortfall(moment: Moment, earned: Level | None) -> None:
    """Write down since which event the level held rests on nothing, where it does."""
    known = moment.known
    if earned is known.level:
        known.short_since = None
    elif known.short_since is None:
        known.short_since = moment.today


def earned_level(known: Known, today: date) -> Level:
    """Return the level that the facts alone would give on a day, whatever level was held before."""
    if known.standing is Standing.PLAN_DUE or not _committed(known, today):
        return Level.SIGNATORY
    if not all(accepted_recently(known, name, today) for name in _applicable(known)):
        return Level.COMMITTED
    return Level.REVIEWED if reviewed_recently(known, today) else Level.EVIDENCED


def find_rest(known: Known) -> Rest | None:
    """Return until when the level held rests on what is known; None where time cannot end it."""
    return min(_rests(known), key=lambda rest: rest.lapses_on, default=None)


def _rests(known: Known) -> Iterator[Rest]:
    if known.level in {None, Level.SIGNATORY}:
        return
    if known.short_since is not None:
        yield Rest(known.short_since, waits=False)
    for answer in known.answers.values():
        if answer.expires_on is not None:
            yield Rest(answer.expires_on + timedelta(days=1), waits=False)
    if known.level is Level.COMMITTED:
        return
    numbers = known.pack.numbers.level
    renewed = [(known.reports[name], numbers.evidenced_months) for name in _applicable(known)]
    if known.level is Level.REVIEWED:
        renewed.append((known.review, numbers.reviewed_months))
    for each, months in renewed:
        lapses_on = each.lasts_until(months)
        if lapses_on is not None:
            yield Rest(lapses_on, waits=each.waits_since is not None)


def _is_over(moment: Moment, keeping: Owed) -> bool:
    steps = moment.known.pack.ladder(keeping.kind.ladder).steps
    return keeping.days_late(moment.today) >= FIRST_LATE_DAY and all(
        was_served(moment, keeping, step.name) for step in steps if step.reminds
    )


def _lost_at_once(known: Known, today: date) -> bool:
    """Whether a type that applies lost its last live pledge (rule 6)."""
    return any(not has_live_pledge(known, name, today) for name in _applicable(known))


def _applicable(known: Known) -> Iterator[str]:
    return (name for name, answer in known.answers.items() if answer.applies)


def _committed(known: Known, today: date) -> bool:
    answers = known.answers
    if len(answers) != len(known.pack.type_ids):
        return False
    return all(_type_is_committed(known, name, answer, today) for name, answer in answers.items())


def _type_is_committed(known: Known, name: str, answer: AnswerGiven, today: date) -> bool:
    if ran_out(answer, today):
        return False
    if not answer.applies:
        return answer.agreed
    return any(
        pledge.type == name and pledge.runs_on(today) and pledge.confirmed
        for pledge in known.pledges.values()
    )
