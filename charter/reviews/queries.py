"""What auditors see of their cases: tasks, a case with its evidence, and their pay.

Another seat's verdict is never in a view before the panel is complete (rule 20), and no view
names an account.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from charter.concerns.tables import Concern
from charter.errors import NotFound
from charter.evidence.queries import ReportSeen, reports_in_case
from charter.history.queries import words_of
from charter.obligations.tables import ExtensionRequest, Obligation
from charter.organisations.tables import Organisation
from charter.plans.tables import Answer
from charter.reviews import rules
from charter.reviews.cases import (
    find_seat,
    panel_size,
    questions_of,
    sealed_in,
    sent_back_before,
    versions_asked,
)
from charter.reviews.repeats import EarlierText, RepeatedPassage, find_repeats
from charter.reviews.tables import (
    AccountabilityReview,
    Auditor,
    Case,
    Outcome,
    Seat,
    Verdict,
)
from charter.scheme import Scheme

REGISTER = "This register itself"
"""What a case is about that is about no organisation (rule 38)."""

OPEN_STATES = frozenset({"waiting", "drawn"})
"""States of a case in which verdicts are still being sealed."""


@dataclass(frozen=True, slots=True)
class Task:
    """One case on an auditor's list. `due_on` is the day by which it is answered or reviewed."""

    seat: UUID
    case: int
    kind: str
    organisation: UUID | None
    organisation_name: str
    sector: str
    state: str
    pseudonym: str
    offered_at: datetime
    due_on: date | None
    pay_pence: int


@dataclass(frozen=True, slots=True)
class AuditorTasks:
    """An auditor's list: what is offered, what is accepted, and what is done."""

    auditor: UUID
    resting_until: date | None
    offered: tuple[Task, ...]
    accepted: tuple[Task, ...]
    done: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class VerdictSeen:
    """A verdict under its pseudonym. `notes` are given to their own author only."""

    pseudonym: str
    question: str
    verdict: str
    reasons: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """One question of a case: what is claimed, and the words a seat may choose."""

    question: str
    report: ReportSeen | None
    said: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseForAuditor:
    """A case as one of its auditors sees it: evidence beside the claim.

    `mine` are the verdicts of this seat, `others` those of the other seats once the panel is
    complete and never before. `may_change` says whether this seat can still seal or change.
    `repeated` is what a reflection says in the words of earlier years: shown, never scored.
    """

    seat: UUID
    seat_state: str
    pseudonym: str
    case: int
    kind: str
    state: str
    organisation: UUID | None
    organisation_name: str
    due_on: date | None
    questions: tuple[QuestionSeen, ...]
    mine: tuple[VerdictSeen, ...]
    others: tuple[VerdictSeen, ...]
    may_change: bool
    repeated: tuple[RepeatedPassage, ...]


async def auditor_of(scheme: Scheme, account: UUID) -> Auditor | None:
    """Return the auditor an account is, or None; it is found without opening any seal."""
    key = scheme.seals.lookup(account)
    return await Auditor.objects().where(Auditor.account_key == key).first()


async def auditor_tasks(scheme: Scheme, account: UUID) -> AuditorTasks:
    """Return an auditor's list. Raises `NotFound` for an account that is not an auditor's.

    What a whole case is paid is shown before anyone accepts it.
    """
    pay = scheme.pack.numbers.pay
    case_pence = pay.case_hours * pay.auditor_pence_per_hour
    auditor = await auditor_of(scheme, account)
    if auditor is None:
        raise NotFound("You are not on the list of community auditors.")
    seats = (
        await Seat.objects()
        .where(Seat.auditor == auditor.id)
        .order_by(Seat.offered_at, ascending=False)
    )
    tasks = [await _task(seat, case_pence) for seat in seats]
    return AuditorTasks(
        auditor=auditor.id,
        resting_until=auditor.resting_until,
        offered=tuple(task for task in tasks if task.state == "offered"),
        accepted=tuple(task for task in tasks if task.state == "accepted"),
        done=tuple(task for task in tasks if task.state not in {"offered", "accepted"}),
    )


