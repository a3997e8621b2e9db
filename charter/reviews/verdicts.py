"""Sealing verdicts and findings: changeable until the panel's last one is in, then never.

Nobody reads another seat's verdict before the panel is complete (rule 20).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from charter.errors import FieldError, InvalidInput, NotAllowed, NotFound, RuleViolation
from charter.ledger import Ledger, transaction
from charter.obligations.service import find_obligation, meet_obligation
from charter.reviews import rules
from charter.reviews.cases import (
    find_seat,
    lock_case,
    panel_size,
    public_owner,
    questions_of,
    sealed_in,
    seats_of,
    sent_back_before,
    wait_for_seats,
)
from charter.reviews.pay import earn_seat_pay
from charter.reviews.rules import SealedVerdict
from charter.reviews.seats import refuse_ties
from charter.reviews.tables import Case, Outcome, Seat, SeatDraft, Verdict
from charter.scheme import Scheme


class VerdictSealed(RuleViolation):
    """The panel is complete: its verdicts cannot be changed any more (rule 20)."""

    code = "verdict-sealed"
    rule = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one seat says on one question. `reasons` are published, `notes` never."""

    question: str
    verdict: str
    reasons: str
    notes: str = ""


async def seal_verdict(
    scheme: Scheme,
    *,
    seat: UUID,
    report: UUID | None = None,
    question: str | None = None,
    verdict: str,
    reasons: str,
    notes: str = "",
) -> None:
    """Seal, or change, one seat's verdict on one report, type of racism, or question.

    `report` names the report of an evidence case, `question` the type of racism of a case that
    asks about several; a case that asks one thing needs neither. `reasons` are published with
    the verdict, `notes` never. Raises `VerdictSealed`, `TieToOrganisation` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        row, case = await _lock_accepted_seat(tx, seat)
        asked = await questions_of(case)
        about = _question_meant(asked, report, question)
        await _seal(tx, case, row, asked, [Said(about, verdict, reasons, notes)])


async def seal_verdicts(scheme: Scheme, *, seat: UUID, said: Sequence[Said]) -> None:
    """Seal, or change, what one seat says on several questions: all of them, or none.

    Raises `VerdictSealed`, `TieToOrganisation` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        row, case = await _lock_accepted_seat(tx, seat)
        await _seal(tx, case, row, await questions_of(case), said)
        await SeatDraft.delete().where(SeatDraft.seat == seat)


async def seal_findings(
    scheme: Scheme, *, seat: UUID, findings: Mapping[str, str], reasons: Mapping[str, str] | str
) -> None:
    """Seal, or change, one seat's finding for every type of racism that applies (rule 26).

    `reasons` may be given once for all types, or for each.
    """
    async with transaction(scheme) as tx:
        row, case = await _lock_accepted_seat(tx, seat)
        asked = await questions_of(case)
        why = reasons if isinstance(reasons, Mapping) else dict.fromkeys(findings, reasons)
        said = [Said(name, word, why.get(name, ""), "") for name, word in findings.items()]
        await _seal(tx, case, row, asked, said)


async def _lock_accepted_seat(tx: Ledger, seat: UUID) -> tuple[Seat, Case]:
    case = await lock_case((await find_seat(seat)).case)
    row = await find_seat(seat)
    if row.state not in {"accepted", "decided"}:
        raise NotAllowed("Accept the case before you review it.")
    if case.state not in {"waiting", "drawn"}:
        raise VerdictSealed("The panel is complete. Verdicts cannot be changed any more.")
    await refuse_ties(tx, row, case)
    return row, case


def _question_meant(asked: list[str], report: UUID | None, question: str | None) -> str:
    meant = str(report) if report is not None else question
    if meant is None and len(asked) == 1:
        return asked[0]
    if meant not in asked:
        raise NotFound("This case does not ask that.")
    return meant


