"""An organisation's people: who has which part, who joins, who leaves, who answers for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.queries import members_of
from charter.organisations.service import add_member, end_membership, replace_sponsor
from charter.scheme import Scheme
from registry.accounts.post import allow_mail
from registry.accounts.service import account_for, email_of
from registry.web.asked import person_of, registry_of
from registry.web.member.forms import InviteForm, PressForm, SponsorForm
from registry.web.member.letters import tell_invited, tell_new_sponsor
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.refusals import NoSuchPage

PEOPLE: Page = {"template": "people.html", "title": "People"}
SPONSOR: Page = {"template": "sponsor.html", "title": "Replace the sponsor"}
LEAVER: Page = {"template": "leaver.html", "title": "End somebody's part"}

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
        )
        for member in await members_of(room.own.id)
    ]


@get("/my/{slug:str}/people")
async def people_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the people, and the form that invites one more."""
    room = await enter(request, slug)
    return show(request, room, **PEOPLE, people=await people_of(request, room), parts=PARTS)


@post("/my/{slug:str}/people")
async def invite(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Give a person a part and write to them."""
    room = await enter(request, slug)
    desk = registry_of(request).desk
    by = "sponsor" if room.sponsor else "lead"

    async def act(scheme: Scheme, form: InviteForm) -> str:
        await allow_mail(desk, to=form.email)
        account = await account_for(desk, email=form.email)
        await add_member(
            scheme,
            organisation=room.own.id,
            account=account,
            role=form.role,
            invited_by_role=by,
        )
        await tell_invited(
            desk, slug=slug, name=room.own.name, to=form.email.lower(), role=form.role
        )
        return f"{room.address}/people"

    people = await people_of(request, room)
    return await take(request, room, InviteForm, act, **PEOPLE, people=people, parts=PARTS)


@get("/my/{slug:str}/people/{account:uuid}/{role:str}/end")
async def leaver_page(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    account: FromPath[UUID],
    role: FromPath[str],
) -> Response[bytes]:
    """Ask whether to end a person's part."""
    room = await enter(request, slug)
    leaver = await _find(request, room, account, role)
    return show(request, room, **LEAVER, leaver=leaver)


@post("/my/{slug:str}/people/{account:uuid}/{role:str}/end")
async def end_part(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    account: FromPath[UUID],
    role: FromPath[str],
) -> Response[bytes]:
    """End a person's part."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await end_membership(scheme, organisation=room.own.id, account=account, role=role)
        own = account == person_of(request).account
        return "/my" if own else f"{room.address}/people"

    found = [person for person in await people_of(request, room) if person.account == account]
    leaver = next((person for person in found if person.role == role), None)
    return await take(request, room, PressForm, act, **LEAVER, leaver=leaver)


@get("/my/{slug:str}/sponsor")
async def sponsor_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask who answers for the charter from now on."""
    return show(request, await enter(request, slug), **SPONSOR)


@post("/my/{slug:str}/sponsor")
async def new_sponsor(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Put a new sponsor in this one's place and write to them."""
    room = await enter(request, slug)
    desk = registry_of(request).desk

    async def act(scheme: Scheme, form: SponsorForm) -> str:
        await allow_mail(desk, to=form.email)
        account = await account_for(desk, email=form.email)
        await replace_sponsor(
            scheme, organisation=room.own.id, account=account, sponsor_role=form.sponsor_role
        )
        await tell_new_sponsor(desk, slug=slug, name=room.own.name, to=form.email.lower())
        return "/my"

    return await take(request, room, SponsorForm, act, **SPONSOR)


async def _find(
    request: Request[Any, Any, Any], room: Room, account: UUID, role: str
) -> PersonSeen:
    """Return one person with a part other than sponsor's. Raises NoSuchPage."""
    for person in await people_of(request, room):
        if (person.account, person.role) == (account, role) and role != "sponsor":
            return person
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    people_page,
    invite,
    leaver_page,
    end_part,
    sponsor_page,
    new_sponsor,
)
