"""Cases: opening one, what it asks, who sits on it, and what was sealed.

Each function takes part in a use case. Whoever changes a case locks its row first.
"""

from uuid import UUID

import msgspec

from charter.clock import local_day
from charter.errors import NotFound
from charter.evidence.tables import Report
from charter.framework.pack import FrameworkPack
from charter.history.queries import events_of
from charter.ledger import Ledger
from charter.obligations.service import open_obligation
from charter.organisations.tables import Organisation
from charter.plans.tables import Answer
from charter.reviews import rules
from charter.reviews.rules import SealedVerdict
from charter.reviews.tables import AccountabilityReview, Auditor, Case, Seat, Verdict
from charter.standing.assessment import assess
from charter.standing.words import Standing

CASE_NUMBER_LOCK = 4_002
"""The advisory lock under which cases get their numbers."""


def quarter_of(tx: Ledger) -> str:
    """Return the present stretch whose reports are one case: a quarter, such as 2026-Q1."""
    months = tx.scheme.pack.numbers.reviews.case_months
    return f"{tx.today.year}-Q{(tx.today.month - 1) // months + 1}"


async def open_case(
    tx: Ledger,
    kind: str,
    *,
    organisation: UUID | None,
    subject: UUID | None = None,
    seats: int | None = None,
    obligation: int | None = None,
) -> Case:
    """Open a case of `kind`, or join the one already open that it belongs to, and return it.

    `seats` is the pack's number for the kind unless it is given. `obligation` is what its
    publication meets where that was owed before the case. There is no organisation where a
    concern is about the register itself.

    All reports of one organisation in a quarter are one case (rule 20); so are all its answers
    that a type does not apply. A case can be joined until its first verdict is sealed.
    """
    joined = await _case_to_join(tx, kind, organisation, subject)
    if joined is not None:
        await _take_up_answers(joined)
        return joined
    await Case.raw("SELECT pg_advisory_xact_lock({})", CASE_NUMBER_LOCK)
    case = Case(
        id=tx.new_id(),
        number=(await Case.count()) + 1,
        kind=kind,
        organisation=organisation,
        quarter=quarter_of(tx),
        subject=subject,
        seats=seats or panel_size(tx.scheme.pack, kind),
        opened_at=tx.now,
        waiting_since=tx.now,
        obligation=obligation,
    )
    if kind in rules.CASE_OBLIGATION:
        owed = await open_obligation(
            tx, rules.CASE_OBLIGATION[kind], organisation=public_owner(case), subject=case.id
        )
        case.obligation = owed.id
    await case.save()
    await _take_up_answers(case)
    tx.record(
        "case-opened",
        {"case": case.number, "about": kind},
        organisation=public_owner(case),
        by="system",
    )
    return case


def panel_size(pack: FrameworkPack, kind: str) -> int:
    """Return how many seats a case of `kind` starts with."""
    numbers = pack.numbers
    return {
        "evidence": numbers.reviews.panel,
        "does-not-apply": numbers.plans.does_not_apply_panel,
        "extension": numbers.community.decision_panel,
        "accountability": numbers.accountability.panel,
        "concern": numbers.concerns.panel,
        "concern-appeal": numbers.concerns.appeal_panel,
    }[kind]


def public_owner(case: Case) -> UUID | None:
    """Return whose page a case is on: nobody's while it is about a concern (rule 38)."""
    return None if case.kind in rules.ABOUT_CONCERNS else case.organisation


async def domain_judged(tx: Ledger, case: Case) -> str | None:
    """Return the domain of the body a case is about: the hub's own where it is the register."""
    if case.organisation is None:
        return tx.scheme.pack.framework.hub.domain
    body = await Organisation.objects().where(Organisation.id == case.organisation).first()
    return body.domain if body else None


async def lock_case(case_id: UUID) -> Case:
    """Return a case, its row locked until the end of the transaction. Raises `NotFound`."""
    case = await Case.objects().where(Case.id == case_id).lock_rows("UPDATE").first()
    if case is None:
        raise NotFound("There is no such case.")
    return case


async def find_case(case_id: UUID) -> Case:
    """Return a case, to read and not to change. Raises `NotFound`."""
    case = await Case.objects().where(Case.id == case_id).first()
    if case is None:
        raise NotFound("There is no such case.")
    return case


async def find_seat(seat_id: UUID) -> Seat:
    """Return a seat. Raises `NotFound`."""
    seat = await Seat.objects().where(Seat.id == seat_id).first()
    if seat is None:
        raise NotFound("There is no such seat.")
    return seat


async def find_auditor(auditor_id: UUID) -> Auditor:
    """Return an auditor. Raises `NotFound`."""
    auditor = await Auditor.objects().where(Auditor.id == auditor_id).first()
    if auditor is None:
        raise NotFound("There is no such auditor.")
    return auditor


