"""The plan: five fixed rows, an answer for each, what is done already, a preview, publication."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.framework.catalogue import RacismType
from charter.plans.codesign_queries import sessions_of
from charter.plans.queries import AnswerSeen, TypeRow, find_draft, task_list
from charter.plans.rules import TypeAnswer
from charter.plans.service import (
    answer_type,
    list_existing_practice,
    publish_plan,
)
from charter.scheme import Scheme
from registry.web.forms import Bound, shown
from registry.web.member.forms import AnswerForm, PracticeForm, PressForm
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.refusals import NoSuchPage

PLAN: Page = {"template": "plan.html", "title": "Your plan"}


def racism_type(room: Room, type_id: str) -> RacismType:
    """Return one of the five types. Raises NoSuchPage."""
    if type_id not in room.pack.type_ids:
        raise NoSuchPage
    return room.pack.catalogue.racism_type(type_id)


async def rows_of(room: Room) -> tuple[TypeRow, ...]:
    """Return the five rows, always all five and always in this order."""
    return await task_list(room.own.id, pack=room.pack, today=room.today)


@get("/my/{slug:str}/plan")
async def plan_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the five rows with what is there and what is missing."""
    room = await enter(request, slug)
    return show(request, room, **PLAN, rows=await rows_of(room))


@post("/my/{slug:str}/plan")
async def publish(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Publish the plan; each type that is not ready is named beside its row."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await publish_plan(scheme, organisation=room.own.id)
        return f"{room.address}/plan/published"

    return await take(request, room, PressForm, act, **PLAN, rows=await rows_of(room))


@get("/my/{slug:str}/plan/published")
async def published_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Confirm that the plan is public and say what happens next."""
    room = await enter(request, slug)
    return show(request, room, "published.html", title="Plan published")


@get("/my/{slug:str}/plan/preview")
async def preview_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the plan as the public will see it, drafts included."""
    room = await enter(request, slug)
    rows = await rows_of(room)
    drafts = {
        line.number: await find_draft(room.own.id, line.number)
        for row in rows
        for line in row.pledges
        if line.state in {"draft", "live"}
    }
    agreed = {
        line.number
        for session in await sessions_of(room.own.id)
        if session.confirmed
        for line in session.pledges
    }
    return show(
        request,
        room,
        "preview.html",
        title="What the public will see",
        rows=rows,
        drafts=drafts,
        agreed=agreed,
        catalogue=room.pack.catalogue,
    )


@get("/my/{slug:str}/answers/{type_id:str}")
async def answer_page(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Ask whether a type applies, starting from the answer in force."""
    room = await enter(request, slug)
    asked = racism_type(room, type_id)
    row = next(row for row in await rows_of(room) if row.type == type_id)
    return show(request, room, **_answering(asked), bound=_given(row.given))


@post("/my/{slug:str}/answers/{type_id:str}")
async def answer(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Take the answer for one type."""
    room = await enter(request, slug)
    asked = racism_type(room, type_id)

    async def act(scheme: Scheme, form: AnswerForm) -> str:
        given = TypeAnswer(
            type=type_id,
            applies=form.applies == "yes",
            impacts=form.impacts,
            reason=form.reason,
            priority=form.priority,
            community_priority=form.community_priority,
            took_part=form.took_part,
        )
        await answer_type(scheme, organisation=room.own.id, answer=given)
        return f"{room.address}/plan"

    return await take(request, room, AnswerForm, act, **_answering(asked))


@get("/my/{slug:str}/practice/{type_id:str}")
async def practice_page(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Ask what the organisation does already."""
    room = await enter(request, slug)
    return show(request, room, **_practising(racism_type(room, type_id)))


@post("/my/{slug:str}/practice/{type_id:str}")
async def practice(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Show what the organisation does already; it is never counted."""
    room = await enter(request, slug)
    asked = racism_type(room, type_id)

    async def act(scheme: Scheme, form: PracticeForm) -> str:
        await list_existing_practice(
            scheme, organisation=room.own.id, type_id=type_id, title=form.title, text=form.text
        )
        return f"{room.address}/plan"

    return await take(request, room, PracticeForm, act, **_practising(asked))


def _answering(asked: RacismType) -> dict[str, Any]:
    return {"template": "answer.html", "title": asked.name, "asked": asked}


def _practising(asked: RacismType) -> dict[str, Any]:
    return {"template": "practice.html", "title": "What you already do", "asked": asked}


def _given(given: AnswerSeen | None) -> Bound[Any]:
    """Return the form filled with the answer in force."""
    if given is None:
        return shown({})
    return shown(
        {
            "applies": "yes" if given.applies else "no",
            "impacts": given.impacts,
            "reason": given.reason,
            "priority": str(given.priority),
            "community-priority": str(given.community_priority or ""),
            "took-part": given.took_part,
        }
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    plan_page,
    publish,
    published_page,
    preview_page,
    answer_page,
    answer,
    practice_page,
    practice,
)
