"""Pages about the scheme itself: charter, framework, how a standing is decided."""

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.clock import end_of_day
from charter.framework.queries import describe_charter, describe_framework, describe_type
from charter.learning.queries import count_notes_on, notes_by_action
from charter.organisations.tables import Organisation
from registry.web.public.asking import read_as_of
from registry.web.public.how_decided import describe_machine
from registry.web.public.listing import Site
from registry.web.public.publishing import (
    REGISTER,
    publish_json,
    publish_page,
    site_of,
    split_suffix,
)
from registry.web.refusals import NoSuchPage


@get(["/charter", "/charter.json"])
async def charter(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the charter in force, its digest, and who signed it."""
    newest = site_of(request).pack.charter.version
    return await _charter(request, newest, twin=request.scope["path"].endswith(".json"))


@get("/charter/{version:str}")
async def charter_version(
    request: Request[Any, Any, Any], version: FromPath[str]
) -> Response[bytes]:
    """Show one version of the charter for ever."""
    number, suffix = split_suffix(version, ".json")
    return await _charter(request, number, twin=bool(suffix))


@get("/framework")
async def framework(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the five types of racism and what is said about each."""
    pack = site_of(request).pack
    return publish_page(
        request,
        "public/framework.html",
        "The framework",
        organisations=(),
        framework=describe_framework(pack),
    )


@get("/framework.json")
async def framework_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the whole framework as data."""
    payload = describe_framework(site_of(request).pack)
    return publish_json(request, payload, organisations=())


@get("/framework/{type:str}")
async def framework_type(request: Request[Any, Any, Any], type: FromPath[str]) -> Response[bytes]:  # noqa: A002 - the address names it
    """Show one type of racism: harms, actions, changes, challenges, good practice."""
    catalogue = site_of(request).pack.catalogue
    name, suffix = split_suffix(type, ".json")
    found = next((each for each in catalogue.types if each.id == name), None)
    if found is None:
        raise NoSuchPage
    payload = describe_type(catalogue, found)
    if suffix:
        return publish_json(request, payload, organisations=())
    return publish_page(
        request,
        "public/framework_type.html",
        found.name,
        organisations=REGISTER,
        type=payload,
        learnt=await notes_by_action(),
        learnt_on_type=await count_notes_on(found.id),
    )


@get(["/how-standing-is-decided", "/how-standing-is-decided.json"])
async def how_standing_is_decided(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the rules that decide a standing, or decided it on a past day, from their tables."""
    site = site_of(request)
    day = read_as_of(request.query_params, site.scheme.today())
    packs = await site.scheme.packs()
    at = site.scheme.now() if day is None else end_of_day(day, site.pack.zone)
    machine = {**describe_machine(packs.on(at)), "as_of": day}
    if request.scope["path"].endswith(".json"):
        return publish_json(request, machine, organisations=REGISTER)
    return publish_page(
        request,
        "public/how_decided.html",
        "How standing is decided",
        organisations=REGISTER,
        machine=machine,
    )


async def _charter(request: Request[Any, Any, Any], version: str, *, twin: bool) -> Response[bytes]:
    site = site_of(request)
    try:
        text = site.pack.charter_version(version)
    except KeyError:
        raise NoSuchPage from None
    signed = await _signatories(version, site)
    if twin:
        members = {**describe_charter(text), "signatories": signed}
        return publish_json(request, members, organisations=REGISTER)
    return publish_page(
        request,
        "public/charter.html",
        text.title,
        organisations=REGISTER,
        charter=describe_charter(text),
        signed=signed,
        versions=[each.version for each in site.pack.charters],
    )


async def _signatories(version: str, site: Site) -> list[dict[str, object]]:
    rows = await Organisation.raw(_SIGNED, site.pack.framework.zone, version)
    return [dict(row) for row in rows]


_SIGNED = """
SELECT o.slug, o.name, (min(g.signed_at) AT TIME ZONE {}::text)::date AS signed_on, s.standing
FROM signature g JOIN organisation o ON o.id = g.organisation
JOIN current_standing s ON s.organisation = o.id
WHERE g.charter_version = {} GROUP BY o.id, s.standing ORDER BY lower(o.name)
"""

HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(charter, charter_version, framework, framework_json, framework_type),
    how_standing_is_decided,
)
