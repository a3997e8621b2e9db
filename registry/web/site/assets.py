"""Style sheets, scripts, fonts and pictures, read once at the start and sent as bytes."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from mimetypes import guess_type
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from registry.web.refusals import NoSuchPage
from registry.web.rendering import publish

SENT_SUFFIXES = (".css", ".js", ".svg", ".png", ".woff2", ".woff", ".ico", ".webmanifest")
"""What the static folder may hold for readers; nothing else in it is ever sent."""


def read_assets() -> Mapping[str, bytes]:
    """Return every asset by its path below /static."""
    return dict(_walk(files("registry.web").joinpath("static"), ""))


def _walk(folder: Traversable, place: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{place}/{entry.name}"
        if entry.is_dir():
            found += _walk(entry, path)
        elif entry.name.endswith(SENT_SUFFIXES):
            found.append((path, entry.read_bytes()))
    return found


@get("/static/{name:path}")
async def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Send one asset of the list. Raises NoSuchPage for any other name."""
    body = request.app.state.assets.get(str(name))
    if body is None:
        raise NoSuchPage
    kind = guess_type(str(name))[0] or "application/octet-stream"
    return publish(body, request=request, organisations=(), media_type=kind)


@get("/theme.css")
async def theme(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Send the hub's colours and font."""
    return publish(
        request.app.state.theme_css,
        request=request,
        organisations=(),
        media_type="text/css",
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (asset, theme)
