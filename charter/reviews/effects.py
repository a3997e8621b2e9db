"""What a published outcome does, by kind of case: words, events, and what is due from then on.

It counts from publication only. Nobody can choose these effects (rules 5, 13, 21 and 26, and
rows 8 and 9 of the table of standings).
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from charter.calendar import add_months
from charter.concerns.decisions import decide_appeal, decide_concern
from charter.errors import NotFound
from charter.evidence.reopening import REPORTING
from charter.evidence.tables import Report
from charter.history.events import Fact
from charter.learning.service import note_published_report
from charter.ledger import Ledger, Words
from charter.obligations.service import (
    meet_obligation,
    open_obligation,
    open_obligations,
    resume_clock,
)
from charter.obligations.tables import Obligation
from charter.plans.tables import Answer, Milestone, Pledge
from charter.reviews import accountability, extensions, rules
from charter.reviews.cases import answers_in_force, seats_of, versions_asked
from charter.reviews.tables import Case, Outcome, Verdict


async def publish_case(tx: Ledger, case: Case) -> None:
    """Publish the outcomes of a decided case and do what follows from them."""
    outcomes = await Outcome.objects().where(Outcome.case == case.id).order_by(Outcome.question)
    await _PUBLISH[case.kind](tx, case, outcomes)


async def publish_reasons(tx: Ledger, case: Case, outcome: Outcome) -> Words:
    """Publish the reasons of every seat on one question, each under its own name for the case."""
    seats = {seat.id: seat for seat in await seats_of(case) if seat.state in rules.SEATED}
    verdicts = await Verdict.objects().where(
        Verdict.seat.is_in(list(seats)) & (Verdict.question == outcome.question)
    )
    words = {
        f"reasons_{seats[said.seat].number}": said.reasons
        for said in sorted(verdicts, key=lambda said: seats[said.seat].number)
    }
    published = await tx.publish_words("verdict", words, organisation=case.organisation)
    await Outcome.update({Outcome.words: published.id}).where(Outcome.id == outcome.id)
    return published


async def _publish_verdicts(tx: Ledger, case: Case, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        await _publish_verdict(tx, case, outcome)


async def _publish_verdict(tx: Ledger, case: Case, outcome: Outcome) -> None:
    report = await Report.objects().where(Report.id == outcome.report).first()
    pledge = await Pledge.objects().where(Pledge.id == report.pledge).first() if report else None
    if report is None or pledge is None:
        raise NotFound("There is no such report.")
    final = rules.is_final(
        outcome.verdict,
        not_accepted_before=await _not_accepted_before(report),
        most=tx.scheme.pack.numbers.reviews.not_accepted_most,
    )
    words = await publish_reasons(tx, case, outcome)
    facts: dict[str, Fact] = {
        "case": case.number,
        "pledge": pledge.number,
        "milestone": report.milestone,
        "type": pledge.type,
        "verdict": outcome.verdict,
        "worked": report.worked,
        "final": final,
    }
    tx.record(
        "verdict-published", facts, organisation=case.organisation, by="auditors", words=words
    )
    await Report.update({Report.state: outcome.verdict}).where(Report.id == report.id)
    if outcome.verdict == "accepted":
        await note_published_report(tx, report, pledge)
    await _follow_up(tx, outcome.verdict, report, pledge, final=final)


async def _follow_up(
    tx: Ledger, verdict: str, report: Report, pledge: Pledge, *, final: bool
) -> None:
    """Do to what is due what a verdict on a report asks for (rule 21)."""
    answered = [
        owed
        for owed in await open_obligations(report.organisation, *REPORTING)
        if (owed.pledge, owed.milestone) == (pledge.number, report.milestone)
    ]
    if verdict == "accepted":
        for owed in answered:
            await meet_obligation(tx, owed)
    elif verdict == "not-accepted":
        for owed in answered:
            await resume_clock(tx, owed, by="auditors")
        if not final:
            await _open(tx, "new-evidence", report, pledge)
    else:
        await _open(tx, "more-needed-reply", report, pledge)


async def _open(tx: Ledger, kind: str, report: Report, pledge: Pledge) -> Obligation:
    return await open_obligation(
        tx,
        kind,
        organisation=report.organisation,
        subject=report.id,
        pledge=pledge.number,
        milestone=report.milestone,
        type_id=pledge.type,
    )


async def _not_accepted_before(report: Report) -> int:
    """Return how many reports were not accepted since the milestone was opened, or opened again."""
    step = (
        await Milestone.objects()
        .where((Milestone.pledge == report.pledge) & (Milestone.number == report.milestone))
        .first()
    )
    query = Report.count().where(
        (Report.pledge == report.pledge)
        & (Report.milestone == report.milestone)
        & (Report.state == "not-accepted")
    )
    if step is not None and step.reopened_at is not None:
        query = query.where(Report.received_at >= step.reopened_at)
    count: int = await query
    return count


async def _publish_answers(tx: Ledger, case: Case, outcomes: list[Outcome]) -> None:
    """Agree to, or dispute, each answer that a type does not apply (rule 5).

    An answer that was given anew in the meantime is passed over: a new case asks about it.
    """
    versions = versions_asked(case)
    months = tx.scheme.pack.numbers.plans.does_not_apply_months
    expires_on = add_months(tx.today, months)
    in_force = {answer.type: answer.version for answer in await answers_in_force(case.organisation)}
    for outcome in outcomes:
        if in_force.get(outcome.question) != versions[outcome.question]:
            continue
        words = await publish_reasons(tx, case, outcome)
        facts: dict[str, Fact] = {"type": outcome.question, "version": versions[outcome.question]}
        agreed = outcome.verdict == "yes"
        if agreed:
            await _agree(tx, case.organisation, outcome.question, versions[outcome.question])
            facts["expires_on"] = expires_on.isoformat()
        tx.record(
            "answer-agreed" if agreed else "answer-disputed",
            facts,
            organisation=case.organisation,
            by="auditors",
            words=words,
        )


async def _agree(tx: Ledger, organisation: UUID, type_id: str, version: int) -> None:
    months = tx.scheme.pack.numbers.plans.does_not_apply_months
    await Answer.update(
        {Answer.agreed_at: tx.now, Answer.expires_on: add_months(tx.today, months)}
    ).where(
        (Answer.organisation == organisation)
        & (Answer.type == type_id)
        & (Answer.version == version)
    )


async def _publish_extension(tx: Ledger, case: Case, outcomes: list[Outcome]) -> None:
    words = await publish_reasons(tx, case, outcomes[0])
    await extensions.decide_request(tx, case, granted=outcomes[0].verdict == "yes", words=words)


async def _publish_findings(tx: Ledger, case: Case, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        await publish_reasons(tx, case, outcome)
    found = {outcome.question: outcome.verdict for outcome in outcomes}
    await accountability.publish_review(tx, case, found)


async def _publish_concern(tx: Ledger, case: Case, outcomes: list[Outcome]) -> None:
    words = await publish_reasons(tx, case, outcomes[0])
    await decide_concern(tx, case, upheld=outcomes[0].verdict == "yes", words=words)


async def _publish_concern_appeal(tx: Ledger, case: Case, outcomes: list[Outcome]) -> None:
    words = await publish_reasons(tx, case, outcomes[0])
    await decide_appeal(tx, case, upheld=outcomes[0].verdict == "yes", words=words)


Publisher = Callable[[Ledger, Case, list[Outcome]], Awaitable[None]]

_PUBLISH: Mapping[str, Publisher] = {
    "evidence": _publish_verdicts,
    "does-not-apply": _publish_answers,
    "extension": _publish_extension,
    "accountability": _publish_findings,
    "concern": _publish_concern,
    "concern-appeal": _publish_concern_appeal,
}
