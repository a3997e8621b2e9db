"""Pictures of a badge: the live one for other pages, the QR code alone, and what is printed."""

import asyncio
from typing import Any, Final, get_args

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.pictures.badge import PictureFacts
from badges.pictures.live import LiveFacts, LiveSize, draw_live, draw_unknown
from badges.pictures.qr import qr_png, qr_svg
from badges.pictures.typeset import PrintedFor, draw_certificate, draw_poster
from badges.tables import Placement
from charter.clock import local_day
from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.standing.words import ON_SHOW
from registry.proofs.issuer import issuer_of
from registry.web.asked import registry_of
from registry.web.proof.reading import BadgeShown, UnknownBadge, find_placement
from registry.web.proof.seeking import seek_badge
from registry.web.proof.sending import PICTURE, plain, publish_about

SVG: Final = "image/svg+xml; charset=utf-8"
PDF: Final = "application/pdf"

SIZES: Final[tuple[LiveSize, ...]] = get_args(LiveSize)


class NoKit(RuleViolation):
    """There is nothing to print: no plan is published, or the badge must not be on show."""

    code = "no-badge-kit"
    rule = 4


@get("/b/{code:str}/live.svg")
async def live_picture(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Draw the standing as it is now, for a web page of the organisation's own."""
    registry = registry_of(request)
    size = _size(request.query_params.get("size", SIZES[0]))
    today = registry.scheme.today()
    try:
        badge = await seek_badge(request, code)
    except UnknownBadge:
        unknown = draw_unknown(today).encode()
        return plain(unknown, media_type=SVG, status=404, headers=PICTURE)
    facts = LiveFacts(
        organisation=badge.name,
        charter=charter_name(request, badge),
        standing=badge.answer.standing,
        checked_on=today,
        address=address_of(request, badge),
    )
    drawn = draw_live(facts, size).encode()
    return publish_about(
        badge, drawn, request=request, media_type=SVG, headers=PICTURE, tells="day"
    )


@get("/b/{code:str}/qr.svg")
async def qr_as_svg(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Draw the QR code alone, of the badge or of one of its places."""
    badge, placement = await _asked_for(request, code)
    picture = qr_svg(address_of(request, badge, placement), "QR code").encode()
    return publish_about(
        badge, picture, request=request, media_type=SVG, headers=PICTURE, tells="nothing"
    )


@get("/b/{code:str}/qr.png")
async def qr_as_png(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Draw the QR code alone, of the badge or of one of its places."""
    badge, placement = await _asked_for(request, code)
    picture = qr_png(address_of(request, badge, placement))
    return publish_about(
        badge, picture, request=request, media_type="image/png", headers=PICTURE, tells="nothing"
    )


@get("/b/{code:str}/poster.pdf")
async def poster(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Set the poster for a door, or what suits the place asked for. Raises NoKit."""
    badge, placement = await _asked_for(request, code)
    facts = _printed_facts(request, badge, placement)
    pdf = await asyncio.to_thread(draw_poster, facts, place=_printed_for(placement))
    return publish_about(badge, pdf, request=request, media_type=PDF, headers={}, tells="nothing")


@get("/b/{code:str}/certificate.pdf")
async def certificate(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Set the certificate of signature, to be framed. Raises NoKit."""
    registry = registry_of(request)
    badge = await seek_badge(request, code)
    facts = _printed_facts(request, badge, None)
    if badge.edition is None or badge.charter_version is None:
        raise NoKit("The badge is being signed. Ask for the certificate again in a minute.")
    pdf = await asyncio.to_thread(
        draw_certificate,
        facts,
        version=badge.charter_version,
        issuer=registry.settings.hub_name,
        edition=badge.edition.n,
        printed_on=registry.scheme.today(),
    )
    return publish_about(badge, pdf, request=request, media_type=PDF, headers={}, tells="day")


def _printed_for(placement: Placement | None) -> PrintedFor | None:
    """Return what is printed about the place a copy is for; None where it is for no place."""
    if placement is None:
        return None
    return PrintedFor(
        kind=placement.kind,
        label=placement.label,
        code=placement.code,
        printed_on=placement.printed_on,
    )


def _printed_facts(
    request: Request[Any, Any, Any], badge: BadgeShown, placement: Placement | None
) -> PictureFacts:
    """Return what is printed about `badge`. Raises NoKit unless it may be on show."""
    if badge.answer.standing not in ON_SHOW or badge.signed_at is None:
        raise NoKit(
            f"There is nothing to print for {badge.name} now: a badge is put up once the plan is "
            "published, and taken down on a suspension."
        )
    return PictureFacts(
        organisation=badge.name,
        charter=charter_name(request, badge),
        signed_on=local_day(badge.signed_at, registry_of(request).scheme.pack.zone),
        address=address_of(request, badge, placement),
        code=badge.code,
    )


def address_of(
    request: Request[Any, Any, Any], badge: BadgeShown, placement: Placement | None = None
) -> str:
    """Return the short address of a badge, or of one of its places."""
    address = issuer_of(registry_of(request).settings).badge_url(badge.code)
    return f"{address}/{placement.code}" if placement else address


def charter_name(request: Request[Any, Any, Any], badge: BadgeShown) -> str:
    """Return the title of the charter that was signed."""
    pack = registry_of(request).scheme.pack
    version = badge.charter_version
    return (pack.charter_version(version) if version else pack.charter).title


async def _asked_for(
    request: Request[Any, Any, Any], code: str
) -> tuple[BadgeShown, Placement | None]:
    badge = await seek_badge(request, code)
    typed = request.query_params.get("placement")
    placement = await find_placement(badge.id, typed) if typed else None
    if typed and placement is None:
        raise UnknownBadge("This badge has no such place.")
    return badge, placement


def _size(asked: str) -> LiveSize:
    for size in SIZES:
        if size == asked:
            return size
    allowed = f"Choose one of {', '.join(SIZES)}."
    raise InvalidInput("There is no picture of this size.", errors=[FieldError("size", allowed)])


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    live_picture,
    qr_as_svg,
    qr_as_png,
    poster,
    certificate,
)
