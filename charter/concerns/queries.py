"""Following a concern by its receipt, the hub's list of them, and the lines on a page."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from charter.calendar import add_months
from charter.clock import local_day
from charter.concerns import rules
from charter.concerns.appeals import decided, last_day_to_appeal
from charter.concerns.tables import Concern
from charter.errors import NotFound
from charter.history.queries import words_of
from charter.organisations.tables import Organisation
from charter.scheme import Scheme


@dataclass(frozen=True, slots=True)
class ConcernFollowed:
    """What the holder of a receipt reads: where their concern stands and what comes next.

    `appeal_by` is the last day on which they can appeal, None where they cannot. `about_hub`
    says that the stewards the hub employs do not act on it.
    """

    about: str
    organisation: str | None
    state: str
    received_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str
    appealed_at: datetime | None
    appeal_outcome: str
    wants_meeting: bool
    about_hub: bool
    appeal_by: date | None


@dataclass(frozen=True, slots=True)
class ConcernAtHand:
    """A concern as a steward without ties sees it; nobody knows who raised it.

    `bodies` are the domains of those it is about: whoever works there does not act on it.
    `speaks_of` are the content notes that its writer chose.
    """

    id: UUID
    about: str
    organisation: UUID | None
    organisation_name: str | None
    text: str
    speaks_of: tuple[str, ...]
    types: tuple[str, ...]
    state: str
    received_at: datetime
    wants_meeting: bool
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpheldConcern:
    """The line an upheld concern leaves on a page for 24 months.

    `answer` and `plan` are what the organisation, or for the register the hub, published.
    """

    id: UUID
    decided_at: datetime
    outcome: str
    answer: str | None
    plan: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConcernAgainst:
    """A decided concern as the organisation it is about sees it: never who raised it.

    `appeal_by` is the last day on which it can appeal, None where it cannot.
    """

    id: UUID
    decided_at: datetime
    outcome: str
    state: str
    answered_at: datetime | None
    appeal_by: date | None
    may_answer: bool


async def follow_concern(scheme: Scheme, receipt: str) -> ConcernFollowed:
    """Return where a concern stands. Raises `NotFound` where no concern has this receipt."""
    row = await Concern.objects().where(Concern.receipt_hash == rules.hash_receipt(receipt)).first()
    if row is None:
        raise NotFound("There is no concern with this receipt.")
    body = (await _bodies([row])).get(row.organisation) if row.organisation else None
    hub = scheme.pack.framework.hub.domain
    return ConcernFollowed(
        about=row.about,
        organisation=body.name if body else None,
        state=row.state,
        received_at=row.received_at,
        acknowledged_at=row.acknowledged_at,
        decided_at=row.decided_at,
        outcome=row.outcome,
        appealed_at=row.appealed_at,
        appeal_outcome=row.appeal_outcome,
        wants_meeting=row.wants_meeting,
        about_hub=rules.is_about_hub(row.about, body.domain if body else None, hub),
        appeal_by=_appeal_by(scheme, row, {"not-upheld", "answered"}),
    )


async def open_concerns(scheme: Scheme) -> tuple[ConcernAtHand, ...]:
    """Return what a steward still has to look at, the oldest first."""
    rows = (
        await Concern.objects()
        .where(Concern.state.is_in(sorted(rules.AT_HAND)))
        .order_by(Concern.received_at)
    )
    bodies = await _bodies(rows)
    hub = scheme.pack.framework.hub.domain
    return tuple(_at_hand(row, bodies.get(row.organisation), hub) for row in rows)


async def upheld_concerns(
    scheme: Scheme, organisation: UUID | None, *, at: datetime | None = None
) -> tuple[UpheldConcern, ...]:
    """Return the upheld concerns that stand on a page, now or at a past instant (rule 38).

    Without an organisation: those about the register itself.
    """
    instant = at or scheme.now()
    months = scheme.pack.numbers.concerns.line_months
    whose = (
        Concern.organisation.is_null()
        if organisation is None
        else Concern.organisation == organisation
    )
    rows = await Concern.objects().where(whose & Concern.outcome.is_in(sorted(rules.BY_PANEL)))
    standing = [row for row in rows if decided(row).outcome_at(instant) == "upheld"]
    words = await words_of(row.answer for row in standing if _answered_by(row, instant))
    today = local_day(instant, scheme.pack.zone)
    return tuple(
        UpheldConcern(
            id=row.id,
            decided_at=upheld_at,
            outcome="upheld",
            answer=words.get(row.answer, {}).get("answer"),
            plan=words.get(row.answer, {}).get("plan"),
            answered_at=row.answered_at if _answered_by(row, instant) else None,
        )
        for upheld_at, row in sorted(
            ((_upheld_at(row), row) for row in standing), key=lambda pair: pair[0]
        )
        if today < add_months(local_day(upheld_at, scheme.pack.zone), months)
    )


async def concerns_against(scheme: Scheme, organisation: UUID) -> tuple[ConcernAgainst, ...]:
    """Return the concerns a panel decided about an organisation, newest first."""
    rows = (
        await Concern.objects()
        .where(
            (Concern.organisation == organisation) & Concern.outcome.is_in(sorted(rules.BY_PANEL))
        )
        .order_by(Concern.decided_at, ascending=False)
    )
    return tuple(
        ConcernAgainst(
            id=row.id,
            decided_at=row.decided_at,
            outcome=row.appeal_outcome or row.outcome,
            state=row.state,
            answered_at=row.answered_at,
            appeal_by=_appeal_by(scheme, row, {"upheld"}),
            may_answer=row.answered_at is None and (row.appeal_outcome or row.outcome) == "upheld",
        )
        for row in rows
    )


def _appeal_by(scheme: Scheme, row: Concern, outcomes: set[str]) -> date | None:
    last_day = last_day_to_appeal(scheme, row)
    if row.outcome not in outcomes or row.appealed_at is not None:
        return None
    return last_day if last_day is not None and scheme.today() <= last_day else None


def _answered_by(row: Concern, instant: datetime) -> bool:
    return row.answered_at is not None and row.answered_at <= instant


def _upheld_at(row: Concern) -> datetime:
    """Return when a concern that stands upheld was first upheld."""
    at: datetime = row.decided_at if row.outcome == "upheld" else row.appeal_decided_at
    return at


def _at_hand(row: Concern, body: Organisation | None, hub: str) -> ConcernAtHand:
    return ConcernAtHand(
        id=row.id,
        about=row.about,
        organisation=row.organisation,
        organisation_name=body.name if body else None,
        text=row.text,
        speaks_of=tuple(row.speaks_of),
        types=tuple(row.types),
        state=row.state,
        received_at=row.received_at,
        wants_meeting=row.wants_meeting,
        bodies=rules.bodies_concerned(row.about, body.domain if body else None, hub),
    )


async def _bodies(rows: list[Concern]) -> dict[UUID | None, Organisation]:
    wanted = [row.organisation for row in rows if row.organisation is not None]
    if not wanted:
        return {}
    found = await Organisation.objects().where(Organisation.id.is_in(wanted))
    return {row.id: row for row in found}
