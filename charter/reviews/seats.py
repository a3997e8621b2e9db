"""A seat on a panel: offered, accepted or declined, handed back, and what its auditor owes.

Nobody is asked for a reason, and time already given is paid (rule 24a).
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from charter.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from charter.ledger import Ledger, transaction
from charter.obligations import rules as due_rules
from charter.obligations.service import (
    close_obligation,
    find_obligation,
    meet_obligation,
    open_obligation,
    working_days,
)
from charter.reviews import drawing, rules
from charter.reviews.cases import (
    domain_judged,
    find_auditor,
    find_seat,
    lock_case,
    public_owner,
    seats_of,
    wait_for_seats,
)
from charter.reviews.pay import earn_seat_pay
from charter.reviews.tables import Case, Interest, Seat, SeatDraft
from charter.scheme import Scheme

REDRAWN_WHY = ("auditor-asked", "no-answer", "tie-came-to-light")
"""Why a steward may ask for a seat to be drawn again."""


class SeatNotOpen(RuleViolation):
    """The seat was answered before, or has been drawn again."""

    code = "seat-not-open"
    rule = 20


class TieToOrganisation(NotAllowed):
    """The auditor has a tie to the organisation and cannot sit on its case (rule 20)."""

    code = "tie-to-organisation"


async def offer_seat(tx: Ledger, case: Case, auditor: UUID) -> Seat:
    """Give an auditor that was drawn the next seat of a case, to accept or decline."""
    number = len(await seats_of(case)) + 1
    seat = Seat(
        id=tx.new_id(),
        case=case.id,
        auditor=auditor,
        number=number,
        pseudonym=rules.pseudonym(number),
        offered_at=tx.now,
    )
    owed = await open_obligation(tx, "conflict-declaration", organisation=None, subject=seat.id)
    seat.obligation = owed.id
    await seat.save()
    return seat


async def accept_seat(scheme: Scheme, *, seat: UUID) -> None:
    """Take a seat that was offered; from here on a review is due. Raises `TieToOrganisation`."""
    async with transaction(scheme) as tx:
        row, case = await _lock_seat(seat)
        if row.state == "accepted":
            return
        _refuse_unless(row, "offered")
        await refuse_ties(tx, row, case)
        await _settle_obligation(tx, row, met=True)
        owed = await open_obligation(
            tx, "review", organisation=None, subject=row.id, due_on=await _review_due(tx, case)
        )
        await _answer(tx, row, "accepted", owed.id)


async def decline_seat(scheme: Scheme, *, seat: UUID) -> None:
    """Decline a seat. No reason is asked and none is kept."""
    async with transaction(scheme) as tx:
        row, case = await _lock_seat(seat)
        if row.state == "declined":
            return
        _refuse_unless(row, "offered")
        await give_up_seat(tx, case, row, "declined")


async def hand_back_seat(scheme: Scheme, *, seat: UUID, hours: Decimal = Decimal(0)) -> None:
    """Hand a case back at any point; the `hours` already given are paid (rule 24a)."""
    async with transaction(scheme) as tx:
        row, case = await _lock_seat(seat)
        if row.state == "handed-back":
            return
        _refuse_unless(row, "accepted")
        await give_up_seat(tx, case, row, "handed-back")
        await earn_seat_pay(tx, row, hours)


async def ask_for_redraw(
    scheme: Scheme, *, case: int, seat: int, why: str, steward_employer_domain: str
) -> None:
    """Have an open seat drawn again, in public and with a reason; a steward fills none.

    A seat that has sealed its verdict stays. Raises `SeatNotOpen` and `TieToOrganisation`.
    """
    if why not in REDRAWN_WHY:
        raise InvalidInput("Choose why the seat is drawn again. It is published.")
    async with transaction(scheme) as tx:
        row = await Case.objects().where(Case.number == case).lock_rows("UPDATE").first()
        if row is None:
            raise NotFound("There is no such case.")
        held = await Seat.objects().where((Seat.case == row.id) & (Seat.number == seat)).first()
        if held is None or held.state not in {"offered", "accepted"}:
            raise SeatNotOpen("This seat is not open. Only a seat that has not decided is redrawn.")
        if drawing.shares_domain(steward_employer_domain, await domain_judged(tx, row)):
            raise TieToOrganisation("You work for this organisation. Another steward may ask.")
        tx.record(
            "redraw-asked",
            {"case": row.number, "seat": held.number, "why": why},
            organisation=public_owner(row),
            by="steward",
        )
        await give_up_seat(tx, row, held, "expired")


async def give_up_seat(tx: Ledger, case: Case, seat: Seat, state: str) -> None:
    """Empty a seat, so that it is drawn again; what was typed in it is gone and does not count."""
    await SeatDraft.delete().where(SeatDraft.seat == seat.id)
    await _settle_obligation(tx, seat, met=state == "declined")
    await _answer(tx, seat, state, None)
    tx.record(
        "seat-redrawn",
        {"case": case.number, "seat": seat.number},
        organisation=public_owner(case),
        by="system",
    )
    await wait_for_seats(tx, case)


async def refuse_ties(tx: Ledger, seat: Seat, case: Case) -> None:
    """Raise `TieToOrganisation` where the auditor of a seat has a tie to its organisation."""
    auditor = await find_auditor(seat.auditor)
    ties = await Interest.objects().where(
        (Interest.auditor == seat.auditor) & (Interest.organisation == case.organisation)
    )
    domain = await domain_judged(tx, case)
    declared = any(tie.until is None or tie.until >= tx.today for tie in ties)
    if declared or drawing.shares_domain(auditor.employer_domain, domain):
        raise TieToOrganisation(
            "You have a tie to this organisation. Hand the case back; no reason is asked."
        )


async def _lock_seat(seat: UUID) -> tuple[Seat, Case]:
    """Return a seat as it is once its case is locked, and the case."""
    case = await lock_case((await find_seat(seat)).case)
    return await find_seat(seat), case


def _refuse_unless(seat: Seat, state: str) -> None:
    if seat.state != state:
        raise SeatNotOpen(
            "This seat cannot be answered any more. Your list of cases shows what is open."
        )


async def _answer(tx: Ledger, seat: Seat, state: str, obligation: int | None) -> None:
    await Seat.update(
        {Seat.state: state, Seat.answered_at: tx.now, Seat.obligation: obligation}
    ).where(Seat.id == seat.id)
    seat.state = state
    seat.obligation = obligation


async def _settle_obligation(tx: Ledger, seat: Seat, *, met: bool) -> None:
    if seat.obligation is None:
        return
    owed = await find_obligation(seat.obligation)
    if met:
        await meet_obligation(tx, owed)
    else:
        await close_obligation(tx, owed, why="seat-drawn-again")


async def _review_due(tx: Ledger, case: Case) -> date:
    """Return the day a review is due: never later than what the whole panel owes, if it can be."""
    pack = tx.scheme.pack
    day = due_rules.due_day(pack.obligation_kind("review"), tx.today, working_days(pack))
    if case.obligation is None:
        return day
    panel_due = (await find_obligation(case.obligation)).due_on
    return min(day, panel_due) if panel_due > tx.today else day
