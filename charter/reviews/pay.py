"""Paying people: a ledger with no bank details, and work that stops until they are paid.

Pay is its own obligation on the ladder (rule 24).
"""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from charter.clock import local_day
from charter.errors import InvalidInput, NotFound, RuleViolation
from charter.framework.numbers import PayNumbers
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    find_obligation,
    meet_obligation,
    open_obligation,
    pause_clock,
    resume_clock,
)
from charter.plans.tables import Session
from charter.reviews.tables import PayEntry, Seat
from charter.reviews.unpaid import tell_whether_panels_stop
from charter.scheme import Scheme

PAID_AS = frozenset({"fee", "voucher", "gift"})
"""How a payer can pay. Declining freely is the payee's word alone."""

AWAITS_PAYEE = "payee-to-confirm"
"""The public reason of a pay clock that waits for the payee's word."""


class NotYetPaid(RuleViolation):
    """Nothing was recorded as paid that could be confirmed or disputed."""

    code = "not-yet-paid"
    rule = 24


def debrief_earned(cases_done: int, numbers: PayNumbers) -> int:
    """Return the hours of debrief that come with an auditor's n-th case: one after every ten."""
    return 0 if cases_done % numbers.debrief_every_cases else numbers.debrief_hours


async def earn_seat_pay(tx: Ledger, seat: Seat, hours: Decimal | None = None) -> PayEntry | None:
    """Enter what the hub owes for a seat; a whole case's hours unless `hours` are given.

    Every tenth case decided adds a paid hour of debrief (rule 24a). Nothing is entered for no
    time, nor twice for one seat.
    """
    pay = tx.scheme.pack.numbers.pay
    most = Decimal(pay.case_hours)
    if hours is None:
        done = await Seat.count().where((Seat.auditor == seat.auditor) & (Seat.state == "decided"))
        given = most + debrief_earned(done, pay)
    else:
        given = min(max(hours, Decimal(0)), most)
    if not given or await PayEntry.exists().where(PayEntry.seat == seat.id):
        return None
    entry = PayEntry(
        id=tx.new_id(),
        payer="hub",
        seat=seat.id,
        kind="fee",
        hours=given,
        rate_pence=pay.auditor_pence_per_hour,
        amount_pence=int(given * pay.auditor_pence_per_hour),
        earned_on=tx.today,
        due_on=tx.today + timedelta(days=pay.auditor_days),
    )
    owed = await open_obligation(
        tx, "auditor-pay", organisation=None, subject=entry.id, due_on=entry.due_on
    )
    entry.obligation = owed.id
    await entry.save()
    return entry


async def record_payment(scheme: Scheme, *, entry: UUID, kind: str) -> None:
    """Say that an entry was paid, as fee, voucher or gift; its clock waits for the payee."""
    async with transaction(scheme) as tx:
        await _record_paid(tx, await _lock_entry(entry), kind)


async def record_session_payment(
    scheme: Scheme, *, organisation: UUID, session: int, kind: str
) -> None:
    """Say that the people of a co-design session were paid, by its public number."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        found = (
            await Session.select(Session.id)
            .where((Session.organisation == organisation) & (Session.number == session))
            .first()
        )
        entry = (
            await PayEntry.select(PayEntry.id)
            .where(PayEntry.session == found["id"])
            .order_by(PayEntry.due_on, ascending=False)
            .first()
            if found
            else None
        )
        if entry is None:
            raise NotFound("Nothing is owed for this session.")
        await _record_paid(tx, await _lock_entry(entry["id"]), kind)


async def _record_paid(tx: Ledger, row: PayEntry, kind: str) -> None:
    if kind not in PAID_AS:
        raise InvalidInput("Say how it was paid: fee, voucher or gift.")
    if row.paid_at is not None or row.kind == "declined":
        return
    await PayEntry.update({PayEntry.kind: kind, PayEntry.paid_at: tx.now}).where(
        PayEntry.id == row.id
    )
    tx.record(
        "payment-made",
        {
            "payer": row.payer,
            "hours": hours_in_words(row.hours),
            "kind": kind,
            "session": await _session_number(row),
        },
        organisation=row.organisation,
        by=row.payer,
    )
    if row.obligation is not None:
        owed = await find_obligation(row.obligation)
        await pause_clock(tx, owed, why=AWAITS_PAYEE, by=row.payer)
    await tell_whether_panels_stop(tx)


async def _session_number(row: PayEntry) -> int | None:
    if row.session is None:
        return None
    found = await Session.select(Session.number).where(Session.id == row.session).first()
    return found["number"] if found else None


async def confirm_payment(scheme: Scheme, *, entry: UUID) -> None:
    """Take the payee's word that the payment arrived. Raises `NotYetPaid`."""
    async with transaction(scheme) as tx:
        row = await _lock_entry(entry)
        _refuse_unless_paid(row)
        await confirm_entry(tx, row)


