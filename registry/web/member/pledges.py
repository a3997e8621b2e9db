"""Pledges until they are published: starting, writing, saving, discarding, one more."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from charter.framework.catalogue import RacismType
from charter.plans.codesign_queries import sessions_of
from charter.plans.queries import find_draft, find_published_pledge
from charter.plans.service import discard_draft, publish_pledge, save_pledge
from charter.scheme import Scheme
from registry.web.forms import Bound, shown
from registry.web.member.forms import PledgeForm, PressForm
from registry.web.member.plan import racism_type
from registry.web.member.pledge_form import (
    choices,
    from_draft,
    from_start,
    rows_in,
    starts,
    with_one_more,
)
from registry.web.member.pledge_questions import Asked, Question, line_of
from registry.web.member.room import (
    Room,
    enter,
    fields_named,
    forget_draft,
    keep_draft,
    resume,
    retyped,
    show,
    take,
)
from registry.web.submitting import go, read_body


async def _discard(scheme: Scheme, _form: PressForm, asked: Asked) -> str:
    room, number = asked.room, asked.line.number
    await discard_draft(scheme, organisation=room.own.id, number=number)
    await forget_draft(asked.request, room, f"draft:{number}")
    return f"{room.address}/plan"


async def _publish(scheme: Scheme, _form: PressForm, asked: Asked) -> str:
    room, number = asked.room, asked.line.number
    await publish_pledge(scheme, organisation=room.own.id, number=number)
    return f"{room.address}/pledges/{number}"


async def _whole(asked: Asked) -> dict[str, Any]:
    """Show everything a pledge says, as the public will read it."""
    return {"draft": await find_draft(asked.room.own.id, asked.line.number)}


DISCARD = Question(
    "discard.html", "Throw this draft away", PressForm, ("draft",), ("discarded",), _discard
)
PUBLISH = Question(
    "publish_pledge.html",
    "Publish this pledge",
    PressForm,
    ("draft",),
    ("live",),
    _publish,
    shows=_whole,
)


@get("/my/{slug:str}/pledges/start/{type_id:str}")
async def start_page(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Offer an empty form, or a worked pledge to start from."""
    room = await enter(request, slug)
    asked = racism_type(room, type_id)
    title = f"A pledge on {asked.name.lower()}"
    return show(
        request, room, "start_pledge.html", title=title, asked=asked, starts=starts(room, asked)
    )


@get("/my/{slug:str}/pledges/new/{type_id:str}")
async def new_page(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    type_id: FromPath[str],
    start: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Show the pledge form: as saved, from a pledge to start from, or empty."""
    room = await enter(request, slug)
    asked = racism_type(room, type_id)
    chosen = starts(room, asked).get(start or "")
    bound = (
        shown(from_start(chosen, type_id, room.today))
        if chosen
        else await resume(room, f"pledge:{type_id}", {})
    )
    return _form(request, room, asked, bound, heading="Write a pledge")


@post("/my/{slug:str}/pledges/new/{type_id:str}")
async def new(
    request: Request[Any, Any, Any], slug: FromPath[str], type_id: FromPath[str]
) -> Response[bytes]:
    """Keep a new pledge as a draft."""
    room = await enter(request, slug)
    return await _write(request, room, racism_type(room, type_id), None, f"pledge:{type_id}")


@get("/my/{slug:str}/pledges/{n:int}/edit")
async def edit_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show the form of a draft."""
    room = await enter(request, slug)
    line = await line_of(room, n, "draft")
    bound = await resume(room, f"draft:{n}", from_draft(await find_draft(room.own.id, n)))
    asked = racism_type(room, line.type)
    return _form(request, room, asked, bound, heading=f"Pledge {n}")


@post("/my/{slug:str}/pledges/{n:int}/edit")
async def edit(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Keep a draft as it is now."""
    room = await enter(request, slug)
    line = await line_of(room, n, "draft")
    return await _write(request, room, racism_type(room, line.type), n, f"draft:{n}")


@get("/my/{slug:str}/pledges/{n:int}")
async def pledge_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show a published pledge with its milestones, its sessions and every version."""
    room = await enter(request, slug)
    seen = await find_published_pledge(room.own.id, n)
    if seen is None:
        return go(f"{room.address}/pledges/{n}/edit")
    sessions = [
        session
        for session in await sessions_of(room.own.id)
        if any(line.number == n for line in session.pledges)
    ]
    title = f"Pledge {n}: {seen.now.words['title']}"
    return show(request, room, "pledge.html", title=title, pledge=seen, sessions=sessions)


@get("/my/{slug:str}/pledges/{n:int}/discard")
async def discard_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Ask whether to throw a draft away."""
    return await DISCARD.ask(request, slug, n)


@post("/my/{slug:str}/pledges/{n:int}/discard")
async def discard(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Throw a draft away."""
    return await DISCARD.answer(request, slug, n)


@get("/my/{slug:str}/pledges/{n:int}/publish")
async def publish_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show one more pledge before it is published."""
    return await PUBLISH.ask(request, slug, n)


@post("/my/{slug:str}/pledges/{n:int}/publish")
async def publish(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Publish one more pledge of a published plan."""
    return await PUBLISH.answer(request, slug, n)


def _form(
    request: Request[Any, Any, Any],
    room: Room,
    asked: RacismType,
    bound: Bound[Any],
    *,
    heading: str,
) -> Response[bytes]:
    return show(
        request,
        room,
        "pledge_form.html",
        title=heading,
        bound=bound,
        rows_in=rows_in,
        **choices(room, asked),
    )


async def _write(
    request: Request[Any, Any, Any],
    room: Room,
    asked: RacismType,
    number: int | None,
    draft: str,
) -> Response[bytes]:
    """Take in the pledge form: one more milestone, saved as it stands, or kept as a draft."""
    heading = "Write a pledge" if number is None else f"Pledge {number}"
    body = await read_body(request)
    if body.first("next") == "add-milestone":
        again = retyped(body, **with_one_more(body))
        return _form(request, room, asked, again, heading=heading)
    if body.first("next") == "save":
        await keep_draft(request, room, draft, body)
        return go(f"{room.address}/plan")

    async def act(scheme: Scheme, form: PledgeForm) -> str:
        with fields_named(funding_pence="funding_pounds"):
            await save_pledge(
                scheme, organisation=room.own.id, number=number, draft=form.draft(asked.id)
            )
        await forget_draft(request, room, draft)
        return f"{room.address}/plan"

    return await take(
        request,
        room,
        PledgeForm,
        act,
        template="pledge_form.html",
        title=heading,
        rows_in=rows_in,
        **choices(room, asked),
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    start_page,
    new_page,
    new,
    edit_page,
    edit,
    pledge_page,
    discard_page,
    discard,
    publish_page,
    publish,
)
