"""Following a concern by its receipt, the hub's list of them, and the lines on a page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from charter.calendar import add_months
from charter.clock import local_day
from charter.concerns import rules
from charter.concerns.tables import Concern
from charter.errors import NotFound
from charter.history.queries import words_of
from charter.organisations.tables import Organisation
from charter.scheme import Scheme


@dataclass(frozen=True, slots=True)
class ConcernFollowed:
    """What the holder of a receipt reads: where their concern stands and what comes next."""

    about: str
    organisation: str | None
    state: str
    received_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class ConcernAtHand:
    """A concern as a steward without ties sees it; nobody knows who raised it."""

    id: UUID
    about: str
    organisation: UUID | None
    organisation_name: str | None
    text: str
    state: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class UpheldConcern:
    """The line an upheld concern leaves on an organisation's page for 24 months."""

    id: UUID
    decided_at: datetime
    outcome: str
    answer: str | None
    answered_at: datetime | None


async def follow_concern(receipt: str) -> ConcernFollowed:
    """Return where a concern stands. Raises `NotFound` where no concern has this receipt."""
    row = await Concern.objects().where(Concern.receipt_hash == rules.hash_receipt(receipt)).first()
    if row is None:
        raise NotFound("There is no concern with this receipt.")
    name = (await _names([row])).get(row.organisation) if row.organisation else None
    return ConcernFollowed(
        about=row.about,
        organisation=name,
        state=row.state,
        received_at=row.received_at,
        acknowledged_at=row.acknowledged_at,
        decided_at=row.decided_at,
        outcome=row.outcome,
    )


async def open_concerns() -> tuple[ConcernAtHand, ...]:
    """Return what a steward still has to look at, the oldest first."""
    rows = (
        await Concern.objects()
        .where(Concern.state.is_in(["received", "acknowledged"]))
        .order_by(Concern.received_at)
    )
    names = await _names(rows)
    return tuple(
        ConcernAtHand(
            id=row.id,
            about=row.about,
            organisation=row.organisation,
            organisation_name=names.get(row.organisation) if row.organisation else None,
            text=row.text,
            state=row.state,
            received_at=row.received_at,
        )
        for row in rows
    )


async def upheld_concerns(scheme: Scheme, organisation: UUID) -> tuple[UpheldConcern, ...]:
    """Return the upheld concerns that still stand on an organisation's page (rule 38)."""
    months = scheme.pack.numbers.concerns.line_months
    rows = await Concern.objects().where(
        (Concern.organisation == organisation) & (Concern.outcome == "upheld")
    )
    words = await words_of(row.answer for row in rows)
    today = scheme.today()
    return tuple(
        UpheldConcern(
            id=row.id,
            decided_at=row.decided_at,
            outcome=row.outcome,
            answer=words.get(row.answer, {}).get("answer"),
            answered_at=row.answered_at,
        )
        for row in sorted(rows, key=lambda row: row.decided_at)
        if today < add_months(local_day(row.decided_at, scheme.pack.zone), months)
    )


async def _names(rows: list[Concern]) -> dict[UUID, str]:
    wanted = [row.organisation for row in rows if row.organisation is not None]
    if not wanted:
        return {}
    found = await Organisation.objects().where(Organisation.id.is_in(wanted))
    return {row.id: row.name for row in found}
