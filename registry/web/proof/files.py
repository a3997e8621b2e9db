"""The current edition itself: the bytes as signed, whatever has become of the badge since."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from litestar import Request, Response

from badges.log.errors import NotInLog
from badges.log.queries import entry_at, tlog_proof
from badges.tables import Edition
from charter.errors import NotFound
from registry.web.negotiation import CREDENTIAL_FORMS, asked_type
from registry.web.proof.reading import BadgeShown, UnknownBadge
from registry.web.proof.seeking import seek_badge
from registry.web.proof.sending import NEGOTIATED, PICTURE, Headers, publish_about

LOG_PROOF: Final = "tlog-proof"


class NotSignedYet(NotFound):
    """The badge is there, and the worker has not signed it or its place in the log yet."""

    code = "not-signed-yet"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an edition: its column, and how it is sent."""

    column: str
    media_type: str
    headers: Headers


FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "json": Form("credential", "application/vc+ld+json", NEGOTIATED),
        "jwt": Form("jwt", "application/vc+jwt", NEGOTIATED),
        "png": Form("png", "image/png", PICTURE),
        "svg": Form("svg", "image/svg+xml; charset=utf-8", PICTURE),
    }
)
"""Suffix → form."""


async def send_file(request: Request[Any, Any, Any], typed: str, suffix: str) -> Response[bytes]:
    """Send what stands at `/b/{code}.{suffix}`. Raises UnknownBadge and NotSignedYet."""
    if suffix not in FORMS and suffix != LOG_PROOF:
        raise UnknownBadge(f"A badge has no form called {suffix}.")
    badge = await seek_badge(request, typed)
    if suffix == LOG_PROOF:
        return await _send_proof(request, badge)
    form = FORMS[suffix]
    same = [kind for kind, name in CREDENTIAL_FORMS.items() if name == suffix]
    asked = asked_type(request.headers.get("accept", ""), same)
    return await _send(request, badge, form, asked or form.media_type)


async def send_credential(
    request: Request[Any, Any, Any], typed: str, media_type: str
) -> Response[bytes]:
    """Send the edition in the form `media_type` means. Raises UnknownBadge and NotSignedYet."""
    badge = await seek_badge(request, typed)
    return await _send(request, badge, FORMS[CREDENTIAL_FORMS[media_type]], media_type)


async def _send(
    request: Request[Any, Any, Any], badge: BadgeShown, form: Form, media_type: str
) -> Response[bytes]:
    row = (
        await Edition.select(form.column)
        .where(Edition.badge == badge.id)
        .order_by(Edition.n, ascending=False)
        .first()
    )
    if row is None:
        raise NotSignedYet("This badge is being signed. Ask again in a few seconds.")
    signed: str | bytes = row[form.column]
    return publish_about(
        badge,
        signed.encode() if isinstance(signed, str) else signed,
        request=request,
        media_type=media_type,
        headers=form.headers,
        tells="nothing",
    )


async def _send_proof(request: Request[Any, Any, Any], badge: BadgeShown) -> Response[bytes]:
    """Send the proof that the newest edition is in the log, with the entry it proves."""
    if badge.log is None:
        raise NotSignedYet("The public log does not cover this edition yet. Ask again in a minute.")
    try:
        proof = await tlog_proof(badge.log.index, extra=await entry_at(badge.log.index))
    except NotInLog as early:
        raise NotSignedYet(early.message) from early
    return publish_about(
        badge,
        str(proof).encode(),
        request=request,
        media_type="text/plain; charset=utf-8",
        headers=NEGOTIATED,
    )
