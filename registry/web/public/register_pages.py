"""Pages that speak of the whole register: front, list, who is late, figures, newest events."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from charter.clock import end_of_day
from charter.history.kinds import KINDS
from registry.web.forms import Bound
from registry.web.public.asking import read_before
from registry.web.public.bulk import FILES, organisation_rows, write_csv, write_lines
from registry.web.public.charts import draw_bars
from registry.web.public.feeds import ATOM, LENGTH, FeedPage, write_feed
from registry.web.public.flat import CSV, ORGANISATION_COLUMNS
from registry.web.public.history import describe_newest
from registry.web.public.lateness import describe_lateness
from registry.web.public.listing import (
    FILTERS,
    Found,
    Site,
    allowed_values,
    find_organisations,
    find_slugs,
    read_search,
)
from registry.web.public.names import Names
from registry.web.public.payloads import Meta, OrganisationsPayload
from registry.web.public.publishing import (
    REGISTER,
    publish_bytes,
    publish_json,
    publish_page,
    settle_register,
    site_of,
    stream_register,
    tag_of_register,
)
from registry.web.public.statistics import describe_statistics
from registry.web.refusals import UnusableQuery
from registry.web.rendering import render
from registry.web.wording import sentence, told

TOLD_KINDS = (
    *("charter-signed", "charter-signed-again", "withdrew-from-charter", "merged", "renamed"),
    *("type-answered", "answer-agreed", "answer-disputed", "plan-published"),
    *("pledge-published", "pledge-amended", "pledge-withdrawn"),
    *("codesign-recorded", "codesign-confirmed", "codesign-disputed", "agreement-withdrawn"),
    *("due-date-moved", "clock-paused", "clock-resumed", "extension-granted", "extension-refused"),
    *("evidence-received", "verdict-published", "reflection-received"),
    *("accountability-review-published", "standing-changed", "level-changed"),
    *("concern-decided", "correction", "words-erased", "no-panel-available"),
    *("celebration-shown", "celebration-confirmed", "celebration-confirmation-withdrawn"),
    *("resource-released", "resource-retired"),
)
"""Kinds of event worth a line on a page; the history and the feeds of data have them all."""

NEWS_KINDS = tuple(kind for kind in TOLD_KINDS if KINDS[kind].subject != "obligation")
"""Kinds worth the front page: what organisations did, not what their clocks do."""

FRONT_EVENTS = 8


@get("/")
async def front(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show a search box, the scheme in numbers, and what is new."""
    site = site_of(request)
    now = site.scheme.now()
    return publish_page(
        request,
        "public/front.html",
        "Who keeps their promises against racism",
        organisations=REGISTER,
        holds_until=await settle_register(site, now),
        figures=await describe_statistics(site, now),
        late=await describe_lateness(site, now),
        events=await describe_newest(site, limit=FRONT_EVENTS, kinds=NEWS_KINDS),
    )


