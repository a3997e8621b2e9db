"""Rules 7, 10, 12 and 13: what a pledge must say, and what may change once it is published.

Pure: drafts in, errors and refusals out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from charter.calendar import add_months
from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack

TITLE_MOST = 150
TEXT_MOST = 4_000
MILESTONES_MOST = 20
FUNDING_MOST_PENCE = 100_000_000_000
YEARS_MOST = 5
"""How long a pledge may run: what lies further ahead is a hope, not a promise."""


class PledgeAlreadyPublished(RuleViolation):
    """A published pledge was to be changed as if it were a draft."""

    code = "pledge-already-published"
    rule = 12


class PledgeNotLive(RuleViolation):
    """The pledge is a draft, has ended, or was withdrawn."""

    code = "pledge-not-live"
    rule = 14


class TypeFixed(RuleViolation):
    """The one type a published pledge counts for was to change."""

    code = "type-fixed"
    rule = 7


class DueDateMoved(RuleViolation):
    """An amendment was to move a date; only a community decision does."""

    code = "due-date-moved"
    rule = 13


class MilestoneDropped(RuleViolation):
    """An amendment was to leave out a milestone that was promised."""

    code = "milestone-dropped"
    rule = 12


class PublicReasonNeeded(RuleViolation):
    """A published pledge changes only with a public reason."""

    code = "public-reason-needed"
    rule = 12


class ChangedMeanwhile(RuleViolation):
    """Somebody else changed the pledge since it was opened for writing."""

    code = "changed-meanwhile"
    rule = 12


class NothingChanged(RuleViolation):
    """The amendment says what the pledge says already."""

    code = "nothing-changed"
    rule = 12


@dataclass(frozen=True, slots=True)
class MilestoneDraft:
    """A dated step, with what will count as evidence for it.

    `evidence_until` is the last day on which that evidence holds; None where it holds for good.
    """

    title: str
    due_on: date
    evidence: str
    evidence_until: date | None = None


@dataclass(frozen=True, slots=True)
class PledgeDraft:
    """Everything a pledge says (rule 10).

    `type` is the one it counts for (rule 7). `actions` and `change` are catalogue ids,
    `own_action` words for an action the catalogue does not have. `funding_pence` is None where
    no money is set aside.
    """

    type: str
    secondary_types: tuple[str, ...]
    title: str
    promise: str
    actions: tuple[str, ...]
    own_action: str
    change: str
    who_notices: str
    forms: tuple[str, ...]
    communities: tuple[str, ...]
    also_concerns: tuple[str, ...]
    measure: str
    baseline: str
    target: str
    owner_role: str
    funding_pence: int | None
    funded_until: date | None
    starts_on: date
    ends_on: date
    milestones: tuple[MilestoneDraft, ...]


_WORDS = (
    ("title", TITLE_MOST, "Give the pledge a short title."),
    ("promise", TEXT_MOST, "Say what you promise to do."),
    ("who_notices", TEXT_MOST, "Say who will notice the difference."),
    ("measure", TEXT_MOST, "Say what you will measure."),
    ("baseline", TEXT_MOST, "Say how it is today."),
    ("target", TEXT_MOST, "Say how it should be in the end."),
    ("owner_role", TITLE_MOST, "Name the role that answers for it, not a person."),
)


def check_pledge(
    draft: PledgeDraft,
    pack: FrameworkPack,
    today: date,
    *,
    promised: Sequence[date] = (),
) -> list[FieldError]:
    """Return everything wrong with a draft at once, under names such as `milestones[0].due_on`.

    `promised` are the dates in force of milestones already published, in their order: those may
    lie in the past.
    """
    return [
        *_check_words(draft),
        *_check_choices(draft, pack),
        *_check_dates(draft, today, started=bool(promised)),
        *_check_milestones(draft, today, len(promised)),
        *_check_funding(draft),
    ]


def _check_words(draft: PledgeDraft) -> Iterator[FieldError]:
    for name, most, message in _WORDS:
        yield from _check_text(name, getattr(draft, name), most, message)
    if len(draft.own_action) > TEXT_MOST:
        yield FieldError("own_action", f"Use {TEXT_MOST} characters or fewer.")


def _check_text(name: str, given: str, most: int, message: str) -> Iterator[FieldError]:
    if not given.strip():
        yield FieldError(name, message)
    elif len(given) > most:
        yield FieldError(name, f"Use {most} characters or fewer.")


def _check_choices(draft: PledgeDraft, pack: FrameworkPack) -> Iterator[FieldError]:
    types = {each.id: each for each in pack.catalogue.types}
    if draft.type not in types:
        yield FieldError("type", "Choose the one type this pledge counts for.")
    secondary = draft.secondary_types
    if not set(types).issuperset(secondary) or draft.type in secondary:
        yield FieldError("secondary_types", "Choose other types than the one it counts for.")
    if len(set(secondary)) != len(secondary):
        yield FieldError("secondary_types", "Choose each type once.")
    most = pack.numbers.pledges.secondary_types_most
    if len(secondary) > most:
        yield FieldError("secondary_types", f"Choose up to {most} other types.")
    actions = {action.id for each in types.values() for action in each.actions}
    if not actions.issuperset(draft.actions):
        yield FieldError("actions", "Choose actions from the catalogue.")
    elif not draft.actions and not draft.own_action.strip():
        yield FieldError("actions", "Choose an action, or describe one of your own.")
    changes = {change.id for each in types.values() for change in each.changes}
    if draft.change not in changes:
        yield FieldError("change", "Choose the change you seek.")
    region = pack.region
    offered = (
        ("forms", region.forms, True, "Choose the forms of racism it is about."),
        ("communities", region.communities, True, "Choose the communities it is for."),
        ("also_concerns", region.intersections, False, "Choose from the list."),
    )
    for name, choices, needed, message in offered:
        chosen = getattr(draft, name)
        if not {choice.id for choice in choices}.issuperset(chosen) or (needed and not chosen):
            yield FieldError(name, message)


def _check_dates(draft: PledgeDraft, today: date, *, started: bool) -> Iterator[FieldError]:
    if draft.ends_on <= draft.starts_on:
        yield FieldError("ends_on", "Enter an end that is after the start.")
    elif draft.ends_on > add_months(draft.starts_on, 12 * YEARS_MOST):
        yield FieldError("ends_on", f"Enter an end within {YEARS_MOST} years of the start.")
    elif not started and draft.ends_on <= today:
        yield FieldError("ends_on", "Enter an end that is still to come.")


def _check_milestones(draft: PledgeDraft, today: date, promised: int) -> Iterator[FieldError]:
    if not 1 <= len(draft.milestones) <= MILESTONES_MOST:
        yield FieldError("milestones", f"Add between 1 and {MILESTONES_MOST} milestones.")
    for place, milestone in enumerate(draft.milestones):
        field = f"milestones[{place}]"
        yield from _check_text(
            f"{field}.title", milestone.title, TITLE_MOST, "Say what will be done by then."
        )
        yield from _check_text(
            f"{field}.evidence", milestone.evidence, TEXT_MOST, "Say what will count as evidence."
        )
        if milestone.evidence_until is not None and milestone.evidence_until <= milestone.due_on:
            message = "Enter a date after the milestone's own, or leave it empty."
            yield FieldError(f"{field}.evidence_until", message)
        if place < promised:
            continue
        if milestone.due_on <= today:
            yield FieldError(f"{field}.due_on", "Enter a date that is still to come.")
        elif not draft.starts_on <= milestone.due_on <= draft.ends_on:
            message = "Enter a date between the start and the end of the pledge."
            yield FieldError(f"{field}.due_on", message)


def _check_funding(draft: PledgeDraft) -> Iterator[FieldError]:
    if draft.funding_pence is None:
        return
    if not 0 <= draft.funding_pence <= FUNDING_MOST_PENCE:
        yield FieldError(
            "funding_pence", f"Enter an amount from £0 to £{FUNDING_MOST_PENCE // 100:,}."
        )
    if draft.funded_until is None:
        yield FieldError("funded_until", "Say until when the money is there.")
    elif draft.funded_until < draft.starts_on:
        yield FieldError("funded_until", "Enter a date after the start.")


def decide_amendment(
    before: PledgeDraft, after: PledgeDraft, promised: Sequence[date], reason: str
) -> None:
    """Raise where an amendment takes back what was promised.

    `promised` are the dates in force, by milestone. Raises `PublicReasonNeeded`, `TypeFixed`,
    `MilestoneDropped`, `DueDateMoved` and `NothingChanged`.
    """
    if not reason.strip():
        raise PublicReasonNeeded("Say in public why the pledge changes.")
    if before.type != after.type:
        raise TypeFixed(
            "A published pledge counts for one type for good. Make a new pledge for another type."
        )
    if len(after.milestones) < len(promised):
        raise MilestoneDropped(
            "A milestone once promised stays. Report on it, or withdraw the whole pledge."
        )
    moved = [
        FieldError(f"milestones[{place}].due_on", f"This was promised for {day:%-d %B %Y}.")
        for place, (day, milestone) in enumerate(zip(promised, after.milestones, strict=False))
        if milestone.due_on != day
    ]
    moved += [
        FieldError(f"milestones[{place}].evidence_until", "This was promised, and does not move.")
        for place, (was, now) in enumerate(zip(before.milestones, after.milestones, strict=False))
        if was.evidence_until != now.evidence_until
    ]
    if moved:
        raise DueDateMoved(
            "A date moves only by a community decision. Ask for more time instead.", errors=moved
        )
    if before == after:
        raise NothingChanged("Nothing in the pledge has changed.")
