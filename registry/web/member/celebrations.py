"""What an organisation says of itself is worth celebrating: shown at once, as its own word."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.learning.celebration_queries import find_celebrations
from charter.learning.queries import LibrarySearch
from charter.learning.service import celebrate_own
from charter.scheme import Scheme
from registry.web.learning.forms import CelebrationForm
from registry.web.learning.telling import public_organisation, telling_about
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.public.names import Names


@get("/my/{slug:str}/celebrations")
async def celebrations_page(
    request: Request[Any, Any, Any], slug: FromPath[str]
) -> Response[bytes]:
    """Show what is told about this organisation, and the form to tell more."""
    room = await enter(request, slug)
    return show(request, room, **await _page(room))


@post("/my/{slug:str}/celebrations")
async def celebrate(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show something as the organisation's own word, not confirmed yet."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: CelebrationForm) -> str:
        await celebrate_own(scheme, celebration=form.proposal(room.own.id))
        return f"{room.address}/celebrations"

    return await take(request, room, CelebrationForm, act, **await _page(room))


async def _page(room: Room) -> Page:
    about = await public_organisation(room.own.slug)
    found = await find_celebrations(LibrarySearch(organisation=room.own.slug))
    return {
        "template": "celebrations.html",
        "title": "Worth celebrating",
        "celebrations": found.rows,
        "names": Names(room.pack),
        **await telling_about(about, room.pack),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (celebrations_page, celebrate)
