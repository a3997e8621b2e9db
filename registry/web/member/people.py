"""An organisation's people: who has which part, who joins, who leaves, who answers for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.people_rules import NEEDED_ROLES, Asked
from charter.organisations.queries import invitations_of, members_of
from charter.organisations.service import end_membership, invite_person, take_back_invitation
from charter.scheme import Scheme
from registry.accounts.post import allow_mail
from registry.accounts.service import account_for, email_of
from registry.web.asked import person_of, registry_of
from registry.web.member.forms import InviteForm, LeaverForm, PressForm, SponsorForm
from registry.web.member.letters import tell_invited
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.refusals import NoSuchPage

PEOPLE: Page = {"template": "people.html", "title": "People"}
SPONSOR: Page = {"template": "sponsor.html", "title": "Replace the sponsor"}
LEAVER: Page = {"template": "leaver.html", "title": "End somebody's part"}

NOBODY = "nobody"
"""What is chosen where nobody takes over yet."""

PARTS = (
    ("lead", "Lead", "Answers, pledges, reports, and invites others."),
    ("member", "Member", "Answers, pledges and reports."),
    ("delegate", "Delegate", "Stands in for the lead, and is told when something is late."),
)


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A person with a part, as colleagues see them."""

    account: UUID
    email: str
    role: str
    since: datetime
    own: bool
    covers_until: date | None


@dataclass(frozen=True, slots=True)
class AskedSeen:
    """Somebody who was asked to take a part and has not answered."""

    id: UUID
    email: str
    role: str
    expires_on: date


async def people_of(request: Request[Any, Any, Any], room: Room) -> list[PersonSeen]:
    """Return everybody with a part in the organisation, with their address."""
    desk = registry_of(request).desk
    me = person_of(request).account
    return [
        PersonSeen(
            member.account,
            await email_of(desk, account=member.account) or "",
            member.role,
            member.since,
            member.account == me,
            member.covers_until,
        )
        for member in await members_of(room.own.id)
    ]


async def _everybody(request: Request[Any, Any, Any], room: Room) -> Page:
    """Return the people page: who has a part, who was asked, and which parts there are."""
    desk = registry_of(request).desk
    asked = [
        AskedSeen(
            each.id, await email_of(desk, account=each.account) or "", each.role, each.expires_on
        )
        for each in await invitations_of(room.own.id, room.today)
    ]
    return {
        **PEOPLE,
        "people": await people_of(request, room),
        "asked": asked,
        "parts": PARTS,
        "most": room.pack.numbers.mail.addresses_per_organisation,
    }


@get("/my/{slug:str}/people")
async def people_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the people, and the form that invites one more."""
    room = await enter(request, slug)
    return show(request, room, **await _everybody(request, room))


@post("/my/{slug:str}/people")
async def invite(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask a person to take a part, and write to them."""
    room = await enter(request, slug)
    desk = registry_of(request).desk
    by = "sponsor" if room.sponsor else "lead"

    async def act(scheme: Scheme, form: InviteForm) -> str:
        await allow_mail(desk, to=form.email)
        account = await account_for(desk, email=form.email)
        invitation = await invite_person(
            scheme,
            organisation=room.own.id,
            account=account,
            asked=Asked(form.role, covers_from=form.covers_from, covers_until=form.covers_until),
            invited_by_role=by,
        )
        await tell_invited(
            desk, invitation, name=room.own.name, to=form.email.lower(), role=form.role
        )
        return f"{room.address}/people"

    return await take(request, room, InviteForm, act, **await _everybody(request, room))


@post("/my/{slug:str}/people/asked/{invitation:uuid}")
async def take_back(
    request: Request[Any, Any, Any], slug: FromPath[str], invitation: FromPath[UUID]
) -> Response[bytes]:
    """Take an invitation back."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await take_back_invitation(scheme, invitation=invitation, organisation=room.own.id)
        return f"{room.address}/people"

    return await take(request, room, PressForm, act, **await _everybody(request, room))


@get("/my/{slug:str}/people/{account:uuid}/{role:str}/end")
async def leaver_page(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    account: FromPath[UUID],
    role: FromPath[str],
) -> Response[bytes]:
    """Ask whether to end a person's part, and who takes over."""
    room = await enter(request, slug)
    return show(request, room, **await _leaving(request, room, account, role))


@post("/my/{slug:str}/people/{account:uuid}/{role:str}/end")
async def end_part(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    account: FromPath[UUID],
    role: FromPath[str],
) -> Response[bytes]:
    """End a person's part; what waits for them goes to whoever takes over."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: LeaverForm) -> str:
        await end_membership(
            scheme,
            organisation=room.own.id,
            account=account,
            role=role,
            successor=None if form.successor == NOBODY else UUID(form.successor),
        )
        own = account == person_of(request).account
        return "/my" if own else f"{room.address}/people"

    page = await _leaving(request, room, account, role)
    return await take(request, room, LeaverForm, act, **page)


@get("/my/{slug:str}/sponsor")
async def sponsor_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask who answers for the charter from now on."""
    return show(request, await enter(request, slug), **SPONSOR)


@post("/my/{slug:str}/sponsor")
async def new_sponsor(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask somebody to be the sponsor in this one's place, and write to them."""
    room = await enter(request, slug)
    desk = registry_of(request).desk

    async def act(scheme: Scheme, form: SponsorForm) -> str:
        await allow_mail(desk, to=form.email)
        account = await account_for(desk, email=form.email)
        invitation = await invite_person(
            scheme,
            organisation=room.own.id,
            account=account,
            asked=Asked("sponsor", sponsor_role=form.sponsor_role),
            invited_by_role="sponsor",
        )
        await tell_invited(
            desk, invitation, name=room.own.name, to=form.email.lower(), role="sponsor"
        )
        return f"{room.address}/people"

    return await take(request, room, SponsorForm, act, **SPONSOR)


async def _leaving(request: Request[Any, Any, Any], room: Room, account: UUID, role: str) -> Page:
    """Return the page about one person's leaving. Raises NoSuchPage."""
    people = await people_of(request, room)
    leaver = next((each for each in people if (each.account, each.role) == (account, role)), None)
    if leaver is None:
        raise NoSuchPage
    others = {str(each.account): each.email for each in people if each.account != account}
    return {
        **LEAVER,
        "leaver": leaver,
        "successors": [*others.items(), (NOBODY, "Nobody yet")],
        "last": role in NEEDED_ROLES and sum(each.role == role for each in people) == 1,
        "days": room.pack.numbers.signing.handover_working_days,
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    people_page,
    invite,
    take_back,
    leaver_page,
    end_part,
    sponsor_page,
    new_sponsor,
)
