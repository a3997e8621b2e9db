"""A community group that shares a pledge: it says yes, no, or leaves, and need not say why."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.codesign_queries import find_group
from charter.plans.service import answer_partnership, leave_partnership
from charter.plans.sharing_queries import PartnershipSeen, partnerships_of
from charter.scheme import Scheme
from registry.web.community.forms import AskAnswerForm, LeaveForm
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import submit

SHARED = "community/shared.html"
TITLE = "Share a pledge"


@get("/groups/{group:uuid}/shared/{partner:uuid}")
async def shared_page(
    request: Request[Any, Any, Any], group: FromPath[UUID], partner: FromPath[UUID]
) -> Response[bytes]:
    """Show what the group is asked to share, or shares already."""
    return render(SHARED, request=request, title=TITLE, **await _reading(group, partner))


@post("/groups/{group:uuid}/shared/{partner:uuid}")
async def answer(
    request: Request[Any, Any, Any], group: FromPath[UUID], partner: FromPath[UUID]
) -> Response[bytes]:
    """Take the group's yes or no."""
    page = await _reading(group, partner)

    async def act(scheme: Scheme, form: AskAnswerForm) -> str:
        await answer_partnership(scheme, partner=partner, accept=form.answer == "accept")
        return f"/groups/{group}"

    return await submit(request, AskAnswerForm, act, template=SHARED, title=TITLE, **page)


@post("/groups/{group:uuid}/shared/{partner:uuid}/leave")
async def leave(
    request: Request[Any, Any, Any], group: FromPath[UUID], partner: FromPath[UUID]
) -> Response[bytes]:
    """Let the group share a pledge no longer."""
    page = await _reading(group, partner)

    async def act(scheme: Scheme, form: LeaveForm) -> str:
        await leave_partnership(scheme, partner=partner, reason=form.reason)
        return f"/groups/{group}"

    return await submit(request, LeaveForm, act, template=SHARED, title=TITLE, **page)


async def _reading(group: UUID, partner: UUID) -> dict[str, Any]:
    return {"group": await find_group(group), "seen": await _partnership(group, partner)}


async def _partnership(group: UUID, partner: UUID) -> PartnershipSeen:
    for seen in await partnerships_of(group):
        if seen.id == partner:
            return seen
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (shared_page, answer, leave)
