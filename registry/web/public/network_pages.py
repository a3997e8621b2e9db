"""Pages of boroughs and sectors, where organisations find others who do the same."""

from typing import Any, get_args
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import FieldError
from registry.web.asked import registry_of
from registry.web.public.listing import read_cursor
from registry.web.public.network import (
    PATHS,
    ContactPayload,
    NetworkKind,
    describe_network,
    describe_networks,
    find_network,
    places_of,
)
from registry.web.public.payloads import Meta
from registry.web.public.publishing import (
    REGISTER,
    publish_json,
    publish_page,
    settle_register,
    site_of,
    split_suffix,
)
from registry.web.refusals import NoSuchPage, UnusableQuery

TITLES: dict[NetworkKind, str] = {"borough": "Boroughs", "sector": "Sectors"}

MOST_NAMES = 12
"""Names that a page shows beside one action; its twin has them all."""


@get(["/boroughs", "/boroughs.json"])
async def boroughs(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the boroughs."""
    return await _list(request, "borough")


@get(["/sectors", "/sectors.json"])
async def sectors(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the sectors."""
    return await _list(request, "sector")


@get("/boroughs/{place:str}")
async def borough(request: Request[Any, Any, Any], place: FromPath[str]) -> Response[bytes]:
    """Show who works against racism in one borough, on what, and what they learnt."""
    return await _one(request, "borough", place)


@get("/sectors/{place:str}")
async def sector(request: Request[Any, Any, Any], place: FromPath[str]) -> Response[bytes]:
    """Show who works against racism in one sector, on what, and what they learnt."""
    return await _one(request, "sector", place)


async def _list(request: Request[Any, Any, Any], kind: NetworkKind) -> Response[bytes]:
    site = site_of(request)
    payload = await describe_networks(kind, site, site.scheme.now())
    if request.scope["path"].endswith(".json"):
        return publish_json(request, payload, organisations=REGISTER)
    return publish_page(
        request,
        "public/networks.html",
        TITLES[kind],
        organisations=REGISTER,
        page=payload,
        path=PATHS[kind],
        others=[(TITLES[other], PATHS[other]) for other in get_args(NetworkKind) if other != kind],
    )


async def _one(request: Request[Any, Any, Any], kind: NetworkKind, name: str) -> Response[bytes]:
    site = site_of(request)
    place, suffix = split_suffix(name, ".json")
    places = places_of(kind, site)
    if place not in places:
        raise NoSuchPage
    holds_until = await settle_register(site, site.scheme.now())
    network = await find_network(kind, place, _read_cursor(request), site)
    path = f"{PATHS[kind]}/{place}"
    following = (
        f"{path}{suffix}?{urlencode({'cursor': network.next_cursor})}"
        if network.next_cursor
        else None
    )
    settings = registry_of(request).settings
    if suffix:
        meta = Meta(
            generated_at=site.scheme.now(),
            total=network.total,
            next=f"{site.public_url}{following}" if following else None,
        )
        contact = ContactPayload(name=settings.hub_name, email=settings.hub_email)
        payload = describe_network(network, kind, place, meta=meta, contact=contact, site=site)
        return publish_json(request, payload, organisations=REGISTER, holds_until=holds_until)
    return publish_page(
        request,
        "public/network.html",
        places[place],
        organisations=REGISTER,
        holds_until=holds_until,
        network=network,
        kind=kind,
        place=place,
        path=path,
        above=(TITLES[kind], PATHS[kind]),
        following=following,
        most=MOST_NAMES,
    )


def _read_cursor(request: Request[Any, Any, Any]) -> str | None:
    cursor = request.query_params.get("cursor") or None
    if cursor is not None and read_cursor(cursor) is None:
        sentence = "This cursor is not one that the list gave out."
        raise UnusableQuery(
            "The address asks for something unknown.", errors=[FieldError("cursor", sentence)]
        )
    return cursor


HANDLERS: tuple[HTTPRouteHandler, ...] = (boroughs, sectors, borough, sector)
