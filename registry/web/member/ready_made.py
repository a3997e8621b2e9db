"""A small body takes a ready-made pledge as it stands (rule 10a)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.ready_made import draft_from_worked
from charter.plans.service import take_ready_made
from charter.scheme import Scheme
from registry.web.member.forms import ReadyMadeForm
from registry.web.member.plan import racism_type
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.refusals import NoSuchPage

READY: Page = {"template": "ready_made.html", "title": "Take this pledge"}


@get("/my/{slug:str}/pledges/ready/{type_id:str}/{n:int}")
async def ready_page(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    type_id: FromPath[str],
    n: FromPath[int],
) -> Response[bytes]:
    """Show the whole pledge, and ask the two things it leaves open."""
    room = await enter(request, slug)
    return show(request, room, **READY, **_reading(room, type_id, n))


@post("/my/{slug:str}/pledges/ready/{type_id:str}/{n:int}")
async def take_it(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    type_id: FromPath[str],
    n: FromPath[int],
) -> Response[bytes]:
    """Keep the pledge as a draft of the plan."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: ReadyMadeForm) -> str:
        await take_ready_made(
            scheme,
            organisation=room.own.id,
            type_id=type_id,
            place=n,
            forms=form.forms,
            communities=form.communities,
        )
        return f"{room.address}/plan"

    return await take(request, room, ReadyMadeForm, act, **READY, **_reading(room, type_id, n))


def _reading(room: Room, type_id: str, place: int) -> dict[str, Any]:
    asked = racism_type(room, type_id)
    ready = room.pack.catalogue.ready_made_for(room.own.band, type_id)
    if not 1 <= place <= len(ready):
        raise NoSuchPage
    region = room.pack.region
    return {
        "asked": asked,
        "place": place,
        "draft": draft_from_worked(ready[place - 1], type_id, room.today),
        "forms": [(each.id, each.name) for each in region.forms],
        "communities": [(each.id, each.name) for each in region.communities],
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (ready_page, take_it)