async def seats_of(case: Case) -> list[Seat]:
    """Return every seat of a case in the order of drawing."""
    return await Seat.objects().where(Seat.case == case.id).order_by(Seat.number)


async def questions_of(case: Case) -> list[str]:
    """Return what a case asks: its reports, its types, or one thing only."""
    if case.kind == "evidence":
        reports = (
            await Report.objects()
            .where(Report.case == case.id)
            .order_by(Report.received_at, Report.id)
        )
        return [str(report.id) for report in reports]
    if case.kind == "accountability":
        return list(await findings_asked(case))
    if case.kind == "does-not-apply":
        return list(versions_asked(case))
    return [""]


async def findings_asked(case: Case) -> dict[str, str]:
    """Return what the organisation itself found, type by type; its panel finds on the same."""
    review = (
        await AccountabilityReview.objects().where(AccountabilityReview.id == case.subject).first()
    )
    if review is None:
        raise NotFound("There is no such review.")
    return msgspec.json.decode(review.own_findings or "{}", type=dict[str, str])


def versions_asked(case: Case) -> dict[str, int]:
    """Return the types a does-not-apply case asks about, each with the version of its answer."""
    return msgspec.json.decode(case.types or "{}", type=dict[str, int])


async def sealed_in(case: Case) -> list[SealedVerdict]:
    """Return every verdict that stands in a case; verdicts of seats given up do not count."""
    numbers = {seat.id: seat.number for seat in await seats_of(case) if seat.state in rules.SEATED}
    if not numbers:
        return []
    rows = await Verdict.objects().where(Verdict.seat.is_in(list(numbers)))
    return [SealedVerdict(numbers[row.seat], row.question, row.verdict) for row in rows]


async def sent_back_before(question: str) -> int:
    """Return how often the report before this one, for the same milestone, was sent back."""
    report = await Report.objects().where(Report.id == UUID(question)).first()
    if report is None:
        raise NotFound("There is no such report.")
    count: int = await Report.count().where(
        (Report.pledge == report.pledge)
        & (Report.milestone == report.milestone)
        & (Report.version == report.version - 1)
        & (Report.state == "more-needed")
    )
    return count


async def wait_for_seats(tx: Ledger, case: Case) -> None:
    """Put a case back among those that wait for a draw."""
    await Case.update({Case.state: "waiting", Case.waiting_since: tx.now}).where(Case.id == case.id)
    case.state = "waiting"
    case.waiting_since = tx.now


async def types_that_apply(organisation: UUID) -> list[str]:
    """Return the types of racism the organisation's answers in force say apply to it."""
    answers = await answers_in_force(organisation)
    return [answer.type for answer in answers if answer.applies]


async def only_acceptance_counts(tx: Ledger, organisation: UUID) -> bool:
    """Return whether an organisation is suspended or not reporting.

    What it sends then pauses what it owes instead of meeting it (row 8 of the standings).
    """
    answer = assess(await events_of(organisation), tx.now, *await tx.scheme.packs())
    return answer is not None and answer.standing in {Standing.SUSPENDED, Standing.NOT_REPORTING}


async def answers_in_force(organisation: UUID) -> list[Answer]:
    """Return the newest version of each answer an organisation gave."""
    rows = (
        await Answer.objects()
        .where(Answer.organisation == organisation)
        .order_by(Answer.type)
        .order_by(Answer.version)
    )
    return list({row.type: row for row in rows}.values())


async def _case_to_join(
    tx: Ledger, kind: str, organisation: UUID | None, subject: UUID | None
) -> Case | None:
    if kind not in {"evidence", "does-not-apply"} or (kind == "evidence" and subject is not None):
        return None
    case = (
        await Case.objects()
        .where(
            (Case.organisation == organisation)
            & (Case.kind == kind)
            & Case.state.is_in(["waiting", "drawn"])
        )
        .order_by(Case.number, ascending=False)
        .lock_rows("UPDATE")
        .first()
    )
    if case is None or (kind == "evidence" and case.quarter != quarter_of(tx)):
        return None
    return None if await sealed_in(case) else case


async def _take_up_answers(case: Case) -> None:
    """Have a does-not-apply case ask about every such answer that no panel agreed to yet."""
    if case.kind != "does-not-apply":
        return
    asked = {
        answer.type: answer.version
        for answer in await answers_in_force(case.organisation)
        if not answer.applies and answer.agreed_at is None
    }
    if not asked:
        raise NotFound("No answer waits for the agreement of auditors.")
    case.types = msgspec.json.encode(asked).decode()
    await Case.update({Case.types: case.types}).where(Case.id == case.id)


def days_waited(tx: Ledger, case: Case) -> int:
    """Return how many whole local days a case has waited for its seats."""
    return (tx.today - local_day(case.waiting_since, tx.scheme.pack.zone)).days
