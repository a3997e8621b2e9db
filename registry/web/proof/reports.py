"""One tap from the badge's page: this code is in the wrong place, or still up after removal.

No account, no cookie, no address kept: what arrives is a concern like any other (rules 38, 39).
"""

from typing import Any, Final

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.tables import Placement
from charter.concerns.service import raise_concern
from registry.accounts import limits
from registry.web.asked import registry_of
from registry.web.concerns.sending import in_confidence
from registry.web.csrf import came_from_us
from registry.web.form_body import FormReader
from registry.web.networks import network_of
from registry.web.proof.reading import BadgeShown, find_placement
from registry.web.proof.seeking import seek_badge
from registry.web.refusals import ForeignForm
from registry.web.rendering import render
from registry.web.submitting import read_body

LARGEST: Final = 4_096
"""Bytes of the form behind a button."""


@post("/b/{code:str}/wrong-place")
async def wrong_place(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Take in that a badge is seen where it does not belong."""
    return await _report(request, code, "wrong-place")


@post("/b/{code:str}/still-up")
async def still_up(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Take in that a badge is still on show though it must not be."""
    return await _report(request, code, "still-up")


async def _report(request: Request[Any, Any, Any], typed: str, about: str) -> Response[bytes]:
    registry = registry_of(request)
    if not came_from_us(request, registry.settings.public_url):
        raise ForeignForm
    badge = await seek_badge(request, typed)
    subject = f"{network_of(request)}\n{badge.code}\n{about}"
    await limits.spend(registry.desk, limits.REPORT_PER_BADGE, subject)
    placement = await find_placement(badge.id, await _place(request))
    receipt = await raise_concern(
        registry.scheme,
        about=about,
        organisation=badge.organisation,
        text=_words(badge, placement),
    )
    page = render(
        "proof/reported.html",
        request=request,
        title="Thank you. We have your report",
        receipt=receipt,
        badge=badge,
        about=about,
    )
    return in_confidence(page)


async def _place(request: Request[Any, Any, Any]) -> str:
    """Return the place the button belongs to; a program may send no body at all."""
    kind, _options = request.content_type
    if not kind:
        return ""
    request.scope["state"]["form_reader"] = reader = FormReader(request, most=LARGEST)
    await reader.begin()
    return (await read_body(request)).first("placement")


def _words(badge: BadgeShown, placement: Placement | None) -> str:
    where = f", made for “{placement.label}” ({placement.code})" if placement else ""
    return f"Code {badge.code}{where}."


HANDLERS: tuple[HTTPRouteHandler, ...] = (wrong_place, still_up)
