"""Pages about one organisation, and the same data in other forms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from charter.clock import end_of_day
from charter.evidence.public_copies import find_published_copy
from charter.learning.celebration_queries import CelebrationSeen, find_celebrations
from charter.learning.queries import LibrarySearch
from charter.organisations.tables import Organisation
from registry.web.asked import registry_of
from registry.web.public.asking import read_after, read_as_of, read_before
from registry.web.public.feeds import ATOM, LENGTH, FeedPage, write_feed
from registry.web.public.history import Asked, describe_events, describe_newest, is_settled
from registry.web.public.linked_data import JSON_LD, link_organisation
from registry.web.public.listing import Site
from registry.web.public.organisation import describe_organisation
from registry.web.public.payloads import (
    EventsPayload,
    OrganisationDetailPayload,
    PledgePayload,
    SharedPledgePayload,
)
from registry.web.public.pledge_page import PledgePagePayload, describe_pledge
from registry.web.public.publishing import (
    UNSETTLED,
    publish_bytes,
    publish_json,
    publish_page,
    send_on,
    site_of,
    split_suffix,
)
from registry.web.public.register_pages import TOLD_KINDS
from registry.web.public.standing import describe_standing, describe_standing_on
from registry.web.refusals import NoSuchPage
from registry.web.safe_files import send_checked

TIMELINE = 25
"""The newest events that an organisation's own page tells; the history tells them all."""


CELEBRATIONS = 3
"""The newest celebrations that an organisation's own page tells; the library has them all."""