async def read_case(scheme: Scheme, seat: UUID) -> CaseForAuditor:
    """Return a case as the auditor in `seat` sees it; whose seat it is, the caller has checked.

    Before the seat is accepted it shows what the case is about and no evidence. Raises
    `NotFound`, also for a seat that was given up.
    """
    row = await find_seat(seat)
    if row.state not in rules.SEATED:
        raise NotFound("This case is no longer with you.")
    case = await _case(row.case)
    judged = await _judged(case)
    opened = row.state != "offered"
    complete = case.state not in OPEN_STATES
    verdicts = await _verdicts(case)
    return CaseForAuditor(
        seat=row.id,
        seat_state=row.state,
        pseudonym=row.pseudonym,
        case=case.number,
        kind=case.kind,
        state=case.state,
        organisation=case.organisation,
        organisation_name=judged.name,
        due_on=await _due_on(row),
        questions=await _questions(case, row, scheme) if opened else (),
        mine=tuple(
            VerdictSeen(row.pseudonym, said.question, said.verdict, said.reasons, said.notes)
            for holder, said in verdicts
            if holder.id == row.id
        ),
        others=tuple(
            VerdictSeen(holder.pseudonym, said.question, said.verdict, said.reasons)
            for holder, said in verdicts
            if complete and holder.id != row.id
        ),
        may_change=opened and not complete and await _may_change(scheme, case, row),
        repeated=await _repeated(scheme, case) if opened else (),
    )


async def _may_change(scheme: Scheme, case: Case, seat: Seat) -> bool:
    decided = await Seat.count().where((Seat.case == case.id) & (Seat.state == "decided"))
    return rules.may_still_change(
        decided=seat.state == "decided",
        decided_seats=decided,
        panel=panel_size(scheme.pack, case.kind),
    )


async def seat_is_of(scheme: Scheme, seat: UUID, account: UUID) -> bool:
    """Return whether a seat is an account's own: the guard of everything an auditor does."""
    return await Seat.exists().where(
        (Seat.id == seat)
        & Seat.auditor.is_in(
            Auditor.select(Auditor.id).where(Auditor.account_key == scheme.seals.lookup(account))
        )
    )


async def _task(seat: Seat, case_pence: int) -> Task:
    case = await _case(seat.case)
    judged = await _judged(case)
    return Task(
        seat=seat.id,
        case=case.number,
        kind=case.kind,
        organisation=case.organisation,
        organisation_name=judged.name,
        sector=judged.sector,
        state=seat.state,
        pseudonym=seat.pseudonym,
        offered_at=seat.offered_at,
        due_on=await _due_on(seat),
        pay_pence=case_pence,
    )


async def _due_on(seat: Seat) -> date | None:
    if seat.obligation is None or seat.state == "decided":
        return None
    row = await Obligation.objects().where(Obligation.id == seat.obligation).first()
    return row.due_on if row else None


async def _questions(case: Case, seat: Seat, scheme: Scheme) -> tuple[QuestionSeen, ...]:
    """Return what a seat is asked: everything, or only what the panel before it is split about."""
    open_to_seat = rules.questions_open_to(
        await questions_of(case),
        [said for said in await sealed_in(case) if said.seat != seat.number],
        kind=case.kind,
        panel=panel_size(scheme.pack, case.kind),
    )
    asked = open_to_seat if seat.state == "accepted" else await questions_of(case)
    if case.kind == "evidence":
        return tuple(
            [
                await _report_asked(report)
                for report in await reports_in_case(case.id)
                if str(report.id) in asked
            ]
        )
    said = await _claims(case)
    types = scheme.pack.type_ids
    return tuple(
        QuestionSeen(question, None, said.get(question, ""), rules.SCALES[case.kind])
        for question in sorted(asked, key=lambda name: types.index(name) if name in types else -1)
    )