async def _seal(tx: Ledger, case: Case, seat: Seat, asked: list[str], said: Sequence[Said]) -> None:
    panel = panel_size(tx.scheme.pack, case.kind)
    sealed = await sealed_in(case)
    others = [verdict for verdict in sealed if verdict.seat != seat.number]
    decided = sum(row.state == "decided" for row in await seats_of(case))
    if not rules.may_still_change(
        decided=seat.state == "decided", decided_seats=decided, panel=panel
    ):
        raise VerdictSealed("The panel is complete. Verdicts cannot be changed any more.")
    open_to_seat = rules.questions_open_to(asked, others, kind=case.kind, panel=panel)
    for verdict in said:
        await _refuse_unusable(tx, case, verdict, open_to_seat)
        await _write(tx, seat, verdict, case.kind)
    answered = {row.question for row in sealed if row.seat == seat.number} | {
        verdict.question for verdict in said
    }
    if seat.state != "decided" and answered >= set(open_to_seat):
        await _finish_seat(tx, case, seat)
    await _finish_panel(tx, case, asked, panel)


async def _refuse_unusable(
    tx: Ledger, case: Case, said: Said, open_to_seat: tuple[str, ...]
) -> None:
    """Raise where a verdict is not asked for, uses a wrong word, or gives no public reason."""
    if said.question not in open_to_seat:
        raise NotFound("This seat is not asked about that.")
    sent_back = await sent_back_before(said.question) if case.kind == "evidence" else 0
    most = tx.scheme.pack.numbers.reviews.more_needed_most
    words = rules.allowed_verdicts(case.kind, sent_back_before=sent_back, most=most)
    errors = []
    if said.verdict not in words:
        spelt = ", ".join(word.replace("-", " ") for word in words)
        errors.append(FieldError("verdict", f"Choose one of: {spelt}."))
    if not said.reasons.strip():
        errors.append(FieldError("reasons", "Give your reasons. They are published."))
    if errors:
        raise InvalidInput("The verdict is not complete.", errors=errors)


async def _write(tx: Ledger, seat: Seat, said: Said, kind: str) -> None:
    await Verdict.insert(
        Verdict(
            id=tx.new_id(),
            seat=seat.id,
            question=said.question,
            report=UUID(said.question) if kind == "evidence" else None,
            verdict=said.verdict,
            reasons=said.reasons.strip(),
            notes=said.notes.strip(),
            sealed_at=tx.now,
        )
    ).on_conflict(
        target=(Verdict.seat, Verdict.question),
        action="DO UPDATE",
        values=[Verdict.verdict, Verdict.reasons, Verdict.notes, Verdict.sealed_at],
    )


async def _finish_seat(tx: Ledger, case: Case, seat: Seat) -> None:
    """Record that a seat has answered everything: its review is met and its pay is earned."""
    await Seat.update({Seat.state: "decided", Seat.decided_at: tx.now}).where(Seat.id == seat.id)
    if seat.obligation is not None:
        await meet_obligation(tx, await find_obligation(seat.obligation))
    await earn_seat_pay(tx, seat)
    tx.record(
        "verdict-sealed",
        {"case": case.number, "seat": seat.number},
        organisation=public_owner(case),
        by="auditors",
    )


async def _finish_panel(tx: Ledger, case: Case, asked: list[str], panel: int) -> None:
    """Decide the case once every seat is in, or call the seat that settles a split."""
    seated = [seat for seat in await seats_of(case) if seat.state in rules.SEATED]
    if len(seated) < case.seats or any(seat.state != "decided" for seat in seated):
        return
    sealed = await sealed_in(case)
    if rules.unsettled_by_split(asked, sealed, kind=case.kind, panel=panel):
        seats = tx.scheme.pack.numbers.reviews.split_panel
        await Case.update({Case.seats: seats}).where(Case.id == case.id)
        await wait_for_seats(tx, case)
        return
    if rules.is_complete(asked, sealed, panel=panel):
        await _decide(tx, case, asked, sealed)


async def _decide(tx: Ledger, case: Case, asked: list[str], sealed: list[SealedVerdict]) -> None:
    outcomes = rules.decide_outcomes(asked, sealed, kind=case.kind)
    for question, verdict in outcomes.items():
        await Outcome(
            id=tx.new_id(),
            case=case.id,
            question=question,
            report=UUID(question) if case.kind == "evidence" else None,
            verdict=verdict,
        ).save()
    publish_on = tx.today
    if case.kind in rules.WITH_REPLY:
        publish_on += timedelta(days=tx.scheme.pack.numbers.reviews.reply_days + 1)
    await Case.update(
        {Case.state: "decided", Case.decided_at: tx.now, Case.publish_on: publish_on}
    ).where(Case.id == case.id)