@get("/organisations/{name:str}")
async def organisation(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Show one organisation, or the same as JSON, JSON-LD or a feed by the ending of `name`."""
    slug, suffix = split_suffix(name, ".jsonld", ".json", ".atom")
    if suffix == ".atom":
        return await _organisation_feed(request, slug)
    site = site_of(request)
    payload = await _describe(request, site, slug)
    if payload is None:
        return await send_on(request, slug)
    if suffix == ".json":
        return _as_json(request, payload)
    if suffix == ".jsonld":
        return _as_json(request, payload, link_organisation(payload, site), media_type=JSON_LD)
    return await _as_page(request, site, payload)


@get("/api/v1/organisations/{slug:str}")
async def organisation_data(
    request: Request[Any, Any, Any], slug: FromPath[str]
) -> Response[bytes]:
    """Tell everything public about one organisation."""
    payload = await _describe(request, site_of(request), slug)
    return await send_on(request, slug) if payload is None else _as_json(request, payload)


@get(["/organisations/{slug:str}/standing.json", "/api/v1/organisations/{slug:str}/standing"])
async def standing(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Tell standing, results and level, with reasons and how long they hold."""
    site = site_of(request)
    now = site.scheme.now()
    day = read_as_of(request.query_params, site.scheme.today())
    payload = await (
        describe_standing(slug, site, now)
        if day is None
        else describe_standing_on(slug, day, site, now)
    )
    if payload is None:
        return await send_on(request, slug)
    return publish_json(
        request,
        payload,
        organisations=(slug,),
        holds_until=payload.holds_until if day is None else None,
        clock="at",
    )


@get("/api/v1/organisations/{slug:str}/pledges")
async def pledges(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Tell the pledges of one organisation."""
    payload = await _describe(request, site_of(request), slug)
    if payload is None:
        return await send_on(request, slug)
    members = {"meta": payload.meta, "organisation": slug, "pledges": payload.pledges}
    return _as_json(request, payload, members)


@get("/organisations/{slug:str}/evidence/{copy:uuid}", media_type="application/octet-stream")
async def public_copy(
    request: Request[Any, Any, Any], slug: FromPath[str], copy: FromPath[UUID]
) -> Stream:
    """Send the redacted copy that an organisation chose to publish."""
    rows = await Organisation.select(Organisation.id).where(Organisation.slug == slug)
    found = await find_published_copy(rows[0]["id"], copy) if rows else None
    if found is None:
        raise NoSuchPage
    return await send_checked(
        registry_of(request), digest=found.safe_sha256, media_type=found.media_type, number=copy
    )


@get("/organisations/{slug:str}/pledges/{number:str}")
async def pledge(
    request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[str]
) -> Response[bytes]:
    """Show one pledge with every version of it."""
    digits, suffix = split_suffix(number, ".json")
    payload = await _find_pledge(request, slug, digits)
    if payload is None:
        return await _nowhere(request, slug)
    spoken_of = _spoken_of(slug, [payload.pledge])
    if suffix:
        return publish_json(
            request, payload, organisations=spoken_of, holds_until=payload.holds_until
        )
    return publish_page(
        request,
        "public/pledge.html",
        f"Pledge {digits}: {payload.pledge.title}",
        organisations=spoken_of,
        holds_until=payload.holds_until,
        page=payload,
        now=site_of(request).scheme.now(),
    )


@get("/organisations/{slug:str}/history")
async def history(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show every event of one organisation, oldest first."""
    payload = await _find_events(request, slug)
    if payload is None:
        return await send_on(request, slug)
    row = await Organisation.select(Organisation.name).where(Organisation.slug == slug).first()
    return publish_page(
        request,
        "public/history.html",
        f"History of {row['name'] if row else slug}",
        organisations=(slug,),
        holds_until=_until_settled(request, payload),
        slug=slug,
        page=payload,
        following=_local(payload.meta.next, site_of(request)),
    )


@get(["/organisations/{slug:str}/history.json", "/api/v1/organisations/{slug:str}/events"])
async def history_json(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Tell every event of one organisation, oldest first."""
    payload = await _find_events(request, slug)
    if payload is None:
        return await send_on(request, slug)
    return publish_json(
        request,
        payload,
        organisations=(slug,),
        holds_until=_until_settled(request, payload),
    )


async def _describe(
    request: Request[Any, Any, Any], site: Site, slug: str
) -> OrganisationDetailPayload | None:
    day = read_as_of(request.query_params, site.scheme.today())
    return await describe_organisation(slug, site, site.scheme.now(), day)


def _as_json(
    request: Request[Any, Any, Any],
    payload: OrganisationDetailPayload,
    members: object = None,
    *,
    media_type: str = "application/json",
) -> Response[bytes]:
    return publish_json(
        request,
        payload if members is None else members,
        organisations=_spoken_of(payload.slug, payload.pledges, payload.shared_pledges),
        holds_until=_holds_until(payload),
        media_type=media_type,
    )


async def _as_page(
    request: Request[Any, Any, Any], site: Site, payload: OrganisationDetailPayload
) -> Response[bytes]:
    day = payload.meta.as_of
    now = site.scheme.now()
    answer = await (
        describe_standing(payload.slug, site, now)
        if day is None
        else describe_standing_on(payload.slug, day, site, now)
    )
    events = await describe_newest(
        site,
        limit=TIMELINE,
        slugs=[payload.slug],
        kinds=TOLD_KINDS,
        recorded_by=answer.at if answer is not None and day is not None else None,
    )
    return publish_page(
        request,
        "public/organisation.html" if payload.reduced_on is None else "public/reduced.html",
        payload.name,
        organisations=_spoken_of(payload.slug, payload.pledges, payload.shared_pledges),
        holds_until=_holds_until(payload),
        page=payload,
        answer=answer,
        celebrations=await _celebrations(payload) if day is None else (),
        events=events,
        now=now,
    )


def _spoken_of(
    slug: str, pledges: Sequence[PledgePayload], shared: Sequence[SharedPledgePayload] = ()
) -> frozenset[str]:
    """Return whose events change a page: its own organisation, and all it shares pledges with."""
    told = (*pledges, *(each.pledge for each in shared))
    addresses = (
        *(each.lead_url for each in shared),
        *(partner.url for pledge in told for partner in pledge.partners if partner.url),
    )
    return frozenset({slug, *(address.rpartition("/")[2] for address in addresses)})


async def _celebrations(payload: OrganisationDetailPayload) -> Sequence[CelebrationSeen]:
    """Return the newest celebrations about one organisation, confirmed or not."""
    search = LibrarySearch(organisation=payload.slug, limit=CELEBRATIONS)
    return (await find_celebrations(search)).rows


def _holds_until(payload: OrganisationDetailPayload) -> datetime | None:
    return payload.holds_until if payload.meta.as_of is None else None


async def _organisation_feed(request: Request[Any, Any, Any], slug: str) -> Response[bytes]:
    site = site_of(request)
    before = read_before(request.query_params)
    if await _find_public(slug) is None:
        return await send_on(request, slug)
    feed = FeedPage(
        title=slug.replace("-", " "),
        address=request.scope["path"],
        page=f"/organisations/{slug}",
        before=before,
    )
    events = await describe_newest(site, limit=LENGTH + 1, slugs=[slug], before=before)
    body = write_feed(events, feed, site)
    return publish_bytes(request, body, organisations=(slug,), media_type=ATOM)


LONGEST_NUMBER = 6
"""Digits of a pledge's number, at most."""


async def _find_pledge(
    request: Request[Any, Any, Any], slug: str, digits: str
) -> PledgePagePayload | None:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER):
        return None
    site = site_of(request)
    day = read_as_of(request.query_params, site.scheme.today())
    return await describe_pledge(slug, int(digits), site, site.scheme.now(), day)


async def _nowhere(request: Request[Any, Any, Any], slug: str) -> Response[bytes]:
    """Send the reader on from an old address. Raises NoSuchPage where only the rest is wrong."""
    if await _find_public(slug) is not None:
        raise NoSuchPage
    return await send_on(request, slug)


async def _find_events(request: Request[Any, Any, Any], slug: str) -> EventsPayload | None:
    after = read_after(request.query_params)
    site = site_of(request)
    organisation_id = await _find_public(slug)
    if organisation_id is None:
        return None
    day = read_as_of(request.query_params, site.scheme.today())
    asked = Asked(
        after=after,
        organisation=organisation_id,
        address=request.scope["path"],
        as_of=day,
        recorded_by=None if day is None else end_of_day(day, site.pack.zone),
    )
    return await describe_events(asked, site, site.scheme.now())


async def _find_public(slug: str) -> UUID | None:
    row = await (
        Organisation.select(Organisation.id)
        .where((Organisation.slug == slug) & Organisation.public_since.is_not_null())
        .first()
    )
    return row["id"] if row else None


def _until_settled(request: Request[Any, Any, Any], payload: EventsPayload) -> datetime | None:
    """Return until when the answer holds: shortly, while the log still lacks some of it."""
    if is_settled(payload.events):
        return None
    return site_of(request).scheme.now() + UNSETTLED


def _local(address: str | None, site: Site) -> str | None:
    return address.removeprefix(site.public_url) if address else None


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(organisation, organisation_data, standing, pledges, pledge, public_copy),
    *(history, history_json),
)
