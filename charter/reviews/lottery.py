"""The lottery: seal who may be drawn, draw with a seed nobody knew then, draw again (rule 20).

The sweeps work through one case in one transaction each, so that being stopped anywhere loses
nothing and running twice changes nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from charter.clock import start_of_day
from charter.errors import RuleViolation
from charter.ledger import Ledger, transaction
from charter.obligations.service import find_obligation, pause_clock, resume_clock
from charter.reviews import drawing, rules
from charter.reviews.cases import (
    days_waited,
    domain_judged,
    find_seat,
    lock_case,
    public_owner,
    seats_of,
)
from charter.reviews.drawing import Candidate
from charter.reviews.seats import give_up_seat, offer_seat
from charter.reviews.tables import Auditor, Case, SealedList, Seat
from charter.reviews.unpaid import work_is_unpaid
from charter.scheme import Scheme

NO_PANEL = "no-panel-available"
"""The public reason of a clock that waits because nobody without a tie can be drawn."""

_CANDIDATES = """
SELECT a.id, a.employer_domain, a.resting_until, a.ended_at IS NOT NULL AS ended,
    count(s.id) FILTER (WHERE s.state IN ('offered', 'accepted')) AS open_cases,
    count(s.id) FILTER (WHERE s.offered_at >= {} AND s.state
        IN ('offered', 'accepted', 'decided', 'handed-back')) AS this_quarter,
    COALESCE((SELECT sum(y.hours) FROM pay_entry y JOIN review_seat h ON h.id = y.seat
        WHERE h.auditor = a.id AND y.earned_on >= {}), 0)
        + {} * count(s.id) FILTER (WHERE s.state IN ('offered', 'accepted')) AS hours,
    COALESCE(bool_or(s."case" IN (SELECT id FROM review_case
        WHERE id = {} OR subject = {})), false) AS on_this_case,
    ARRAY(SELECT tie FROM auditor_interest i WHERE i.auditor = a.id AND i.organisation = {}
        AND (i.until IS NULL OR i.until >= {})) AS ties
FROM auditor a LEFT JOIN review_seat s ON s.auditor = a.id GROUP BY a.id ORDER BY a.id
"""
"""Every auditor with what bears on a draw; declining a seat counts towards nothing.

