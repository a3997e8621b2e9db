"""Results: whether promises were kept, and how far each type of racism has come (rule 30).

They come from published verdicts only. What counts for some months does so until its last day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from charter.clock import end_of_day, local_day, start_of_day
from charter.standing.facts import AnswerGiven, Known, MilestoneReviewed, PledgeMade
from charter.standing.words import Result, TypeLevel

_WORST_FIRST = (Result.NOT_KEPT, Result.PARTLY_KEPT, Result.KEPT)

_OF_ACCEPTED = {"fully": Result.KEPT, "partly": Result.PARTLY_KEPT, "not": Result.NOT_KEPT}


_NAMED = tuple((result.value.replace("-", "_"), result) for result in Result)


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
    outcomes = {_milestone_result(milestone) for milestone in pledge.milestones.values()}
    if outcomes and None not in outcomes:
        return next(result for result in _WORST_FIRST if result in outcomes)
    if Result.NOT_KEPT in outcomes and _fixed_as_not_kept(pledge):
        return Result.NOT_KEPT
    late = any(
        owed.pledge == pledge.number and owed.days_late(today) >= 1 for owed in known.owed.values()
    )
    return Result.LATE if late else Result.NOT_YET_DUE


def count_results(found: Iterable[Result]) -> Results:
    """Count results of pledges, each at its own."""
    counts = Counter(found)
    return Results(**{name: counts[result] for name, result in _NAMED})


def assess_type(known: Known, type_id: str, at: datetime) -> TypeLevel:
    """Return how far the organisation has come for one type of racism."""
    answer = known.answers.get(type_id)
    today = local_day(at, known.pack.zone)
    if answer is None or ran_out(answer, today):
        return TypeLevel.UNANSWERED
    if not answer.applies:
        return TypeLevel.NOT_APPLICABLE_AGREED if answer.agreed else TypeLevel.UNANSWERED
    if not has_live_pledge(known, type_id, today):
        return TypeLevel.UNANSWERED
    if not accepted_recently(known, type_id, today):
        return TypeLevel.PLEDGED
    return TypeLevel.REVIEWED if reviewed_recently(known, today) else TypeLevel.EVIDENCED


def turning_points(known: Known) -> Iterator[datetime]:
    """Yield the instants at which results or level may change by time alone."""
    zone = known.pack.zone
    for pledge in known.pledges.values():
        yield end_of_day(pledge.ends_on, zone)
        for milestone in pledge.milestones.values():
            yield end_of_day(milestone.due_on, zone)
    for answer in known.answers.values():
        if answer.expires_on is not None:
            yield end_of_day(answer.expires_on, zone)
    numbers = known.pack.numbers
    most = numbers.pauses.days_most
    for renewed, months in (
        *((reports, numbers.level.evidenced_months) for reports in known.reports.values()),
        (known.review, numbers.level.reviewed_months),
    ):
        for lapses in (renewed.lasts_until(months), renewed.lapses_on(months, most)):
            if lapses is not None:
                yield start_of_day(lapses, zone)


def _milestone_result(milestone: MilestoneReviewed) -> Result | None:
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


def has_live_pledge(known: Known, type_id: str, today: date) -> bool:
    """Whether a type has a pledge that was neither withdrawn nor is over (rule 6)."""
    return any(
        pledge.runs_on(today) and pledge.type == type_id for pledge in known.pledges.values()
    )


def ran_out(answer: AnswerGiven, today: date) -> bool:
    """Whether an answer holds no longer (rule 5)."""
    return answer.expires_on is not None and today > answer.expires_on


def accepted_recently(known: Known, type_id: str, today: date) -> bool:
    """Whether a report on a type was accepted within the months it counts for."""
    months, most = known.pack.numbers.level.evidenced_months, known.pack.numbers.pauses.days_most
    return _counts(known.reports[type_id].lapses_on(months, most), today)


def reviewed_recently(known: Known, today: date) -> bool:
    """Whether an accountability review was published within the months it counts for."""
    months, most = known.pack.numbers.level.reviewed_months, known.pack.numbers.pauses.days_most
    return _counts(known.review.lapses_on(months, most), today)


def _counts(lapses_on: date | None, today: date) -> bool:
    return lapses_on is not None and today < lapses_on
