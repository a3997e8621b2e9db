"""Three shelves to read: notes, resources, celebrations. Filters stay in the address."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.learning.celebration_queries import find_celebrations
from charter.learning.queries import Found, LibrarySearch, find_notes
from charter.learning.resource_queries import find_resource, find_resources
from charter.learning.rules import LICENCES
from registry.web.forms import Bound
from registry.web.learning.payloads import (
    CelebrationsPayload,
    NotesPayload,
    ResourcesPayload,
    describe_celebration,
    describe_note,
    describe_resource,
)
from registry.web.learning.shelves import (
    LABELS,
    address_of,
    choices_of,
    chosen_of,
    kept_filters,
    read_library_search,
)
from registry.web.public.listing import Site
from registry.web.public.names import Names
from registry.web.public.payloads import Meta, Payload
from registry.web.public.publishing import REGISTER, publish_json, publish_page, site_of
from registry.web.refusals import NoSuchPage, UnusableQuery
from registry.web.rendering import render


@dataclass(frozen=True, slots=True)
class Shelf:
    """One shelf: where it is, what may be asked of it, and how what is found is told."""

    path: str
    title: str
    template: str
    filters: tuple[str, ...]
    find: Callable[[LibrarySearch], Awaitable[Found[Any]]]
    tell: Callable[[Meta, Found[Any], Site], Payload]


def _tell_notes(meta: Meta, found: Found[Any], site: Site) -> Payload:
    return NotesPayload(meta=meta, notes=[describe_note(row, site) for row in found.rows])


def _tell_resources(meta: Meta, found: Found[Any], site: Site) -> Payload:
    rows = [describe_resource(row, site) for row in found.rows]
    return ResourcesPayload(meta=meta, resources=rows)


def _tell_celebrations(meta: Meta, found: Found[Any], site: Site) -> Payload:
    rows = [describe_celebration(row, site) for row in found.rows]
    return CelebrationsPayload(meta=meta, celebrations=rows)


NOTES = Shelf(
    "/learning",
    "What worked and what did not",
    "learning/notes.html",
    ("q", "worked", "type", "action", "form", "sector", "borough", "organisation"),
    find_notes,
    _tell_notes,
)

RESOURCES = Shelf(
    "/learning/resources",
    "Guides and other resources",
    "learning/resources.html",
    ("q", "kind", "type", "action", "form", "sector", "borough"),
    find_resources,
    _tell_resources,
)

CELEBRATIONS = Shelf(
    "/learning/celebrations",
    "Worth celebrating",
    "learning/celebrations.html",
    ("q", "confirmed", "type", "sector", "borough", "organisation"),
    find_celebrations,
    _tell_celebrations,
)

SHELVES = (NOTES, RESOURCES, CELEBRATIONS)


@get("/learning")
async def notes_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show what worked and what did not, in the words of those who tried."""
    return await _page(request, NOTES)


@get("/learning.json")
async def notes_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the notes as data."""
    return await _twin(request, NOTES)


@get("/learning/resources")
async def resources_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show guides, curricula and lists of words, with licence and owner."""
    return await _page(request, RESOURCES)


@get("/learning/resources.json")
async def resources_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the resources as data."""
    return await _twin(request, RESOURCES)


@get("/learning/resources/{number:int}")
async def resource_page(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show one resource; of one that was taken out, when and why."""
    found = await find_resource(number)
    if found is None:
        raise NoSuchPage
    return publish_page(
        request,
        "learning/resource.html",
        found.resource.title,
        organisations=REGISTER,
        found=found,
        licences=LICENCES,
    )


@get("/learning/celebrations")
async def celebrations_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show what is worth celebrating, and which of it a community group confirmed."""
    return await _page(request, CELEBRATIONS)


@get("/learning/celebrations.json")
async def celebrations_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the celebrations as data."""
    return await _twin(request, CELEBRATIONS)


async def _page(request: Request[Any, Any, Any], shelf: Shelf) -> Response[bytes]:
    site = site_of(request)
    asked = dict(request.query_params)
    try:
        search = read_library_search(asked, shelf.filters, site.pack)
    except UnusableQuery as refusal:
        return render(
            shelf.template,
            request=request,
            title=shelf.title,
            status=400,
            bound=Bound(errors=refusal.errors),
            found=None,
            following=None,
            names=Names(site.pack),
            **_about(shelf, asked, site),
        )
    found = await shelf.find(search)
    return publish_page(
        request,
        shelf.template,
        shelf.title,
        organisations=REGISTER,
        found=found,
        following=_following(shelf.path, shelf, asked, found),
        **_about(shelf, asked, site),
    )


async def _twin(request: Request[Any, Any, Any], shelf: Shelf) -> Response[bytes]:
    site = site_of(request)
    asked = dict(request.query_params)
    found = await shelf.find(read_library_search(asked, shelf.filters, site.pack))
    following = _following(f"{shelf.path}.json", shelf, asked, found)
    meta = Meta(
        generated_at=site.scheme.now(),
        total=found.total,
        next=f"{site.public_url}{following}" if following else None,
    )
    return publish_json(request, shelf.tell(meta, found, site), organisations=REGISTER)


def _about(shelf: Shelf, asked: dict[str, str], site: Site) -> dict[str, Any]:
    """Return what a shelf's page shows around what was found."""
    names = Names(site.pack)
    kept = kept_filters(asked, shelf.filters)
    return {
        "shelf": shelf,
        "shelves": SHELVES,
        "labels": LABELS,
        "asked": asked,
        "choices": choices_of(shelf.filters, names, site.pack),
        "chosen": chosen_of(shelf.path, asked, shelf.filters, names),
        "twin": address_of(f"{shelf.path}.json", kept),
        "licences": LICENCES,
    }


def _following(path: str, shelf: Shelf, asked: dict[str, str], found: Found[Any]) -> str | None:
    if found.following is None:
        return None
    return address_of(path, kept_filters(asked, shelf.filters), cursor=found.following)


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(notes_page, notes_json, resources_page, resources_json, resource_page),
    *(celebrations_page, celebrations_json),
)
