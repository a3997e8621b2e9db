"""Open data: what there is to download, the files themselves, and the interface for programs."""

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from registry.web.public.api_description import describe_api
from registry.web.public.asking import read_after
from registry.web.public.bulk import FILES, describe_package, write_csv, write_json_lines
from registry.web.public.flat import CSV
from registry.web.public.history import Asked, describe_events, is_settled
from registry.web.public.payloads import LICENCE
from registry.web.public.publishing import (
    OPEN_TO_ALL,
    REGISTER,
    UNSETTLED,
    publish_json,
    publish_page,
    site_of,
    split_suffix,
)
from registry.web.refusals import NoSuchPage

JSON_LINES = "application/jsonl; charset=utf-8"

_WRITERS = {".csv": (write_csv, CSV), ".jsonl": (write_json_lines, JSON_LINES)}


@get("/open-data")
async def open_data(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show what can be downloaded, under which licence."""
    return publish_page(
        request,
        "public/open_data.html",
        "Open data",
        organisations=(),
        files=FILES.values(),
        licence=LICENCE,
    )


@get(["/open-data.json", "/open-data/datapackage.json"])
async def data_package(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Describe every file and column."""
    return publish_json(request, describe_package(site_of(request)), organisations=())


@get("/open-data/{file:str}")
async def download(request: Request[Any, Any, Any], file: FromPath[str]) -> Stream:
    """Send one whole file, row by row."""
    name, suffix = split_suffix(file, *_WRITERS)
    if name not in FILES or not suffix:
        raise NoSuchPage
    write, media_type = _WRITERS[suffix]
    headers = {
        "cache-control": "public, max-age=60",
        "content-disposition": f'attachment; filename="{name}{suffix}"',
        **OPEN_TO_ALL,
    }
    return Stream(write(FILES[name], site_of(request)), media_type=media_type, headers=headers)


@get("/api/v1/events")
async def events(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell every event of the register after the one named, oldest first."""
    site = site_of(request)
    now = site.scheme.now()
    payload = await describe_events(Asked(after=read_after(request.query_params)), site, now)
    holds_until = None if is_settled(payload.events) else now + UNSETTLED
    return publish_json(request, payload, organisations=REGISTER, holds_until=holds_until)


@get("/api/v1/openapi.json")
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Describe the interface for programs (OpenAPI 3.1)."""
    return publish_json(request, describe_api(site_of(request)), organisations=())


@get(["/api/v1", "/api/v1/docs"])
async def api_docs(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the interface for programs on a plain page of our own."""
    return publish_page(
        request,
        "public/api.html",
        "The interface for programs",
        organisations=(),
        api=describe_api(site_of(request)),
        licence=LICENCE,
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(open_data, data_package, download, events, openapi, api_docs),
)
