"""The applications that pages are measured beside, each served in the same way as ours."""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.params import FromPath

from registry.app import create_app
from registry.bootstrap import bootstrap
from registry.piccolo_conf import DB
from registry.settings import load_settings
from registry.web.guards import ANYONE, Row, own_matrix, row_name
from registry.web.public.publishing import publish_bytes
from registry.web.public.standing import STANDING
from registry.web.routes import HANDLERS

STATEMENT = STANDING.replace("{}", "$1")
AS_TEXT = ("flags", "results", "reasons", "types", "pledges")
"""Columns that come as JSON already."""


@get("/hello")
async def hello() -> dict[str, str]:
    """Say hello, as the smallest application does."""
    return {"hello": "world"}


def hello_world() -> Litestar:
    """Return the smallest application."""
    return Litestar([hello], openapi_config=None, logging_config=None)


@get("/bare/{slug:str}/standing.json")
async def bare_standing(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Tell the row of the same statement, read by asyncpg alone and written out as it comes."""
    assert DB.pool is not None  # the application opened it at its start
    row = await DB.pool.fetchrow(STATEMENT, slug)
    told = {
        name: msgspec.Raw(value.encode()) if name in AS_TEXT else value
        for name, value in row.items()
    }
    body = msgspec.json.encode(told, enc_hook=str)
    return publish_bytes(request, body, organisations=(slug,), media_type="application/json")


def with_bare_standing() -> Litestar:
    """Return our own application with one route more: behind the same edge, guard and pool."""
    name = row_name(bare_standing)
    row = Row(handler=name, roles=frozenset({ANYONE}))
    return create_app(
        bootstrap(load_settings()),
        handlers=(*HANDLERS, bare_standing),
        matrix={**own_matrix(), name: row},
    )
