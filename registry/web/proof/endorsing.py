"""Where a community panel hands in its own word about a badge, and everybody finds its keys.

No account and no token of a form: what is handed in is sealed, and the seal says who hands it in.
"""

import re
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.endorsements.queries import endorsement_bytes, panels_on_record
from badges.endorsements.rules import LARGEST
from badges.endorsements.service import PanelsWord, hand_in_endorsement, look_at_endorsement
from charter.errors import FieldError, NotFound, RuleViolation
from registry.accounts import limits
from registry.proofs.issuer import issuer_of
from registry.web.asked import registry_of
from registry.web.form_body import FormBody, FormReader, body_chunks
from registry.web.forms import Bound, shown
from registry.web.networks import network_of
from registry.web.proof.documents import FORM_TYPES, MINUTE
from registry.web.proof.sending import plain
from registry.web.public.payloads import Payload, as_json
from registry.web.rendering import render
from registry.web.submitting import read_body

PLACE: Final = "/endorsements"
TITLE: Final = "Endorse a badge"
ASK: Final = "proof/endorse.html"
LOOK: Final = "proof/endorse_look.html"
DONE: Final = "proof/endorsed.html"

RAW: Final = frozenset(
    {"application/json", "application/vc", "application/vc+ld+json", "application/ld+json"}
)
"""What a program may send as the body itself; a browser sends a form."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

MOST_BYTES: Final = 3 * LARGEST
"""Of a request: an endorsement too large to be one is still read, and refused in words."""


class PanelPayload(Payload, frozen=True, kw_only=True):
    """A panel whose keys count, with the DID document that two stewards recorded."""

    number: int
    name: str
    url: str
    did: str
    document: msgspec.Raw


class PanelsPayload(Payload, frozen=True, kw_only=True):
    """Every panel whose keys count now."""

    panels: list[PanelPayload]


class TakenInPayload(Payload, frozen=True, kw_only=True):
    """What was taken in: about whose badge, and whether the panel's word stands or was ended."""

    organisation: str
    code: str
    panel: str
    taken_back: bool
    sha256: str


@get(PLACE)
async def endorsements_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say who may endorse a badge and how, and take an endorsement as a file or as text."""
    return await _ask(request, shown({"text": ""}))


@post(PLACE)
async def hand_in(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show what an endorsement would put into a badge; once that is pressed, take it in."""
    registry = registry_of(request)
    await limits.spend(registry.desk, limits.ENDORSE_PER_NETWORK, network_of(request))
    issuer = issuer_of(registry.settings)
    kind, _options = request.content_type
    if kind in RAW:
        content = b"".join([chunk async for chunk in body_chunks(request, MOST_BYTES)])
        word = await hand_in_endorsement(registry.scheme, content=content, issuer=issuer)
        return plain(as_json(_taken_in(word)), media_type="application/json", status=201)
    form = await _form(request)
    content = _content(form)
    act = hand_in_endorsement if form.first("sure") == "yes" else look_at_endorsement
    try:
        word = await act(registry.scheme, content=content, issuer=issuer)
    except RuleViolation as refusal:
        return await _refused(request, form, refusal)
    looks = act is look_at_endorsement
    return render(
        LOOK if looks else DONE,
        request=request,
        title="Is this what you mean?" if looks else _done(word),
        word=word,
        text=word.content.decode(),
    )


@get("/credentials/endorsers")
async def endorsers() -> Response[bytes]:
    """Send the keys of every panel on record, for whoever checks an endorsed badge."""
    panels = [
        PanelPayload(
            number=panel.number,
            name=panel.name,
            url=panel.url,
            did=panel.did,
            document=msgspec.Raw(panel.document.encode()),
        )
        for panel in await panels_on_record()
    ]
    body = as_json(PanelsPayload(panels=panels))
    return plain(body, media_type="application/json", cache_control=MINUTE)


@get("/credentials/endorsements/{digest:str}")
async def endorsement(digest: FromPath[str]) -> Response[bytes]:
    """Send one endorsement as it was sealed, by the SHA-256 of its bytes, while it stands."""
    content = await endorsement_bytes(digest) if _DIGEST.fullmatch(digest) else None
    if content is None:
        raise NotFound("There is no endorsement with this digest.")
    return plain(content, media_type=FORM_TYPES["json"], cache_control=MINUTE)


async def _form(request: Request[Any, Any, Any]) -> FormBody:
    request.scope["state"]["form_reader"] = reader = FormReader(request, most=MOST_BYTES)
    await reader.begin()
    return await read_body(request)


def _content(form: FormBody) -> bytes:
    """Return what was handed in: the file where one was chosen, else the text."""
    sent = b"".join(file.content.read(MOST_BYTES) for file in form.files[:1])
    return sent or form.first("text").encode(errors="surrogatepass")


async def _refused(
    request: Request[Any, Any, Any], form: FormBody, refusal: RuleViolation
) -> Response[bytes]:
    """Show the form again, everything typed still there, and the refusal beside its field."""
    place = "file" if any(file.size for file in form.files) else "text"
    error = FieldError(place, refusal.message)
    bound: Bound[Any] = Bound(errors=(error,), typed={"text": (form.first("text"),)})
    return await _ask(request, bound, status=HTTPStatus.UNPROCESSABLE_ENTITY)


async def _ask(
    request: Request[Any, Any, Any], bound: Bound[Any], status: int = HTTPStatus.OK
) -> Response[bytes]:
    return render(
        ASK,
        request=request,
        title=TITLE,
        status=status,
        bound=bound,
        panels=await panels_on_record(),
        origin=registry_of(request).settings.public_url,
    )


def _taken_in(word: PanelsWord) -> TakenInPayload:
    return TakenInPayload(
        organisation=word.badge.slug,
        code=word.badge.code,
        panel=word.panel.did,
        taken_back=word.taken_back,
        sha256=word.sha256,
    )


def _done(word: PanelsWord) -> str:
    return "Your word was taken back" if word.taken_back else "Your endorsement is in"


HANDLERS: tuple[HTTPRouteHandler, ...] = (endorsements_page, hand_in, endorsers, endorsement)
