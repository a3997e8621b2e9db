"""Concerns that a panel decided: the public answer with its plan, and the appeal (rule 38).

An organisation learns of a concern once it is decided, and never who raised it.
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.concerns.appeals import appeal_as_organisation
from charter.concerns.queries import ConcernAgainst, concerns_against
from charter.concerns.service import answer_concern
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.member.report_forms import ConcernAnswerForm, ConcernAppealForm
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.refusals import NoSuchPage


@get("/my/{slug:str}/concerns")
async def concerns_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """List the concerns that were decided, the newest first."""
    room = await enter(request, slug)
    scheme = registry_of(request).scheme
    decided = await concerns_against(scheme, room.own.id)
    return show(request, room, "concerns.html", title="Concerns", concerns=decided)


@get("/my/{slug:str}/concerns/{concern:uuid}/answer")
async def answer_page(
    request: Request[Any, Any, Any], slug: FromPath[str], concern: FromPath[UUID]
) -> Response[bytes]:
    """Ask for the public answer, and the plan that goes with it."""
    room = await enter(request, slug)
    return show(request, room, **await _answering(request, room, concern))


@post("/my/{slug:str}/concerns/{concern:uuid}/answer")
async def answer(
    request: Request[Any, Any, Any], slug: FromPath[str], concern: FromPath[UUID]
) -> Response[bytes]:
    """Publish the answer and the plan."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: ConcernAnswerForm) -> str:
        await answer_concern(
            scheme,
            organisation=room.own.id,
            concern=concern,
            answer=form.answer,
            plan=form.plan,
        )
        return f"{room.address}/concerns"

    page = await _answering(request, room, concern)
    return await take(request, room, ConcernAnswerForm, act, **page)


@get("/my/{slug:str}/concerns/{concern:uuid}/appeal")
async def appeal_page(
    request: Request[Any, Any, Any], slug: FromPath[str], concern: FromPath[UUID]
) -> Response[bytes]:
    """Ask what the decision got wrong."""
    room = await enter(request, slug)
    return show(request, room, **await _appealing(request, room, concern))


@post("/my/{slug:str}/concerns/{concern:uuid}/appeal")
async def appeal(
    request: Request[Any, Any, Any], slug: FromPath[str], concern: FromPath[UUID]
) -> Response[bytes]:
    """Bring the decision before three other auditors."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: ConcernAppealForm) -> str:
        await appeal_as_organisation(
            scheme, organisation=room.own.id, concern=concern, why=form.why
        )
        return f"{room.address}/concerns"

    page = await _appealing(request, room, concern)
    return await take(request, room, ConcernAppealForm, act, **page)


async def _answering(request: Request[Any, Any, Any], room: Room, concern: UUID) -> Page:
    seen = await _find(request, room, concern)
    if not seen.may_answer:
        raise NoSuchPage
    title = "Answer a concern that was upheld"
    return {"template": "concern_answer.html", "title": title, "concern": seen}


async def _appealing(request: Request[Any, Any, Any], room: Room, concern: UUID) -> Page:
    seen = await _find(request, room, concern)
    if seen.appeal_by is None:
        raise NoSuchPage
    return {"template": "concern_appeal.html", "title": "Appeal", "concern": seen}


async def _find(request: Request[Any, Any, Any], room: Room, concern: UUID) -> ConcernAgainst:
    for seen in await concerns_against(registry_of(request).scheme, room.own.id):
        if seen.id == concern:
            return seen
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    concerns_page,
    answer_page,
    answer,
    appeal_page,
    appeal,
)