Whoever sat on a concern never sits on its appeal: both are about one subject (rule 38).
"""


class PanelsStopped(RuleViolation):
    """Review work has gone unpaid for too long: nobody is asked for more (rule 24)."""

    code = "review-work-unpaid"
    rule = 24


class ListNotSealed(RuleViolation):
    """A draw needs a list that was sealed before its seed was known (rule 20)."""

    code = "list-not-sealed"
    rule = 20


async def seal_eligible_list(scheme: Scheme, *, case: UUID, known_root: bytes = b"") -> bool:
    """Seal the list a case's seats will be drawn from; return whether one stands sealed.

    `known_root` is the newest checkpoint's root: it was known when the list was made and can
    therefore never be its seed. Raises `PanelsStopped`.
    """
    async with transaction(scheme) as tx:
        return await _seal(tx, await lock_case(case), known_root)


async def draw_panel(scheme: Scheme, *, case: UUID, seed: bytes) -> list[UUID]:
    """Draw a case's empty seats from its sealed list and return them.

    `seed` is the root of a checkpoint signed after the list was sealed. Raises `ListNotSealed`
    and `PanelsStopped`.
    """
    async with transaction(scheme) as tx:
        row = await lock_case(case)
        sealed = await _sealed_list(row)
        if sealed is None or sealed.known_root == seed:
            raise ListNotSealed("Seal the list of eligible auditors first, then draw from it.")
        return await _draw(tx, row, sealed, seed)


async def draw_waiting_panels(scheme: Scheme, *, seed: bytes) -> int:
    """Seal the list of every case that waits for seats, or draw where it was sealed before.

    `seed` is the root of the newest signed checkpoint. A list is drawn from in a later sweep,
    under another root than the one known when it was sealed. Returns how many seats were drawn.
    """
    if await work_is_unpaid(scheme):
        return 0
    waiting = await Case.select(Case.id).where(Case.state == "waiting").order_by(Case.number)
    drawn = 0
    for row in waiting:
        async with transaction(scheme) as tx:
            case = await lock_case(row["id"])
            sealed = await _sealed_list(case)
            if case.state != "waiting":
                continue
            if sealed is None:
                await _seal(tx, case, seed)
            elif sealed.known_root != seed:
                drawn += len(await _draw(tx, case, sealed, seed))
    return drawn


async def redraw_late_seats(scheme: Scheme) -> int:
    """Give back every seat that is five days late, no reason asked; return how many."""
    redraw = scheme.pack.ladder("auditor").find_step("redraw").offset
    rows = await Seat.select(Seat.id).where(Seat.state.is_in(["offered", "accepted"]))
    count = 0
    for row in rows:
        async with transaction(scheme) as tx:
            seat = await find_seat(row["id"])
            case = await lock_case(seat.case)
            seat = await find_seat(seat.id)
            if seat.state not in {"offered", "accepted"} or seat.obligation is None:
                continue
            owed = await find_obligation(seat.obligation)
            if (tx.today - owed.due_on).days >= redraw:
                await give_up_seat(tx, case, seat, "expired")
                count += 1
    return count


async def _sealed_list(case: Case) -> SealedList | None:
    return (
        await SealedList.objects()
        .where((SealedList.case == case.id) & SealedList.drawn_at.is_null())
        .first()
    )


async def _seal(tx: Ledger, case: Case, known_root: bytes) -> bool:
    if await work_is_unpaid(tx.scheme):
        raise PanelsStopped("Auditors are owed money for more than 30 days. Pay them first.")
    if case.state != "waiting" or await _sealed_list(case) is not None:
        return case.state == "waiting"
    eligible = [auditor for auditor, why in await _eligibility(tx, case) if why is None]
    wanted = await _wanted(case)
    if len(eligible) < wanted:
        await _say_no_panel(tx, case)
        return False
    salt = tx.scheme.chance.bytes(32)
    digest = drawing.seal(salt, [auditor.bytes for auditor in eligible])
    await SealedList(
        id=tx.new_id(),
        case=case.id,
        auditors=eligible,
        wanted=wanted,
        salt=salt,
        digest=digest,
        sealed_at=tx.now,
        known_root=known_root,
    ).save()
    tx.record(
        "eligible-list-sealed",
        {"case": case.number, "digest": digest.hex()},
        organisation=public_owner(case),
        by="system",
    )
    return True


async def _draw(tx: Ledger, case: Case, sealed: SealedList, seed: bytes) -> list[UUID]:
    barred = {auditor for auditor, why in await _eligibility(tx, case) if why is not None}
    passed_over = [place for place, auditor in enumerate(sealed.auditors) if auditor in barred]
    wanted = await _wanted(case)
    positions = drawing.draw(
        drawing.seed_of_case(seed, sealed.digest),
        sealed.auditors,
        wanted,
        passed_over=passed_over,
    )
    await SealedList.update(
        {
            SealedList.seed: seed,
            SealedList.positions: positions,
            SealedList.drawn_at: tx.now,
        }
    ).where(SealedList.id == sealed.id)
    if not positions:
        return []  # everybody on the list has a tie by now: the next sweep seals another
    tx.record(
        "panel-drawn",
        {
            "case": case.number,
            "seats": len(positions),
            "positions": positions,
            "seed": seed.hex(),
        },
        organisation=public_owner(case),
        by="system",
    )
    seats = [await offer_seat(tx, case, sealed.auditors[place]) for place in positions]
    state = "drawn" if len(seats) == wanted else "waiting"
    await Case.update({Case.state: state, Case.drawn_at: tx.now, Case.no_panel_at: None}).where(
        Case.id == case.id
    )
    if case.no_panel_at is not None and case.obligation is not None:
        await resume_clock(tx, await find_obligation(case.obligation), by="system")
    return [seat.id for seat in seats]


async def _wanted(case: Case) -> int:
    return case.seats - sum(seat.state in rules.SEATED for seat in await seats_of(case))


async def _say_no_panel(tx: Ledger, case: Case) -> None:
    """Raise the flag once a case waited too long, and stop the clock that waits with it."""
    if case.no_panel_at or days_waited(tx, case) < tx.scheme.pack.numbers.reviews.no_panel_days:
        return
    await Case.update({Case.no_panel_at: tx.now}).where(Case.id == case.id)
    tx.record(
        "no-panel-available",
        {"case": case.number},
        organisation=public_owner(case),
        by="system",
    )
    if case.obligation is not None:
        await pause_clock(tx, await find_obligation(case.obligation), why=NO_PANEL, by="hub")


async def _eligibility(tx: Ledger, case: Case) -> list[tuple[UUID, str | None]]:
    """Return every auditor in order, with why they cannot sit on the case or None."""
    domain = await domain_judged(tx, case)
    return [
        (
            auditor,
            drawing.why_not_eligible(
                candidate,
                organisation_domain=domain,
                today=tx.today,
                numbers=tx.scheme.pack.numbers,
            ),
        )
        for auditor, candidate in await _candidates(tx, case)
    ]


async def _candidates(tx: Ledger, case: Case) -> list[tuple[UUID, Candidate]]:
    first_day = _first_day_of_quarter(tx.today)
    rows: list[Mapping[str, Any]] = await Auditor.raw(
        _CANDIDATES,
        start_of_day(first_day, tx.scheme.pack.zone),
        first_day,
        tx.scheme.pack.numbers.pay.case_hours,
        case.id,
        case.subject,
        case.organisation,
        tx.today,
    )
    return [
        (
            row["id"],
            Candidate(
                employer_domain=row["employer_domain"],
                ties=frozenset(row["ties"]),
                resting_until=row["resting_until"],
                ended=row["ended"],
                open_cases=row["open_cases"],
                cases_this_quarter=row["this_quarter"],
                hours_this_quarter=row["hours"],
                on_this_case=row["on_this_case"],
            ),
        )
        for row in rows
    ]


def _first_day_of_quarter(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)
