"""Read models of co-design: sessions, a contributor's page, and what was asked of a group."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from charter.history.queries import words_of
from charter.plans.codesign_rules import hash_token
from charter.plans.queries import AnswerSeen, PledgeLine, all_answers, pledges_of
from charter.plans.tables import (
    CommunityGroup,
    Confirmation,
    ContributorLink,
    GroupMember,
    RequestToTakePart,
    Session,
)
from charter.reviews.tables import PayEntry


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session and what the people in it said. Only answers are counted; nobody is named.

    `agreed` counts those not employed by the organisation who confirmed, agreed, were paid or
    freely declined, and have not taken it back. `waiting` counts codes not used yet.
    """

    id: UUID
    organisation: UUID
    number: int
    held_on: date
    hours: Decimal
    pay_pence: int
    group: UUID | None
    pledges: tuple[PledgeLine, ...]
    answers: tuple[AnswerSeen, ...]
    agreed: int
    employed: int
    disputed: int
    unpaid: int
    withdrawn: int
    waiting: int

    @property
    def confirmed(self) -> bool:
        """Whether the session counts (rule 11)."""
        return self.agreed > 0


@dataclass(frozen=True, slots=True)
class ContributionSeen:
    """What a contributor's code opens. `state` is open, used or expired.

    `pay` is empty unless they said that they were left unpaid; then it is none, owed or paid, as
    the organisation says, and confirmed once it counts as received.
    """

    state: str
    organisation_slug: str
    organisation_name: str
    session: SessionSeen
    expires_at: datetime
    may_withdraw: bool
    pay: str


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A community group. `state` is registered, checked or refused."""

    id: UUID
    name: str
    borough: str
    state: str
    refusal: str
    registered_at: datetime
    checked_at: datetime | None
    closed_until: date | None


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request to take part: who asked, for what, and what became of it."""

    id: UUID
    group: UUID
    group_name: str
    organisation: UUID
    organisation_slug: str
    organisation_name: str
    purpose: str
    hours: Decimal
    pay_pence: int
    held_on: date
    answer_by: date
    state: str
    asked_at: datetime
    answered_at: datetime | None


async def sessions_of(organisation: UUID) -> tuple[SessionSeen, ...]:
    """Return the sessions of an organisation, the newest first."""
    rows = (
        await Session.objects()
        .where(Session.organisation == organisation)
        .order_by(Session.number, ascending=False)
    )
    return tuple([await _see_session(row) for row in rows])


async def sessions_with(group: UUID) -> tuple[SessionSeen, ...]:
    """Return the sessions that organisations say they held with a group, the newest first."""
    rows = (
        await Session.objects()
        .where(Session.group == group)
        .order_by(Session.recorded_at, ascending=False)
    )
    return tuple([await _see_session(row) for row in rows])


async def find_contribution(token: str, *, now: datetime) -> ContributionSeen | None:
    """Return what a contributor's code opens, or None for an unknown code. Changes nothing."""
    link = (
        await ContributorLink.objects()
        .where(ContributorLink.token_hash == hash_token(token))
        .first()
    )
    if link is None:
        return None
    session = await Session.objects().where(Session.id == link.session).first()
    if session is None:
        return None
    body = await Session.raw(
        "SELECT slug, name FROM organisation WHERE id = {}", session.organisation
    )
    state = "open" if link.expires_at > now else "expired"
    given = await Confirmation.objects().where(Confirmation.link == link.id).first()
    return ContributionSeen(
        state="used" if _is_past(link.used_at) else state,
        organisation_slug=body[0]["slug"],
        organisation_name=body[0]["name"],
        session=await _see_session(session),
        expires_at=link.expires_at,
        may_withdraw=given is not None and given.agrees and not _is_past(given.withdrawn_at),
        pay=await _pay_of(given) if given is not None and given.paid == "unpaid" else "",
    )


async def _pay_of(given: Confirmation) -> str:
    """Return in one word what became of the pay that somebody was owed."""
    if _is_past(given.arrived_at):
        return "confirmed"
    entry = (
        await PayEntry.objects()
        .where(PayEntry.session == given.session)
        .order_by(PayEntry.due_on, ascending=False)
        .first()
    )
    if entry is None:
        return "none"
    if _is_past(entry.confirmed_at):
        return "confirmed" if entry.confirmed_at >= given.answered_at else "none"
    return "paid" if _is_past(entry.paid_at) else "owed"


