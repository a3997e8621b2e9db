"""The badge kit: what to put on the door and the web, and where this badge hangs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.pictures.embed import MEASURES, Embedded, html_snippet, markdown_snippet
from badges.pictures.qr import assess_print_size
from badges.queries import badge_of_organisation, placements_of
from badges.service import add_placement, end_placement
from badges.sightings import belongs_to, places_seen, sites_seen
from badges.tables import Badge, Placement
from charter.scheme import Scheme
from charter.standing.words import ON_SHOW, Standing
from registry.web.asked import registry_of
from registry.web.member.forms import PlacementForm, PressForm
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.wording import counted

PLACES = (
    ("door", "Door or wall"),
    ("van", "Van or other vehicle"),
    ("lanyard", "Lanyard or card"),
    ("web-page", "Web page"),
    ("other", "Somewhere else"),
)

KitState = Literal["waiting", "on show", "take down"]

TITLES: Final[Mapping[KitState, str]] = MappingProxyType(
    {"waiting": "Your badge", "on show": "Your badge", "take down": "Take your badge down"}
)

LOOKED_BACK: Final = timedelta(days=30)
"""How far back the counts on the page go."""


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


async def _kit(request: Request[Any, Any, Any], room: Room) -> Page:
    """Return the page of the kit; there is no badge before the first signature counts."""
    badge = await badge_of_organisation(room.own.id)
    page = {"template": "badge.html", "title": TITLES[state_of_kit(room)], "kinds": PLACES}
    if badge is None:
        return page | {"badge": None}
    address = f"{registry_of(request).settings.public_url}/b/{badge.code}"
    embedded = Embedded(
        address=address, organisation=room.own.name, charter=room.pack.charter.title
    )
    placements = await placements_of(badge.id)
    return page | {
        "badge": badge,
        "state": state_of_kit(room),
        "page": address,
        "snippets": [(size, html_snippet(replace(embedded, size=size))) for size in MEASURES],
        "markdown": markdown_snippet(embedded),
        "placements": [_shown_place(place, embedded) for place in placements],
        "advised_mm": ceil(assess_print_size(f"{address}/0000").advised_mm),
        **await _looks(badge, room, placements),
    }


def state_of_kit(room: Room) -> KitState:
    """Say what the organisation may do with its badge now (rule 4)."""
    if room.standing is None or room.standing.standing == Standing.PLAN_DUE:
        return "waiting"
    return "on show" if room.standing.standing in ON_SHOW else "take down"


def _shown_place(place: Placement, embedded: Embedded) -> dict[str, Any]:
    """Return a place with what is printed for it, or the snippet where it is a web page."""
    here = replace(embedded, place=place.code)
    return {
        "row": place,
        "kind": dict(PLACES)[place.kind],
        "snippet": html_snippet(here) if place.kind == "web-page" else "",
    }


async def _looks(badge: Badge, room: Room, placements: Sequence[Placement]) -> dict[str, Any]:
    """Return how often the badge was looked at lately, where, and which sites show it."""
    since = room.today - LOOKED_BACK
    fewest = room.pack.numbers.publication.suppress_people_under
    labels = {place.code: place.label for place in placements}
    domains = (room.own.domain, urlsplit(room.own.website or "").hostname)
    return {
        "looks": [
            (labels.get(seen.place, "With no place in the code"), few(seen.times, fewest))
            for seen in await places_seen(badge.id, since=since)
        ],
        "sites": [
            (site, belongs_to(site.host, *domains))
            for site in await sites_seen(badge.id, since=since)
        ],
    }


def few(times: int, fewest: int) -> str:
    """Return a count in words, too small a one without its number: it may point at somebody."""
    return counted(times, "time") if times >= fewest else f"fewer than {fewest} times"


HANDLERS: tuple[HTTPRouteHandler, ...] = (badge_page, add_place, end_place)