async def _report_asked(report: ReportSeen) -> QuestionSeen:
    question = str(report.id)
    choices = rules.allowed_verdicts("evidence", sent_back_before=await sent_back_before(question))
    return QuestionSeen(question, report, report.summary, choices)


async def _claims(case: Case) -> dict[str, str]:
    """Return what the organisation, or whoever raised a concern, says on each question."""
    match case.kind:
        case "does-not-apply":
            return await _answers_claimed(case)
        case "extension":
            request = await ExtensionRequest.objects().get(ExtensionRequest.id == case.subject)
            return {"": await _said(request.words if request else None)}
        case "accountability":
            review = await AccountabilityReview.objects().get(
                AccountabilityReview.id == case.subject
            )
            said = await _said(review.reflection if review else None)
            return dict.fromkeys(await questions_of(case), said)
        case _:
            return {"": await _concern_told(case)}


async def _repeated(scheme: Scheme, case: Case) -> tuple[RepeatedPassage, ...]:
    """Return what a reflection repeats from the organisation's own earlier ones (rule 26)."""
    if case.kind != "accountability":
        return ()
    rows = await AccountabilityReview.objects().where(
        (AccountabilityReview.organisation == case.organisation)
        & AccountabilityReview.reflection.is_not_null()
    )
    own = next((row for row in rows if row.id == case.subject), None)
    if own is None:
        return ()
    return find_repeats(
        await _said(own.reflection),
        [
            EarlierText(row.cycle, await _said(row.reflection))
            for row in rows
            if row.cycle < own.cycle
        ],
        fewest_words=scheme.pack.numbers.accountability.repeated_words,
    )


async def _concern_told(case: Case) -> str:
    """Return what was raised, with the first decision and what the appeal says against it."""
    concern = await Concern.objects().where(Concern.id == case.subject).first()
    if concern is None or case.kind == "concern":
        return concern.text if concern else ""
    first = await Outcome.objects().where(Outcome.case == concern.decided_in).first()
    reasons = await _said(first.words if first else None)
    told = (
        concern.text,
        f"First decided: {concern.outcome.replace('-', ' ')}.",
        reasons,
        f"The appeal says: {concern.appeal_text}",
    )
    return "\n\n".join(each for each in told if each)


async def _answers_claimed(case: Case) -> dict[str, str]:
    versions = versions_asked(case)
    answers = await Answer.objects().where(
        (Answer.organisation == case.organisation) & Answer.type.is_in(list(versions) or [""])
    )
    return {
        answer.type: await _said(answer.words)
        for answer in answers
        if versions[answer.type] == answer.version
    }


async def _said(words: UUID | None) -> str:
    found = (await words_of([words])).get(words, {}) if words else {}
    return "\n\n".join(str(text) for text in found.values())


async def _verdicts(case: Case) -> list[tuple[Seat, Verdict]]:
    """Return every verdict that counts in a case beside its seat, in the order of seats."""
    seats = (
        await Seat.objects()
        .where((Seat.case == case.id) & Seat.state.is_in(sorted(rules.SEATED)))
        .order_by(Seat.number)
    )
    if not seats:
        return []
    verdicts = await Verdict.objects().where(Verdict.seat.is_in([seat.id for seat in seats]))
    return [(seat, said) for seat in seats for said in verdicts if said.seat == seat.id]


async def _case(case_id: UUID) -> Case:
    case = await Case.objects().where(Case.id == case_id).first()
    if case is None:
        raise NotFound("There is no such case.")
    return case


@dataclass(frozen=True, slots=True)
class _Judged:
    """Whom a case is about."""

    name: str
    sector: str


async def _judged(case: Case) -> _Judged:
    if case.organisation is None:
        return _Judged(REGISTER, "")
    row = await Organisation.objects().where(Organisation.id == case.organisation).first()
    if row is None:
        raise NotFound("There is no such organisation.")
    return _Judged(row.name, row.sector)
