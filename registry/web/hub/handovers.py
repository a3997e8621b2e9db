"""Organisations where nobody leads or sponsors any more: a steward finds who takes over."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.handovers import HandoverSeen, handovers_waiting
from charter.organisations.people_rules import Asked
from charter.organisations.service import invite_person
from charter.scheme import Scheme
from registry.accounts.post import allow_mail
from registry.accounts.service import account_for
from registry.web.asked import registry_of
from registry.web.hub.forms import HandoverForm
from registry.web.hub.room import show, take
from registry.web.member.letters import tell_invited
from registry.web.refusals import NoSuchPage

TITLE = "Who takes over?"


@get("/hub/handovers")
async def handovers_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the organisations with an empty part, the one due first before the others."""
    scheme = registry_of(request).scheme
    return show(
        request,
        "handovers.html",
        title=TITLE,
        waiting=await handovers_waiting(scheme.today()),
        today=scheme.today(),
    )


@get("/hub/handovers/{organisation:uuid}")
async def handover_page(
    request: Request[Any, Any, Any], organisation: FromPath[UUID]
) -> Response[bytes]:
    """Show which part is empty and who has been asked, and the form that asks somebody."""
    case = await _case(request, organisation)
    return show(request, "handover.html", title=case.organisation.name, case=case)


@post("/hub/handovers/{organisation:uuid}")
async def ask_to_take_over(
    request: Request[Any, Any, Any], organisation: FromPath[UUID]
) -> Response[bytes]:
    """Ask somebody to take an empty part, and write to them."""
    case = await _case(request, organisation)
    desk = registry_of(request).desk
    name = case.organisation.name

    async def act(scheme: Scheme, form: HandoverForm) -> str:
        await allow_mail(desk, to=form.email)
        invitation = await invite_person(
            scheme,
            organisation=organisation,
            account=await account_for(desk, email=form.email),
            asked=Asked(form.role, sponsor_role=form.sponsor_role),
            invited_by_role="steward",
        )
        await tell_invited(desk, invitation, name=name, to=form.email.lower(), role=form.role)
        return f"/hub/handovers/{organisation}"

    return await take(
        request,
        HandoverForm,
        act,
        "handover.html",
        title=name,
        case=case,
    )


async def _case(request: Request[Any, Any, Any], organisation: UUID) -> HandoverSeen:
    for each in await handovers_waiting(registry_of(request).scheme.today()):
        if each.organisation.id == organisation:
            return each
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (handovers_page, handover_page, ask_to_take_over)