async def groups(*, state: str | None = None) -> tuple[GroupSeen, ...]:
    """Return the community groups by name, of one state if given."""
    query = CommunityGroup.objects().order_by(CommunityGroup.name)
    if state is not None:
        query = query.where(CommunityGroup.state == state)
    return tuple(_see_group(row) for row in await query)


async def find_group(group: UUID) -> GroupSeen | None:
    """Return a community group, or None."""
    row = await CommunityGroup.objects().where(CommunityGroup.id == group).first()
    return None if row is None else _see_group(row)


async def groups_of(account: UUID) -> tuple[GroupSeen, ...]:
    """Return the groups a person answers for."""
    rows = await GroupMember.select(GroupMember.group).where(GroupMember.account == account)
    found = [await find_group(row["group"]) for row in rows]
    return tuple(sorted((seen for seen in found if seen is not None), key=lambda seen: seen.name))


async def asked_of(group: UUID) -> tuple[RequestSeen, ...]:
    """Return what was asked of a group, by whom, and what became of it; the newest first."""
    return await _requests(group)


async def asked_by(organisation: UUID) -> tuple[RequestSeen, ...]:
    """Return what an organisation asked of groups, the newest first."""
    return await _requests(organisation)


async def find_request(request: UUID) -> RequestSeen | None:
    """Return one request to take part, or None."""
    return next(iter(await _requests(request)), None)


_REQUESTS = """
    SELECT r.id, r."group", g.name AS group_name, r.organisation, o.slug AS organisation_slug,
        o.name AS organisation_name, r.words, r.hours, r.pay_pence, r.held_on, r.answer_by,
        r.state, r.asked_at, r.answered_at
    FROM request_to_take_part r
    JOIN organisation o ON o.id = r.organisation
    JOIN community_group g ON g.id = r."group"
    WHERE {} IN (r."group", r.organisation, r.id)
    ORDER BY r.asked_at DESC
"""


async def _requests(about: UUID) -> tuple[RequestSeen, ...]:
    """Return the requests of a group, an organisation, or one alone: whatever `about` names."""
    rows: list[Mapping[str, Any]] = await RequestToTakePart.raw(_REQUESTS, about)
    words = await words_of(row["words"] for row in rows)
    return tuple(
        RequestSeen(
            purpose=words[row["words"]]["purpose"],
            **{name: fact for name, fact in row.items() if name != "words"},
        )
        for row in rows
    )


def _is_past(at: datetime | None) -> bool:
    """Whether something that may never happen has happened."""
    return at is not None


def _see_group(row: CommunityGroup) -> GroupSeen:
    return GroupSeen(
        row.id,
        row.name,
        row.borough,
        row.state,
        row.refusal,
        row.registered_at,
        row.checked_at,
        row.closed_until,
    )


async def _see_session(row: Session) -> SessionSeen:
    answers = await Confirmation.objects().where(Confirmation.session == row.id)
    standing = [answer for answer in answers if not _is_past(answer.withdrawn_at)]
    yes = [answer for answer in standing if answer.happened and answer.agrees]
    left = {answer.id for answer in answers if await _is_left_unpaid(answer)}
    waiting = await ContributorLink.count().where(
        (ContributorLink.session == row.id) & ContributorLink.used_at.is_null()
    )
    shaped = await _shaped_by(row)
    given = await all_answers(row.organisation) if row.answers else []
    return SessionSeen(
        id=row.id,
        organisation=row.organisation,
        number=row.number,
        held_on=row.held_on,
        hours=row.hours,
        pay_pence=row.pay_pence,
        group=row.group,
        pledges=shaped,
        answers=tuple(seen for seen in given if seen.id in set(row.answers)),
        agreed=sum(not answer.employed and answer.id not in left for answer in yes),
        employed=sum(answer.employed for answer in yes),
        disputed=len(standing) - len(yes),
        unpaid=len(left),
        withdrawn=len(answers) - len(standing),
        waiting=waiting,
    )


async def _is_left_unpaid(given: Confirmation) -> bool:
    """Whether somebody says that they were not paid, and no pay counts as received since."""
    return given.paid == "unpaid" and not await PayEntry.exists().where(
        (PayEntry.session == given.session) & (PayEntry.confirmed_at >= given.answered_at)
    )


async def _shaped_by(row: Session) -> tuple[PledgeLine, ...]:
    numbers: list[Mapping[str, Any]] = await Session.raw(
        "SELECT number FROM pledge WHERE id = ANY({}::uuid[])", list(row.pledges)
    )
    wanted = {found["number"] for found in numbers}
    lines = await pledges_of(row.organisation)
    return tuple(line for line in lines if line.number in wanted)
