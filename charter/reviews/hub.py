"""The hub's queue, by harm and then by lateness, and what auditors as a body are waited for."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from charter.obligations.service import describe
from charter.obligations.tables import Obligation
from charter.organisations.tables import Organisation
from charter.reviews.published import CaseForOrganisation, see_case
from charter.reviews.tables import Auditor, Case, PayEntry, Seat
from charter.scheme import Scheme

HARM = (
    "concern-acknowledgement",
    "concern-triage",
    "scheme-response",
    "held-words-release",
    "auditor-pay",
    "identity-decision",
    "identity-appeal",
    "group-check",
    "library-proposal",
)
"""What the hub owes, the most harmful to leave lying first."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class HubTask:
    """One thing a steward or payment officer has to do; `subject` is the row it is about."""

    obligation: int
    kind: str
    what: str
    subject: UUID | None
    organisation: UUID | None
    organisation_name: str | None
    due_on: date
    days_late: int


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A case without its seats: what stewards can see, and cannot fill by hand."""

    case: int
    kind: str
    organisation_name: str
    waiting_since: datetime
    no_panel_since: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """A seat that has not decided yet, by its number on its case and nothing more."""

    case: int
    seat: int
    kind: str
    state: str
    offered_at: datetime


@dataclass(frozen=True, slots=True)
class HeldWords:
    """A decided case whose words are held."""

    id: UUID
    case: int
    organisation_name: str
    held_until: datetime


@dataclass(frozen=True, slots=True)
class PayDue:
    """An unpaid line of the ledger as a payment officer sees it: a seat, never an account."""

    entry: UUID
    seat: UUID | None
    hours: str
    amount_pence: int
    due_on: date
    days_late: int


@dataclass(frozen=True, slots=True)
class WordsAtHand:
    """A decided case with the words that are about to be published, seats by pseudonym only."""

    case: CaseForOrganisation
    organisation_name: str
    publish_on: date
    held_before: bool
    held: bool


@dataclass(frozen=True, slots=True)
class AuditorAtHand:
    """An auditor as auditor care sees them in a list: a number, and no account."""

    id: UUID
    vetted_at: datetime
    resting_until: date | None
    ended_at: datetime | None
    open_seats: int
    decided_seats: int


@dataclass(frozen=True, slots=True)
class HubQueue:
    """Everything that waits on the hub."""

    tasks: tuple[HubTask, ...]
    waiting_cases: tuple[WaitingCase, ...]
    held: tuple[HeldWords, ...]
    pay: tuple[PayDue, ...]


@dataclass(frozen=True, slots=True)
class AuditorsWait:
    """How many reviews wait on auditors and for how many weeks the oldest: nothing more."""

    waiting: int
    oldest_weeks: int | None


async def hub_queue(scheme: Scheme) -> HubQueue:
    """Return the hub's queue as it stands."""
    today = scheme.today()
    owed = await Obligation.objects().where(
        (Obligation.owner == "hub") & (Obligation.state == "open")
    )
    cases = await Case.objects().where(Case.state.is_in(["waiting", "decided"]))
    names = await _names(
        [*(row.organisation for row in owed), *(case.organisation for case in cases)]
    )
    tasks = (
        HubTask(
            obligation=row.id,
            kind=row.kind,
            what=describe(scheme.pack, row),
            subject=row.subject,
            organisation=row.organisation,
            organisation_name=names.get(row.organisation) if row.organisation else None,
            due_on=row.due_on,
            days_late=(today - row.due_on).days,
        )
        for row in owed
    )
    return HubQueue(
        tasks=tuple(sorted(tasks, key=_by_harm_and_lateness)),
        waiting_cases=tuple(
            WaitingCase(
                case.number,
                case.kind,
                names.get(case.organisation, ""),
                case.waiting_since,
                case.no_panel_at,
            )
            for case in sorted(cases, key=lambda case: case.number)
            if case.state == "waiting"
        ),
        held=tuple(
            HeldWords(case.id, case.number, names.get(case.organisation, ""), case.held_until)
            for case in cases
            if case.state == "decided"
            and case.held_until is not None
            and case.held_until > scheme.now()
        ),
        pay=await pay_due(scheme),
    )


