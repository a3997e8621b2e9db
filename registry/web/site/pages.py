"""Addresses that say something about the site."""

from datetime import timedelta
from importlib.metadata import version as installed_version
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from registry.web.asked import registry_of
from registry.web.page_cache import PageCache
from registry.web.rendering import publish, render_public


@get("/health/live", cache=False)
async def live() -> Response[bytes]:
    """Say that this process answers; nothing it depends on is asked."""
    return _plain_json({"live": True})


@get("/version")
async def version() -> Response[bytes]:
    """Say which release answers."""
    return _plain_json({"name": "charter-registry", "version": installed_version_or_unknown()})


def installed_version_or_unknown() -> str:
    """Return the release as installed; a bare checkout has none."""
    try:
        return installed_version("charter-registry")
    except ModuleNotFoundError:
        return "unreleased"


@get("/.well-known/security.txt")
async def security_contact(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say whom to tell about a hole (RFC 9116). It expires, so that it cannot rot unseen."""
    registry = registry_of(request)
    expires = (registry.clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: mailto:{registry.settings.hub_email}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {registry.settings.public_url}/.well-known/security.txt",
    )
    return publish(
        ("\n".join(lines) + "\n").encode(),
        request=request,
        organisations=(),
        media_type="text/plain",
    )


@get("/accessibility")
async def accessibility(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say how accessible the register is, and what to do where it is not."""
    return _public_page(request, "site/accessibility.html", "Accessibility statement")


@get("/privacy")
async def privacy(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say what is kept about people, why and for how long."""
    return _public_page(request, "site/privacy.html", "Privacy")


def _public_page(request: Request[Any, Any, Any], template: str, title: str) -> Response[bytes]:
    body = render_public(template, request=request, title=title)
    return publish(body, request=request, organisations=(PageCache.REGISTER,))


def _plain_json(members: dict[str, object]) -> Response[bytes]:
    return Response(
        msgspec.json.encode(members),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (live, version, security_contact, accessibility, privacy)
