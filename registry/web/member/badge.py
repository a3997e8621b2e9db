"""The badge kit: what to put on the door and the web, and where this badge hangs."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.pictures.embed import html_snippet, markdown_snippet
from badges.queries import badge_of_organisation, placements_of
from badges.service import add_placement, end_placement
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.member.forms import PlacementForm, PressForm
from registry.web.member.room import Room, enter, show, take

PLACES = (
    ("door", "Door or wall"),
    ("van", "Van or other vehicle"),
    ("lanyard", "Lanyard or card"),
    ("web-page", "Web page"),
    ("other", "Somewhere else"),
)


@get("/my/{slug:str}/badge")
async def badge_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the kit, once a plan is published."""
    room = await enter(request, slug)
    return show(request, room, **await _kit(request, room))


@post("/my/{slug:str}/badge")
async def add_place(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Give one more place a code of its own."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: PlacementForm) -> str:
        await add_placement(scheme, organisation=room.own.id, label=form.label, kind=form.kind)
        return f"{room.address}/badge"

    return await take(request, room, PlacementForm, act, **await _kit(request, room))


@post("/my/{slug:str}/badge/{placement:str}/end")
async def end_place(
    request: Request[Any, Any, Any], slug: FromPath[str], placement: FromPath[str]
) -> Response[bytes]:
    """Say that the badge hangs there no longer."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await end_placement(scheme, organisation=room.own.id, code=placement)
        return f"{room.address}/badge"

    return await take(request, room, PressForm, act, **await _kit(request, room))


async def _kit(request: Request[Any, Any, Any], room: Room) -> dict[str, Any]:
    """Return the badge with its addresses and snippets; none before the first signature counts."""
    badge = await badge_of_organisation(room.own.id)
    address = f"{registry_of(request).settings.public_url}/b/{badge.code}" if badge else ""
    title = room.pack.charter.title
    return {
        "template": "badge.html",
        "title": "Your badge",
        "badge": badge,
        "page": address,
        "html": html_snippet(address, room.own.name, title),
        "markdown": markdown_snippet(address, room.own.name, title),
        "placements": await placements_of(badge.id) if badge else (),
        "kinds": PLACES,
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (badge_page, add_place, end_place)
