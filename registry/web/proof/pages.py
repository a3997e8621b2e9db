"""The page behind a QR code: whose badge it is, what it is worth now, and what it does not mean."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.codes import spaced
from badges.credentials.document import LEVELS
from badges.credentials.model import EndorsementCredential
from badges.log.rules import Signed, assess_stale
from badges.tables import Placement
from charter.standing.words import ON_SHOW, TypeLevel
from registry.web.asked import registry_of
from registry.web.negotiation import CREDENTIAL_FORMS, HTML, asked_type
from registry.web.proof.checking import sound_endorsements
from registry.web.proof.files import send_credential, send_file
from registry.web.proof.past import badge_on
from registry.web.proof.payloads import describe_badge, reason_of
from registry.web.proof.pictures import address_of, charter_name
from registry.web.proof.reading import BadgeShown, UnknownBadge, find_placement
from registry.web.proof.seeking import seek_badge
from registry.web.proof.sending import NEGOTIATED, OPEN, plain, publish_about
from registry.web.proof.verdicts import headline, tone
from registry.web.public.asking import read_as_of
from registry.web.public.payloads import as_json
from registry.web.rendering import HTML as HTML_TYPE
from registry.web.rendering import render_public

FORMATS: Final = (
    ("json", "application/vc+ld+json", "Credential (JSON)"),
    ("jwt", "application/vc+jwt", "Credential as a token (JWT)"),
    ("png", "image/png", "Picture with the credential inside (PNG)"),
    ("svg", "image/svg+xml", "Drawing with the credential inside (SVG)"),
    ("tlog-proof", "text/plain", "Proof that it is in the public log"),
)


@get("/b/{code:str}")
async def badge_page(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Say whether a badge is real, current, and whose; or send the credential asked for."""
    typed, dot, suffix = code.partition(".")
    if dot:
        return await send_file(request, typed, suffix)
    asked = asked_type(request.headers.get("accept", ""), (HTML, *CREDENTIAL_FORMS))
    if asked is not None and asked != HTML:
        return await send_credential(request, typed, asked)
    return await _page(request, typed, None)


@get("/b/{code:str}/{placement:str}")
async def placement_page(
    request: Request[Any, Any, Any], code: FromPath[str], placement: FromPath[str]
) -> Response[bytes]:
    """Say the same, and where this very code belongs."""
    return await _page(request, code, placement)


@get("/api/v1/badges/{code:str}")
async def badge_verdict(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """Send the verdict as JSON; `?placement=` asks about one place, `?as_of=` about a past day.

    Raises UnknownBadge.
    """
    scheme = registry_of(request).scheme
    day = read_as_of(request.query_params, scheme.today())
    badge = await _seek(request, code, day)
    placement = await find_placement(badge.id, request.query_params.get("placement", ""))
    said = await sound_endorsements(badge, scheme.now())
    body = as_json(describe_badge(badge, placement, scheme.now(), said, day))
    return publish_about(
        badge,
        body,
        request=request,
        media_type="application/json",
        headers=OPEN,
        clock="checked_at",
    )


async def _seek(request: Request[Any, Any, Any], typed: str, day: date | None) -> BadgeShown:
    """Return the badge now, or as it stood on a past day. Raises UnknownBadge."""
    badge = await seek_badge(request, typed)
    return badge if day is None else await badge_on(badge, day, registry_of(request).scheme)


async def _page(request: Request[Any, Any, Any], typed: str, place: str | None) -> Response[bytes]:
    day = read_as_of(request.query_params, registry_of(request).scheme.today())
    try:
        badge = await _seek(request, typed, day)
    except UnknownBadge as unknown:
        return unknown_page(request, typed, unknown.message)
    placement = await find_placement(badge.id, place) if place else None
    if day is not None:
        return publish_about(
            badge,
            _render_past(request, badge, day),
            request=request,
            media_type=HTML_TYPE,
            headers=NEGOTIATED,
            tells="nothing",
        )
    said = await sound_endorsements(badge, registry_of(request).scheme.now())
    body = render_badge(
        request, badge, placement, said, place_unknown=bool(place and not placement)
    )
    if place and placement is None:
        return plain(body, media_type=HTML_TYPE, status=HTTPStatus.NOT_FOUND, headers=NEGOTIATED)
    return publish_about(
        badge,
        body,
        request=request,
        media_type=HTML_TYPE,
        headers=NEGOTIATED,
        tells="place" if placement else "time",
    )


def unknown_page(request: Request[Any, Any, Any], typed: str, why: str) -> Response[bytes]:
    """Return the page for a code nobody holds: the same layout, and a way to say where it is."""
    body = render_public(
        "proof/unknown.html",
        request=request,
        title="This is not a registered badge",
        phase="",
        typed=typed[:40],
        why=why,
        host=_host(request),
    )
    return plain(body, media_type=HTML_TYPE, status=HTTPStatus.NOT_FOUND, headers=NEGOTIATED)


def render_badge(
    request: Request[Any, Any, Any],
    badge: BadgeShown,
    placement: Placement | None,
    endorsements: Sequence[EndorsementCredential],
    *,
    place_unknown: bool,
) -> bytes:
    """Return the verification page of `badge` as it is now."""
    scheme = registry_of(request).scheme
    now = scheme.now()
    answer = badge.answer
    return render_public(
        "proof/badge.html",
        request=request,
        title=headline(answer.standing, badge.name),
        phase="",
        badge=badge,
        answer=answer,
        tone=tone(answer.standing),
        reason=reason_of(badge),
        on_show=answer.standing in ON_SHOW,
        placement=placement,
        place_unknown=place_unknown,
        charter=charter_name(request, badge),
        address=address_of(request, badge, placement),
        host=_host(request),
        code=spaced(badge.code),
        domain=urlsplit(badge.website).hostname if badge.website else None,
        registers={row.scheme: _register(request, row.scheme) for row in badge.identifiers},
        types=_types(request, badge),
        formats=FORMATS,
        endorsements=endorsements,
        now=now,
        log_stale=badge.checkpoint is not None
        and assess_stale(last=Signed(badge.checkpoint.size, badge.checkpoint.signed_at), now=now),
    )


def _render_past(request: Request[Any, Any, Any], badge: BadgeShown, day: date) -> bytes:
    """Return what the page said on a past day, in a look that is no verdict."""
    return render_public(
        "proof/past.html",
        request=request,
        title=f"On {day.day} {day:%B %Y}: {headline(badge.answer.standing, badge.name)}",
        phase="",
        badge=badge,
        answer=badge.answer,
        reason=reason_of(badge),
        day=day,
        types=_types(request, badge),
    )


def _types(request: Request[Any, Any, Any], badge: BadgeShown) -> list[dict[str, Any]]:
    catalogue = registry_of(request).scheme.pack.catalogue
    return [
        {
            "name": catalogue.racism_type(row.type).name,
            "level": LEVELS[TypeLevel(row.level)][0],
            "meaning": LEVELS[TypeLevel(row.level)][1],
            "expires_on": row.expires_on,
            "next_on": badge.next_by_type.get(row.type),
        }
        for row in badge.answer.types
    ]


def _register(request: Request[Any, Any, Any], scheme: str) -> str:
    """Return the plain name of a register of organisations."""
    pack = registry_of(request).scheme.pack
    try:
        return pack.identifier_scheme(scheme).name
    except KeyError:
        return "Number in this register"


def _host(request: Request[Any, Any, Any]) -> str:
    return urlsplit(registry_of(request).settings.public_url).netloc


HANDLERS: tuple[HTTPRouteHandler, ...] = (badge_page, placement_page, badge_verdict)
