"""Community auditors: joining, declaring ties, resting. Known by an opaque account id (rule 25)."""

from datetime import date
from uuid import UUID

from charter.calendar import add_months
from charter.errors import FieldError, InvalidInput
from charter.ledger import Ledger, transaction
from charter.reviews.cases import find_auditor, lock_case
from charter.reviews.seats import give_up_seat
from charter.reviews.tables import Auditor, Case, Interest, Seat
from charter.scheme import Scheme

TIES = ("employed", "member", "family", "money", "other")
"""What ties an auditor to an organisation. Only membership runs out."""

MONTHS_PER_YEAR = 12


async def register_auditor(scheme: Scheme, *, account: UUID, employer_domain: str = "") -> UUID:
    """Enter a vetted auditor and return its id; the same account twice is one auditor."""
    async with transaction(scheme) as tx:
        key = scheme.seals.lookup(account)
        known = await Auditor.objects().where(Auditor.account_key == key).first()
        if known is not None:
            return known.id
        auditor = Auditor(
            id=tx.new_id(),
            account_key=key,
            account_sealed=scheme.seals.seal(account),
            vetted_at=tx.now,
            employer_domain=employer_domain.casefold().strip().strip("."),
        )
        await auditor.save()
        return auditor.id


async def declare_interest(scheme: Scheme, *, auditor: UUID, organisation: UUID, tie: str) -> None:
    """Take an auditor's word of a tie; a seat held on that organisation's case is drawn again.

    Membership counts for three years, every other tie until it is taken back (rule 20).
    """
    if tie not in TIES:
        raise InvalidInput(
            "The tie is not one of those that count.",
            errors=[FieldError("tie", f"Choose one of: {', '.join(TIES)}.")],
        )
    async with transaction(scheme) as tx:
        row = await find_auditor(auditor)
        years = scheme.pack.numbers.reviews.conflict_years
        until = add_months(tx.today, years * MONTHS_PER_YEAR) if tie == "member" else None
        await Interest(
            auditor=row.id, organisation=organisation, tie=tie, until=until, declared_at=tx.now
        ).save()
        await _leave_seats(tx, row.id, organisation)


async def rest_auditor(scheme: Scheme, *, auditor: UUID, until: date | None) -> None:
    """Take a break until and including a day, or come back from one; nobody asks why (rule 24a)."""
    async with transaction(scheme):
        row = await find_auditor(auditor)
        await Auditor.update({Auditor.resting_until: until}).where(Auditor.id == row.id)


async def end_auditor(scheme: Scheme, *, auditor: UUID) -> None:
    """Stop drawing an auditor for good; open seats are drawn again."""
    async with transaction(scheme) as tx:
        row = await find_auditor(auditor)
        await Auditor.update({Auditor.ended_at: tx.now}).where(
            (Auditor.id == row.id) & Auditor.ended_at.is_null()
        )
        await _leave_seats(tx, row.id, None)


async def _leave_seats(tx: Ledger, auditor: UUID, organisation: UUID | None) -> None:
    held = await Seat.objects().where(
        (Seat.auditor == auditor) & Seat.state.is_in(["offered", "accepted"])
    )
    cases = await Case.objects().where(Case.id.is_in([seat.case for seat in held] or [auditor]))
    owners = {case.id: case.organisation for case in cases}
    for seat in sorted(held, key=lambda seat: seat.case):
        if organisation is None or owners.get(seat.case) == organisation:
            await give_up_seat(tx, await lock_case(seat.case), seat, "expired")