async def dispute_payment(scheme: Scheme, *, entry: UUID) -> None:
    """Take the payee's word that nothing arrived: it is owed again and its clock runs."""
    async with transaction(scheme) as tx:
        row = await _lock_entry(entry)
        _refuse_unless_paid(row)
        if row.confirmed_at is not None:
            return
        await owe_again(tx, row)


async def decline_payment(scheme: Scheme, *, entry: UUID) -> None:
    """Take the payee's own, free word that they want no payment for this work."""
    async with transaction(scheme) as tx:
        row = await _lock_entry(entry)
        if row.paid_at is not None or row.kind == "declined":
            return
        await PayEntry.update({PayEntry.kind: "declined", PayEntry.confirmed_at: tx.now}).where(
            PayEntry.id == row.id
        )
        if row.obligation is not None:
            await meet_obligation(tx, await find_obligation(row.obligation))
        await tell_whether_panels_stop(tx)


async def count_silence_as_received(scheme: Scheme) -> int:
    """Confirm every payment nobody disputed within 30 days; return how many."""
    silence = scheme.pack.numbers.pay.silence_days
    rows = await PayEntry.select(PayEntry.id).where(
        PayEntry.paid_at.is_not_null() & PayEntry.confirmed_at.is_null()
    )
    count = 0
    for found in rows:
        async with transaction(scheme) as tx:
            row = await _lock_entry(found["id"])
            if row.paid_at is None or row.confirmed_at is not None:
                continue
            if (tx.today - local_day(row.paid_at, scheme.pack.zone)).days >= silence:
                await confirm_entry(tx, row)
                count += 1
    return count


def hours_in_words(hours: Decimal) -> str:
    """Return hours without idle noughts, such as 3 or 1.5."""
    return f"{hours.normalize():f}"


async def confirm_entry(tx: Ledger, row: PayEntry) -> None:
    """Count a payment as received, by the payee's word or by their silence; once."""
    if row.confirmed_at is not None or row.paid_at is None:
        return
    await PayEntry.update({PayEntry.confirmed_at: tx.now}).where(PayEntry.id == row.id)
    days = (local_day(row.paid_at, tx.scheme.pack.zone) - (row.earned_on or row.due_on)).days
    tx.record(
        "payment-confirmed",
        {
            "payer": row.payer,
            "hours": hours_in_words(row.hours),
            "days": max(days, 0),
            "session": await _session_number(row),
        },
        organisation=row.organisation,
        by="payee",
    )
    if row.obligation is not None:
        await meet_obligation(tx, await find_obligation(row.obligation))


async def owe_again(tx: Ledger, row: PayEntry) -> None:
    """Take in that a payment did not arrive: it is owed again and its clock runs."""
    await PayEntry.update({PayEntry.paid_at: None}).where(PayEntry.id == row.id)
    if row.obligation is not None:
        await resume_clock(tx, await find_obligation(row.obligation), by="payee")
    await tell_whether_panels_stop(tx)


def _refuse_unless_paid(row: PayEntry) -> None:
    if row.paid_at is None:
        raise NotYetPaid("No payment is recorded yet.")


async def _lock_entry(entry: UUID) -> PayEntry:
    row = await PayEntry.objects().where(PayEntry.id == entry).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such entry.")
    return row