@get("/organisations")
async def organisations(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List organisations; a filter that is not understood is named beside the form."""
    site = site_of(request)
    asked = dict(request.query_params)
    choices = _choices(site)
    try:
        search = read_search(asked, site.pack)
    except UnusableQuery as refusal:
        return _list_refused(request, refusal, choices, asked)
    holds_until = await settle_register(site, site.scheme.now())
    found = await find_organisations(search, site)
    return publish_page(
        request,
        "public/organisations.html",
        "Organisations",
        organisations=REGISTER,
        holds_until=holds_until,
        found=found,
        asked=asked,
        choices=choices,
        following=_address("/organisations", asked, found),
        twins=_twins(asked),
    )


@get(["/organisations.json", "/api/v1/organisations"])
async def organisations_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List organisations as data."""
    site = site_of(request)
    now = site.scheme.now()
    asked = dict(request.query_params)
    search = read_search(asked, site.pack)
    holds_until = await settle_register(site, now)
    found = await find_organisations(search, site)
    following = _address(request.scope["path"], asked, found)
    meta = Meta(
        generated_at=now,
        total=found.total,
        next=f"{site.public_url}{following}" if following else None,
    )
    payload = OrganisationsPayload(meta=meta, organisations=found.organisations)
    return publish_json(request, payload, organisations=REGISTER, holds_until=holds_until)


@get("/organisations.csv")
async def organisations_csv(request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
    """List everything that fits, for a spreadsheet, however long."""
    site = site_of(request)
    search = read_search(dict(request.query_params), site.pack)
    await settle_register(site, site.scheme.now())
    lines = write_lines(ORGANISATION_COLUMNS, organisation_rows(site, search))
    tag = await tag_of_register(request, site)
    return stream_register(request, lines, tag=tag, media_type=CSV)


@get("/organisations.atom")
async def organisations_atom(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell what is new about the organisations that fit, a page at a time."""
    site = site_of(request)
    asked = dict(request.query_params)
    slugs = await find_slugs(read_search(asked, site.pack))
    kept = urlencode({name: value for name, value in asked.items() if name in FILTERS and value})
    page = f"/organisations?{kept}" if kept else "/organisations"
    return await _feed(request, page, "Organisations found", slugs)


@get("/feed.atom")
async def feed(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell everything that is new, a page at a time."""
    return await _feed(request, "/", "Everything new", None)


@get("/late")
async def late(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show who is late, with what, since when; the hub included."""
    site = site_of(request)
    now = site.scheme.now()
    return publish_page(
        request,
        "public/late.html",
        "Who is late",
        organisations=REGISTER,
        holds_until=await settle_register(site, now),
        late=await describe_lateness(site, now),
        now=now,
    )


@get("/late.json")
async def late_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell who is late as data."""
    site = site_of(request)
    now = site.scheme.now()
    holds_until = await settle_register(site, now)
    payload = await describe_lateness(site, now)
    return publish_json(request, payload, organisations=REGISTER, holds_until=holds_until)


@get("/statistics")
async def statistics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the scheme in figures, each picture in the table that says the same."""
    site = site_of(request)
    now = site.scheme.now()
    holds_until = await settle_register(site, now)
    figures = await describe_statistics(site, now)
    counts, names = figures.organisations, Names(site.pack)
    return publish_page(
        request,
        "public/statistics.html",
        "The scheme in figures",
        organisations=REGISTER,
        holds_until=holds_until,
        figures=figures,
        charts=(
            ("How they stand", "Standing", draw_bars(counts.by_standing, told)),
            ("How far they have come", "Level", draw_bars(counts.by_level, sentence)),
            ("Where they are", "Borough", draw_bars(counts.by_borough, names.boroughs.__getitem__)),
            ("What they are", "Sector", draw_bars(counts.by_sector, names.sectors.__getitem__)),
            ("How big they are", "Size", draw_bars(counts.by_size, names.sizes.__getitem__)),
        ),
        results=draw_bars(_results(figures.results), told),
        now=now,
    )


@get(["/statistics.json", "/api/v1/statistics"])
async def statistics_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the figures as data."""
    site = site_of(request)
    now = site.scheme.now()
    holds_until = await settle_register(site, now)
    payload = await describe_statistics(site, now)
    return publish_json(request, payload, organisations=REGISTER, holds_until=holds_until)


@get("/statistics.csv")
async def statistics_csv(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell the figures for a spreadsheet, one a line."""
    site = site_of(request)
    holds_until = await settle_register(site, site.scheme.now())
    lines = [line async for line in write_csv(FILES["statistics"], site)]
    return publish_bytes(
        request,
        b"".join(lines),
        organisations=REGISTER,
        holds_until=holds_until,
        media_type=CSV,
    )


def _results(results: Any) -> dict[str, int]:
    return {name.replace("_", "-"): getattr(results, name) for name in results.__struct_fields__}


def _choices(site: Site) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers, with the names people read."""
    names = Names(site.pack)
    told_as = {
        "borough": names.boroughs,
        "sector": names.sectors,
        "type": names.types,
        "size": names.sizes,
    }
    return {
        name: [(token, told_as.get(name, {}).get(token) or told(token)) for token in tokens]
        for name, tokens in allowed_values(site.pack).items()
    }


def _list_refused(
    request: Request[Any, Any, Any],
    refusal: UnusableQuery,
    choices: dict[str, list[tuple[str, str]]],
    asked: dict[str, str],
) -> Response[bytes]:
    return render(
        "public/organisations.html",
        request=request,
        title="Organisations",
        status=400,
        bound=Bound(errors=refusal.errors),
        names=Names(site_of(request).pack),
        found=None,
        asked=asked,
        choices=choices,
        following=None,
        twins={},
    )


def _address(path: str, asked: dict[str, str], found: Found) -> str | None:
    if found.next_cursor is None:
        return None
    return f"{path}?{urlencode({**asked, 'cursor': found.next_cursor})}"


def _twins(asked: dict[str, str]) -> dict[str, str]:
    """Return the addresses of the same search in other forms."""
    kept = urlencode({name: value for name, value in asked.items() if name != "cursor" and value})
    query = f"?{kept}" if kept else ""
    return {suffix: f"/organisations.{suffix}{query}" for suffix in ("csv", "json", "atom")}


async def _feed(
    request: Request[Any, Any, Any], page: str, title: str, slugs: list[str] | None
) -> Response[bytes]:
    """Return one page of a feed; `page` is its page for people, with the filters it keeps."""
    site = site_of(request)
    before = read_before(request.query_params)
    _, _, filters = page.partition("?")
    address = request.scope["path"] + (f"?{filters}" if filters else "")
    events = await describe_newest(site, limit=LENGTH + 1, slugs=slugs, before=before)
    return publish_bytes(
        request,
        write_feed(events, FeedPage(title, address, page, before), site),
        organisations=REGISTER,
        holds_until=end_of_day(site.scheme.today(), site.pack.zone),
        media_type=ATOM,
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(front, organisations, organisations_json, organisations_csv, organisations_atom, feed),
    *(late, late_json, statistics, statistics_json, statistics_csv),
)
