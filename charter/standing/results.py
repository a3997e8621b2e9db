"""Results and level: whether promises were kept, and how far an organisation has come.

Results come from published verdicts only; the level looks at confirmed pledges, accepted reports
and accountability reviews of recent months (rule 30).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from charter.calendar import add_months
from charter.clock import end_of_day, local_day, start_of_day
from charter.standing.facts import AnswerGiven, Known, PledgeMade
from charter.standing.words import Level, Result, Standing, TypeLevel

_WORST_FIRST = (Result.NOT_KEPT, Result.PARTLY_KEPT, Result.KEPT)

_OF_ACCEPTED = {"fully": Result.KEPT, "partly": Result.PARTLY_KEPT, "not": Result.NOT_KEPT}

_WITHOUT_LEVEL = frozenset(
    {
        Standing.SUSPENDED,
        Standing.NOT_REPORTING,
        Standing.LAPSED,
        Standing.REMOVED,
        Standing.WITHDRAWN,
    },
)


@dataclass(frozen=True, slots=True)
class Results:
    """How many pledges stand at each result."""

    kept: int = 0
    partly_kept: int = 0
    not_kept: int = 0
    late: int = 0
    not_yet_due: int = 0
    withdrawn: int = 0

    @property
    def promised(self) -> int:
        """All pledges still standing: those withdrawn are shown, and not promised any more."""
        return self.kept + self.partly_kept + self.not_kept + self.late + self.not_yet_due


def assess_pledge(known: Known, pledge: PledgeMade, today: date) -> Result:
    """Return what became of one pledge: the worst of its milestones once all are reviewed."""
    if not pledge.live:
        return Result.WITHDRAWN
    outcomes = {_milestone_result(pledge, number) for number in pledge.milestones}
    if outcomes and None not in outcomes:
        return next(result for result in _WORST_FIRST if result in outcomes)
    if Result.NOT_KEPT in outcomes and _fixed_as_not_kept(pledge):
        return Result.NOT_KEPT
    late = any(
        owed.pledge == pledge.number and owed.days_late(today) >= 1 for owed in known.owed.values()
    )
    return Result.LATE if late else Result.NOT_YET_DUE


def assess_results(known: Known, today: date) -> Results:
    """Count the pledges by result on the local day `today`."""
    counts = Counter(assess_pledge(known, pledge, today) for pledge in known.pledges.values())
    return Results(**{result.value.replace("-", "_"): counts[result] for result in Result})


def assess_type(known: Known, type_id: str, at: datetime) -> TypeLevel:
    """Return how far the organisation has come for one type of racism."""
    answer = known.answers.get(type_id)
    today = local_day(at, known.pack.zone)
    if answer is None or _ran_out(answer, today):
        return TypeLevel.UNANSWERED
    if not answer.applies:
        return TypeLevel.NOT_APPLICABLE_AGREED if answer.agreed else TypeLevel.UNANSWERED
    if not has_live_pledge(known, type_id, today):
        return TypeLevel.UNANSWERED
    if not _accepted_recently(known, type_id, today):
        return TypeLevel.PLEDGED
    return TypeLevel.REVIEWED if _reviewed_recently(known, today) else TypeLevel.EVIDENCED


def assess_level(known: Known, at: datetime) -> Level | None:
    """Return how far the organisation has come; None where no level is shown."""
    if known.standing is None or known.standing in _WITHOUT_LEVEL:
        return None
    today = local_day(at, known.pack.zone)
    if known.standing is Standing.PLAN_DUE or not _committed(known, today):
        return Level.SIGNATORY
    applicable = [name for name, answer in known.answers.items() if answer.applies]
    if not all(_accepted_recently(known, name, today) for name in applicable):
        return Level.COMMITTED
    return Level.REVIEWED if _reviewed_recently(known, today) else Level.EVIDENCED


def turning_points(known: Known) -> Iterator[datetime]:
    """Yield the instants at which results or level may change by time alone."""
    zone = known.pack.zone
    numbers = known.pack.numbers.level
    for pledge in known.pledges.values():
        yield end_of_day(pledge.ends_on, zone)
        for milestone in pledge.milestones.values():
            yield end_of_day(milestone.due_on, zone)
    for answer in known.answers.values():
        if answer.expires_on is not None:
            yield end_of_day(answer.expires_on, zone)
    for accepted in known.accepted_at.values():
        lasts = add_months(local_day(accepted, zone), numbers.evidenced_months)
        yield start_of_day(lasts, zone)
    if known.reviewed_at is not None:
        lasts = add_months(local_day(known.reviewed_at, zone), numbers.reviewed_months)
        yield start_of_day(lasts, zone)


def _milestone_result(pledge: PledgeMade, number: int) -> Result | None:
    milestone = pledge.milestones[number]
    if milestone.verdict == "accepted" and milestone.worked is not None:
        return _OF_ACCEPTED[milestone.worked]
    if milestone.verdict == "not-accepted" and milestone.final:
        return Result.NOT_KEPT
    return None


def _fixed_as_not_kept(pledge: PledgeMade) -> bool:
    return any(
        milestone.verdict == "not-accepted" and milestone.final
        for milestone in pledge.milestones.values()
    )


def _committed(known: Known, today: date) -> bool:
    answers = known.answers
    if set(answers) != set(known.pack.type_ids):
        return False
    return all(_type_is_committed(known, name, answer, today) for name, answer in answers.items())


def _type_is_committed(known: Known, name: str, answer: AnswerGiven, today: date) -> bool:
    if _ran_out(answer, today):
        return False
    if not answer.applies:
        return answer.agreed
    return any(
        pledge.runs_on(today) and pledge.type == name and pledge.confirmed
        for pledge in known.pledges.values()
    )


def has_live_pledge(known: Known, type_id: str, today: date) -> bool:
    """Whether a type has a pledge that was neither withdrawn nor is over (rule 6)."""
    return any(
        pledge.runs_on(today) and pledge.type == type_id for pledge in known.pledges.values()
    )


def _ran_out(answer: AnswerGiven, today: date) -> bool:
    return answer.expires_on is not None and today > answer.expires_on


def _accepted_recently(known: Known, type_id: str, today: date) -> bool:
    accepted = known.accepted_at.get(type_id)
    if accepted is None:
        return False
    day = local_day(accepted, known.pack.zone)
    return today < add_months(day, known.pack.numbers.level.evidenced_months)


def _reviewed_recently(known: Known, today: date) -> bool:
    if known.reviewed_at is None:
        return False
    day = local_day(known.reviewed_at, known.pack.zone)
    return today < add_months(day, known.pack.numbers.level.reviewed_months)