async def words_at_hand(scheme: Scheme) -> tuple[WordsAtHand, ...]:
    """Return every decided case that is not published yet, with its words: read, never edited."""
    cases = await Case.objects().where(Case.state == "decided").order_by(Case.number)
    names = await _names([case.organisation for case in cases])
    return tuple(
        [
            WordsAtHand(
                case=await see_case(case),
                organisation_name=names.get(case.organisation, ""),
                publish_on=case.publish_on,
                held_before=case.held_at is not None,
                held=case.held_until is not None and case.held_until > scheme.now(),
            )
            for case in cases
        ]
    )


async def open_seats(is_employer: Callable[[str | None], bool]) -> tuple[OpenSeat, ...]:
    """Return the seats that have not decided, by case, without those of a steward's own employer.

    `is_employer` says whether a domain is the employer of the steward who asks.
    """
    rows: list[Mapping[str, Any]] = await Seat.raw(_OPEN_SEATS)
    return tuple(
        OpenSeat(row["case"], row["seat"], row["kind"], row["state"], row["offered_at"])
        for row in rows
        if not is_employer(row["domain"])
    )


_OPEN_SEATS = """
SELECT c.number AS "case", s.number AS seat, c.kind, s.state, s.offered_at, o.domain
FROM review_seat s JOIN review_case c ON c.id = s."case"
LEFT JOIN organisation o ON o.id = c.organisation
WHERE s.state IN ('offered', 'accepted') ORDER BY c.number, s.number
"""


async def auditors_at_hand() -> tuple[AuditorAtHand, ...]:
    """Return every auditor, the longest on the list first: nothing tells who they are."""
    auditors = await Auditor.objects().order_by(Auditor.vetted_at, Auditor.id)
    seats = await Seat.select(Seat.auditor, Seat.state)
    held = Counter((row["auditor"], row["state"]) for row in seats)
    return tuple(
        AuditorAtHand(
            id=row.id,
            vetted_at=row.vetted_at,
            resting_until=row.resting_until,
            ended_at=row.ended_at,
            open_seats=held[row.id, "offered"] + held[row.id, "accepted"],
            decided_seats=held[row.id, "decided"],
        )
        for row in auditors
    )


async def account_of_auditor(scheme: Scheme, auditor: UUID) -> UUID | None:
    """Open the seal of an auditor. Whoever calls this has logged who asks, and why (rule 25)."""
    row = await Auditor.objects().where(Auditor.id == auditor).first()
    return None if row is None else scheme.seals.open(row.account_sealed)


async def auditor_to_pay(entry: UUID) -> UUID | None:
    """Return which auditor a line of pay is owed to, by number: the seal stays closed."""
    rows = await Seat.select(Seat.auditor).where(
        Seat.id.is_in(PayEntry.select(PayEntry.seat).where(PayEntry.id == entry))
    )
    return rows[0]["auditor"] if rows else None


async def pay_due(scheme: Scheme) -> tuple[PayDue, ...]:
    """Return what the hub has not paid yet, the oldest first."""
    rows = (
        await PayEntry.objects()
        .where(
            (PayEntry.payer == "hub") & PayEntry.paid_at.is_null() & (PayEntry.kind != "declined")
        )
        .order_by(PayEntry.due_on)
    )
    today = scheme.today()
    return tuple(
        PayDue(
            row.id,
            row.seat,
            f"{row.hours.normalize():f}",
            row.amount_pence,
            row.due_on,
            (today - row.due_on).days,
        )
        for row in rows
    )


async def auditors_wait(scheme: Scheme) -> AuditorsWait:
    """Return the count and the oldest wait of what auditors owe; all that is ever public of it."""
    rows = await Case.select(Case.opened_at).where(Case.state.is_in(["waiting", "drawn"]))
    oldest = min((row["opened_at"] for row in rows), default=None)
    weeks = None if oldest is None else (scheme.now() - oldest).days // WEEK
    return AuditorsWait(len(rows), weeks)


def _by_harm_and_lateness(task: HubTask) -> tuple[int, int, int]:
    harm = HARM.index(task.kind) if task.kind in HARM else len(HARM)
    return harm, -task.days_late, task.obligation


async def _names(organisations: list[UUID | None]) -> dict[UUID, str]:
    wanted = {row for row in organisations if row is not None}
    if not wanted:
        return {}
    found = await Organisation.objects().where(Organisation.id.is_in(list(wanted)))
    return {row.id: row.name for row in found}
