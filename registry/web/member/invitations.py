"""Somebody is asked to take a part in an organisation: they say yes or no."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.queries import InvitationSeen, invitations_to
from charter.organisations.service import accept_invitation, decline_invitation
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.member.forms import PressForm
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import Act, submit

TEMPLATE = "member/invitation.html"
TITLE = "Will you take this part?"

PARTS = {
    "lead": "You look after its answers, pledges and reports, and may invite others.",
    "member": "You help with its answers, pledges and reports.",
    "delegate": "You stand in for the lead, and are told when something is late.",
    "sponsor": "You answer for the charter: you sign it, and its reports where they say so.",
}
"""What each part is, for somebody who is asked to take it."""


async def _asked(request: Request[Any, Any, Any], invitation: UUID) -> InvitationSeen:
    """Return an open invitation of the person who asks. Raises NoSuchPage."""
    today = registry_of(request).scheme.today()
    for each in await invitations_to(person_of(request).account, today):
        if each.id == invitation:
            return each
    raise NoSuchPage


@get("/invitations/{invitation:uuid}")
async def invitation_page(
    request: Request[Any, Any, Any], invitation: FromPath[UUID]
) -> Response[bytes]:
    """Show what somebody is asked to do, by whom, and until when they can answer."""
    asked = await _asked(request, invitation)
    return render(TEMPLATE, request=request, title=TITLE, asked=asked, parts=PARTS)


@post("/invitations/{invitation:uuid}/accept")
async def accept(request: Request[Any, Any, Any], invitation: FromPath[UUID]) -> Response[bytes]:
    """Take the part."""
    me = person_of(request).account

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await accept_invitation(scheme, invitation=invitation, account=me)
        return "/my"

    return await _answer(request, invitation, act)


@post("/invitations/{invitation:uuid}/decline")
async def decline(request: Request[Any, Any, Any], invitation: FromPath[UUID]) -> Response[bytes]:
    """Say no, without a reason."""
    me = person_of(request).account

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await decline_invitation(scheme, invitation=invitation, account=me)
        return "/my"

    return await _answer(request, invitation, act)


async def _answer(
    request: Request[Any, Any, Any], invitation: UUID, act: Act[PressForm]
) -> Response[bytes]:
    found = await invitations_to(person_of(request).account, registry_of(request).scheme.today())
    asked = next((each for each in found if each.id == invitation), None)
    return await submit(
        request, PressForm, act, template=TEMPLATE, title=TITLE, asked=asked, parts=PARTS
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (invitation_page, accept, decline)
