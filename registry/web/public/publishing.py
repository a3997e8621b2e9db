"""How public answers leave: a page or its twin, kept for whoever asks next, open to any site."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Stream

from charter.clock import end_of_day
from charter.history.queries import newest_event
from charter.obligations.chase import next_due, settle_due
from charter.organisations.tables import Organisation
from registry.web.asked import registry_of
from registry.web.page_cache import MAX_AGE, PageCache, etag_of, matches
from registry.web.public.listing import Site
from registry.web.public.names import Names
from registry.web.public.payloads import as_json
from registry.web.refusals import NoSuchPage
from registry.web.rendering import publish, render_public

JSON = "application/json"
OPEN_TO_ALL = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link",
}
"""Sent with all data: any page of any site may read it."""

REGISTER = (PageCache.REGISTER,)
"""The owner of a page that speaks of the whole register."""

UNSETTLED = timedelta(seconds=2)
"""How long an answer holds whose events do not yet have their place in the public log."""


def site_of(request: Request[Any, Any, Any]) -> Site:
    """Return where the register is reached and the scheme it runs."""
    registry = registry_of(request)
    return Site(registry.settings.public_url, registry.scheme)


def publish_page(
    request: Request[Any, Any, Any],
    template: str,
    title: str,
    *,
    organisations: Collection[str],
    holds_until: datetime | None = None,
    **context: object,
) -> Response[bytes]:
    """Return a page that is the same for everyone."""
    body = render_public(
        template,
        request=request,
        title=title,
        names=Names(registry_of(request).scheme.pack),
        **context,
    )
    return publish(body, request=request, organisations=organisations, holds_until=holds_until)


def publish_json(
    request: Request[Any, Any, Any],
    payload: Any,
    *,
    organisations: Collection[str],
    holds_until: datetime | None = None,
    media_type: str = JSON,
    clock: str = "generated_at",
) -> Response[bytes]:
    """Return a payload; where it has a next page, the Link header names it too.

    `clock` is the member that tells when the answer was made: its tag does not change with it.
    """
    following = getattr(getattr(payload, "meta", None), "next", None)
    headers = {**OPEN_TO_ALL, **({"link": f'<{following}>; rel="next"'} if following else {})}
    return publish_bytes(
        request,
        as_json(payload),
        organisations=organisations,
        holds_until=holds_until,
        media_type=media_type,
        headers=headers,
        clock=clock,
    )


def publish_bytes(
    request: Request[Any, Any, Any],
    body: bytes,
    *,
    organisations: Collection[str],
    media_type: str,
    holds_until: datetime | None = None,
    headers: Mapping[str, str] = OPEN_TO_ALL,
    clock: str = "",
) -> Response[bytes]:
    """Return data that any site may read."""
    return publish(
        body,
        request=request,
        organisations=organisations,
        holds_until=holds_until,
        media_type=media_type,
        headers=headers,
        clock=clock,
    )


def stream_register(
    request: Request[Any, Any, Any], lines: AsyncIterator[bytes], *, tag: bytes, media_type: str
) -> Response[bytes] | Stream:
    """Return a file of any length, line by line; nothing of it is read where the reader has it."""
    headers = {"etag": tag.decode(), "cache-control": f"public, max-age={MAX_AGE}", **OPEN_TO_ALL}
    if matches(request.headers.get("if-none-match", "").encode(), tag):
        return Response(b"", status_code=304, media_type=media_type, headers=headers)
    return Stream(lines, media_type=media_type, headers=headers)


async def tag_of_register(request: Request[Any, Any, Any], site: Site) -> bytes:
    """Return the weak tag of what the register answers at this address today.

    It changes with every event and every local day, because nothing else changes the answer.
    """
    newest = await newest_event()
    query = request.scope["query_string"].decode("latin-1")
    asked = f"{newest} {site.scheme.today()} {request.scope['path']}?{query}"
    return b"W/" + etag_of(asked.encode())


async def settle_register(site: Site, now: datetime) -> datetime:
    """Bring every standing up to `now`; return until when an answer about all of them holds."""
    await settle_due(site.scheme)
    midnight = end_of_day(site.scheme.today(), site.pack.zone)
    due = await next_due(site.scheme)
    return midnight if due is None or due > midnight else max(due, now)


def split_suffix(name: str, *suffixes: str) -> tuple[str, str]:
    """Return `name` without the first of `suffixes` that ends it, and that suffix or nothing."""
    for suffix in suffixes:
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix
    return name, ""


async def send_on(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """Send the reader of an old address to the present one (rule 2).

    A former slug moves for ever; an identifier only points to whoever bears it now. Raises
    NoSuchPage where `name` was never an address.
    """
    former = await Organisation.raw(_FORMER, name)
    borne = [] if former else await Organisation.raw(_BORNE, name)
    found = next((row["slug"] for row in (*former, *borne)), None)
    if found is None:
        raise NoSuchPage
    path = request.scope["path"].replace(f"organisations/{name}", f"organisations/{found}", 1)
    query = request.scope["query_string"].decode("latin-1")
    place = quote(path) + (f"?{query}" if query else "")
    headers = {"location": place, "cache-control": "public, max-age=60", **OPEN_TO_ALL}
    return Response(b"", status_code=301 if former else 303, headers=headers)


_FORMER = (
    "SELECT o.slug FROM organisation_former_slug f"
    " JOIN organisation o ON o.id = f.organisation"
    " JOIN current_standing s ON s.organisation = o.id WHERE f.slug = {}"
)

_BORNE = (
    "SELECT o.slug FROM organisation_identifier i JOIN organisation o ON o.id = i.organisation"
    " JOIN current_standing s ON s.organisation = o.id"
    " WHERE i.scheme || '-' || i.identifier = upper({}::text) AND NOT i.released LIMIT 1"
)
