"""The pay ledger as payees and payers see it: no bank details, and no account of anybody."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from charter.plans.tables import Session
from charter.reviews.queries import auditor_of, seat_is_of
from charter.reviews.tables import Case, PayEntry, Seat
from charter.scheme import Scheme


@dataclass(frozen=True, slots=True)
class PayLine:
    """One line of an auditor's pay ledger. `state` is due, paid, confirmed or declined."""

    entry: UUID
    case: int | None
    kind: str
    hours: Decimal
    amount_pence: int
    earned_on: date | None
    due_on: date
    paid_at: datetime | None
    confirmed_at: datetime | None
    state: str


async def pay_ledger(scheme: Scheme, account: UUID) -> tuple[PayLine, ...]:
    """Return an auditor's pay, newest first."""
    auditor = await auditor_of(scheme, account)
    if auditor is None:
        return ()
    seats = {seat.id: seat for seat in await Seat.objects().where(Seat.auditor == auditor.id)}
    if not seats:
        return ()
    numbers = await _case_numbers([seat.case for seat in seats.values()])
    entries = (
        await PayEntry.objects()
        .where(PayEntry.seat.is_in(list(seats)))
        .order_by(PayEntry.due_on, ascending=False)
    )
    return tuple(see_pay(entry, numbers.get(seats[entry.seat].case)) for entry in entries)


async def entry_is_of(scheme: Scheme, entry: UUID, account: UUID) -> bool:
    """Return whether a line of the pay ledger is owed to an account: the payee's guard."""
    row = await PayEntry.objects().where(PayEntry.id == entry).first()
    return row is not None and row.seat is not None and await seat_is_of(scheme, row.seat, account)


async def pay_of_session(organisation: UUID, session: int) -> PayLine | None:
    """Return what is owed, or was paid, to the people of a co-design session; None if nothing."""
    rows = (
        await PayEntry.objects()
        .where(
            PayEntry.session.is_in(
                Session.select(Session.id).where(
                    (Session.organisation == organisation) & (Session.number == session)
                )
            )
        )
        .order_by(PayEntry.due_on, ascending=False)
    )
    return see_pay(rows[0], None) if rows else None


def see_pay(entry: PayEntry, case: int | None) -> PayLine:
    """Return a line of the ledger with its state in one word."""
    state = "due"
    if entry.kind == "declined":
        state = "declined"
    elif entry.confirmed_at is not None:
        state = "confirmed"
    elif entry.paid_at is not None:
        state = "paid"
    return PayLine(
        entry=entry.id,
        case=case,
        kind=entry.kind,
        hours=entry.hours,
        amount_pence=entry.amount_pence,
        earned_on=entry.earned_on,
        due_on=entry.due_on,
        paid_at=entry.paid_at,
        confirmed_at=entry.confirmed_at,
        state=state,
    )


async def _case_numbers(cases: list[UUID]) -> dict[UUID, int]:
    rows = await Case.select(Case.id, Case.number).where(Case.id.is_in(cases))
    return {row["id"]: row["number"] for row in rows}
