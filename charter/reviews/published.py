"""What organisations, the hub and the public see of reviews: panels by pseudonym, never accounts.

Reasons and reply are read from the public texts they were published as (rules 22 and 25).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from charter.evidence.queries import ReportSeen, reports_in_case
from charter.history.queries import words_of
from charter.reviews import rules
from charter.reviews.tables import AccountabilityReview, Case, Outcome, Seat, Verdict


@dataclass(frozen=True, slots=True)
class PanelSeat:
    """A seat as the organisation sees it: a name of this case only, and whether it is in."""

    pseudonym: str
    decided: bool


@dataclass(frozen=True, slots=True)
class OutcomeSeen:
    """What a panel decided on one question, with the reasons of each seat by pseudonym."""

    question: str
    verdict: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseForOrganisation:
    """A case as its organisation sees it: the verdict from the day it may be replied to.

    `reply_by` is the last day for the reply; None where the case takes none.
    """

    id: UUID
    case: int
    kind: str
    state: str
    opened_at: datetime
    decided_at: datetime | None
    reply_by: date | None
    may_reply: bool
    reply: str
    held_until: datetime | None
    panel: tuple[PanelSeat, ...]
    reports: tuple[ReportSeen, ...]
    outcomes: tuple[OutcomeSeen, ...]


@dataclass(frozen=True, slots=True)
class PublishedReview:
    """One published verdict: on a report, an answer, a request for more time, or a year."""

    case: int
    kind: str
    question: str
    verdict: str
    decided_on: datetime
    published_at: datetime
    reasons: tuple[tuple[str, str], ...]
    reply: str | None
    report: ReportSeen | None


@dataclass(frozen=True, slots=True)
class PublishedAccountability:
    """One published cycle: both voices per type, the lower of them, and where they differ."""

    cycle: int
    published_at: datetime
    organisation_says: dict[str, str]
    community_found: dict[str, str]
    result: dict[str, str]
    voices_differ: tuple[str, ...]
    reflection: dict[str, str]
    signed_by_role: str
    agreed_at: datetime | None


async def cases_of(organisation: UUID) -> tuple[CaseForOrganisation, ...]:
    """Return an organisation's own cases, newest first; a concern only once it is published."""
    cases = (
        await Case.objects()
        .where(
            (Case.organisation == organisation)
            & (Case.kind.not_in(sorted(rules.ABOUT_CONCERNS)) | (Case.state == "published"))
        )
        .order_by(Case.number, ascending=False)
    )
    return tuple([await see_case(case) for case in cases])


async def case_for_organisation(organisation: UUID, number: int) -> CaseForOrganisation | None:
    """Return one of an organisation's own cases by its public number, or None."""
    return next((case for case in await cases_of(organisation) if case.case == number), None)


async def see_case(case: Case) -> CaseForOrganisation:
    """Return a case without anything that tells who sits on it."""
    seats = [
        seat
        for seat in await Seat.objects().where(Seat.case == case.id).order_by(Seat.number)
        if seat.state in rules.SEATED
    ]
    decided = case.state in {"decided", "published"}
    takes_reply = case.kind in rules.WITH_REPLY
    published = (await words_of([case.reply])).get(case.reply, {}) if case.reply else {}
    return CaseForOrganisation(
        id=case.id,
        case=case.number,
        kind=case.kind,
        state=case.state,
        opened_at=case.opened_at,
        decided_at=case.decided_at,
        reply_by=case.publish_on if takes_reply and case.replied_at is None else None,
        may_reply=takes_reply and case.state == "decided" and case.replied_at is None,
        reply=case.reply_words or published.get("reply", ""),
        held_until=case.held_until,
        panel=tuple(PanelSeat(seat.pseudonym, seat.state == "decided") for seat in seats),
        reports=await reports_in_case(case.id),
        outcomes=await _outcomes(case, seats) if decided else (),
    )


async def published_reviews(organisation: UUID) -> tuple[PublishedReview, ...]:
    """Return an organisation's published verdicts, newest first, with reasons and reply."""
    cases = (
        await Case.objects()
        .where((Case.organisation == organisation) & (Case.state == "published"))
        .order_by(Case.published_at, ascending=False)
        .order_by(Case.number, ascending=False)
    )
    return tuple([review for case in cases for review in await _published(case)])


async def published_accountability(organisation: UUID) -> tuple[PublishedAccountability, ...]:
    """Return an organisation's published yearly reviews, newest first."""
    rows = (
        await AccountabilityReview.objects()
        .where(
            (AccountabilityReview.organisation == organisation)
            & AccountabilityReview.published_at.is_not_null()
        )
        .order_by(AccountabilityReview.cycle, ascending=False)
    )
    words = await words_of(row.reflection for row in rows)
    return tuple(_see_cycle(row, words.get(row.reflection, {})) for row in rows)


def _see_cycle(row: AccountabilityReview, words: dict[str, str]) -> PublishedAccountability:
    own = msgspec.json.decode(row.own_findings or "{}", type=dict[str, str])
    found = msgspec.json.decode(row.panel_findings or "{}", type=dict[str, str])
    result, differ = rules.hear_two_voices({**own, **found} if row.agreed_at else own, found)
    return PublishedAccountability(
        cycle=row.cycle,
        published_at=row.published_at,
        organisation_says=own,
        community_found=found,
        result=result,
        voices_differ=tuple(differ),
        reflection=words,
        signed_by_role=row.signed_by_role,
        agreed_at=row.agreed_at,
    )


async def _published(case: Case) -> list[PublishedReview]:
    seats = await Seat.objects().where(Seat.case == case.id).order_by(Seat.number)
    outcomes = await Outcome.objects().where(Outcome.case == case.id).order_by(Outcome.question)
    words = await words_of([case.reply, *(outcome.words for outcome in outcomes)])
    reports = {report.id: report for report in await reports_in_case(case.id)}
    reply = words[case.reply].get("reply") if case.reply else None
    names = {f"reasons_{seat.number}": seat.pseudonym for seat in seats}
    return [
        PublishedReview(
            case=case.number,
            kind=case.kind,
            question=outcome.question,
            verdict=outcome.verdict,
            decided_on=case.decided_at,
            published_at=case.published_at,
            reasons=tuple(
                (names[field], str(text))
                for field, text in sorted(words.get(outcome.words, {}).items())
            ),
            reply=reply,
            report=reports.get(outcome.report) if outcome.report else None,
        )
        for outcome in outcomes
    ]


async def _outcomes(case: Case, seats: list[Seat]) -> tuple[OutcomeSeen, ...]:
    """Return a decided panel's outcomes with the reasons its organisation may reply to."""
    names = {seat.id: seat.pseudonym for seat in seats}
    verdicts = await Verdict.objects().where(Verdict.seat.is_in(list(names)))
    rows = await Outcome.objects().where(Outcome.case == case.id).order_by(Outcome.question)
    return tuple(
        OutcomeSeen(
            question=row.question,
            verdict=row.verdict,
            reasons=tuple(
                (names[said.seat], said.reasons)
                for said in sorted(verdicts, key=lambda said: names[said.seat])
                if said.question == row.question
            ),
        )
        for row in rows
    )
