"""Shared pledges: asking partners for one of ours, and answering for one of somebody else's."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import FieldError, InvalidInput
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.plans.codesign_queries import groups
from charter.plans.service import answer_partnership, ask_partner, leave_partnership
from charter.plans.sharing_queries import PartnershipSeen, partners_of, partnerships_of
from charter.plans.sharing_rules import Invitation
from charter.scheme import Scheme
from registry.web.community.forms import AskAnswerForm
from registry.web.member.forms import PartnerForm, ReasonForm
from registry.web.member.pledge_questions import line_of
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.refusals import NoSuchPage

PARTNERS: Page = {"template": "partners.html", "title": "Share this pledge"}
SHARED: Page = {"template": "shared.html", "title": "Pledges we share"}
LEAVE: Page = {"template": "leave_shared.html", "title": "Leave this pledge"}


@get("/my/{slug:str}/pledges/{n:int}/partners")
async def partners_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show who shares a pledge, and ask who else should."""
    room = await enter(request, slug)
    return show(request, room, **PARTNERS, **await _sharing(room, n))


@post("/my/{slug:str}/pledges/{n:int}/partners")
async def ask(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Ask an organisation or a group to share a pledge."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: PartnerForm) -> str:
        invitation = Invitation(form.part, await _organisation(form.organisation), form.group)
        await ask_partner(scheme, organisation=room.own.id, number=n, invitation=invitation)
        return f"{room.address}/pledges/{n}/partners"

    return await take(request, room, PartnerForm, act, **PARTNERS, **await _sharing(room, n))


@get("/my/{slug:str}/shared")
async def shared_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the pledges of others that this organisation shares, or is asked to share."""
    room = await enter(request, slug)
    return show(request, room, **SHARED, shared=await partnerships_of(room.own.id))


@post("/my/{slug:str}/shared/{partner:uuid}")
async def answer(
    request: Request[Any, Any, Any], slug: FromPath[str], partner: FromPath[UUID]
) -> Response[bytes]:
    """Share a pledge of another organisation, or decline with no reason."""
    room = await enter(request, slug)
    seen = await partnership(room.own.id, partner)

    async def act(scheme: Scheme, form: AskAnswerForm) -> str:
        await answer_partnership(scheme, partner=seen.id, accept=form.answer == "accept")
        return f"{room.address}/shared"

    shared = await partnerships_of(room.own.id)
    return await take(request, room, AskAnswerForm, act, **SHARED, shared=shared)


@get("/my/{slug:str}/shared/{partner:uuid}/leave")
async def leave_page(
    request: Request[Any, Any, Any], slug: FromPath[str], partner: FromPath[UUID]
) -> Response[bytes]:
    """Ask for the public reason of leaving a shared pledge."""
    room = await enter(request, slug)
    return show(request, room, **LEAVE, seen=await partnership(room.own.id, partner))


@post("/my/{slug:str}/shared/{partner:uuid}/leave")
async def leave(
    request: Request[Any, Any, Any], slug: FromPath[str], partner: FromPath[UUID]
) -> Response[bytes]:
    """Share a pledge no longer."""
    room = await enter(request, slug)
    seen = await partnership(room.own.id, partner)

    async def act(scheme: Scheme, form: ReasonForm) -> str:
        await leave_partnership(scheme, partner=seen.id, reason=form.reason)
        return f"{room.address}/shared"

    return await take(request, room, ReasonForm, act, **LEAVE, seen=seen)


async def partnership(partner: UUID, number: UUID) -> PartnershipSeen:
    """Return one pledge that somebody was asked to share. Raises NoSuchPage."""
    for seen in await partnerships_of(partner):
        if seen.id == number:
            return seen
    raise NoSuchPage


async def _sharing(room: Room, number: int) -> dict[str, Any]:
    return {
        "line": await line_of(room, number, "live"),
        "partners": await partners_of(room.own.id, number),
        "groups": [(str(group.id), group.name) for group in await groups(state="checked")],
        "most": room.pack.numbers.pledges.partners_most,
    }


async def _organisation(typed: str) -> UUID | None:
    """Return who stands at an address of the register, typed whole or as its last part."""
    if not typed:
        return None
    found = await find_by_slug(typed.rstrip("/").rpartition("/")[2].lower())
    if not isinstance(found, OrganisationSeen):
        sentence = "There is no organisation at this address. Copy it from its public page."
        raise InvalidInput(sentence, errors=[FieldError("organisation", sentence)])
    return found.id


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    partners_page,
    ask,
    shared_page,
    answer,
    leave_page,
    leave,
)
