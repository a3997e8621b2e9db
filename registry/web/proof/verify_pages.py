"""The page where anyone checks any badge: a code, a file, or the text of a credential."""

from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from registry.accounts import limits
from registry.proofs.issuer import issuer_of
from registry.web.asked import registry_of
from registry.web.form_body import FormReader, body_chunks
from registry.web.forms import shown
from registry.web.networks import network_of
from registry.web.page_cache import PageCache
from registry.web.problems import wants_json
from registry.web.proof.checking import (
    MOST_BYTES,
    Checked,
    check_code,
    check_file,
    sound_endorsements,
)
from registry.web.proof.payloads import describe_badge
from registry.web.proof.sending import plain
from registry.web.public.payloads import Payload, as_json
from registry.web.rendering import publish, render, render_public
from registry.web.submitting import read_body

TITLE: Final = "Check a badge"
TEMPLATE: Final = "proof/verify.html"

QUESTIONS: Final = MappingProxyType(
    {
        "readable": "Can it be read?",
        "registered": "Is it on the register?",
        "signature": "Is it genuine?",
        "in force": "Is it in force?",
        "not revoked": "Does it still count?",
        "endorsed": "Is the word of the panel its own?",
        "newest": "Is it the newest?",
        "standing now": "Does the organisation report on time?",
    }
)
"""Each check as a person would ask it."""

RAW: Final = frozenset(
    {
        "application/json",
        "application/vc",
        "application/vc+ld+json",
        "application/ld+json",
        "application/vc+jwt",
        "application/jwt",
        "text/plain",
        "image/png",
        "image/svg+xml",
        "application/octet-stream",
    }
)
"""What a program may send as the body itself; a browser sends a form."""


class CheckPayload(Payload, frozen=True, kw_only=True):
    """One question about a badge, its outcome and a sentence."""

    name: str
    outcome: str
    sentence: str


class CheckedPayload(Payload, frozen=True, kw_only=True):
    """Everything found about a badge handed in."""

    accepted: bool
    checks: list[CheckPayload]
    badge: Any


@get("/verify")
async def verify_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the form; `?code=` checks a code at once, so that it works without a script."""
    typed = request.query_params.get("code", "")
    if typed:
        await _spend(request)
        return await _answer(request, await check_code(typed, registry_of(request).scheme), typed)
    body = render_public(TEMPLATE, request=request, title=TITLE, checked=None, typed="", missing="")
    return publish(body, request=request, organisations=(PageCache.REGISTER,))


@post("/verify")
async def verify(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Check what was handed in, check by check. Nothing of it is kept and nothing is fetched."""
    await _spend(request)
    registry = registry_of(request)
    typed, content = await _handed_in(request)
    if content:
        checked = await check_file(content, registry.scheme, issuer_of(registry.settings))
    elif typed:
        checked = await check_code(typed, registry.scheme)
    else:
        bound = shown({"code": ""})
        return render(
            TEMPLATE,
            request=request,
            title=TITLE,
            bound=bound,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            checked=None,
            typed="",
            missing="Type a code, choose a file or paste the text of a badge.",
        )
    return await _answer(request, checked, typed)


async def _handed_in(request: Request[Any, Any, Any]) -> tuple[str, bytes]:
    """Return the code typed and the badge handed in, either of them empty."""
    kind, _options = request.content_type
    if kind in RAW:
        chunks = [chunk async for chunk in body_chunks(request, MOST_BYTES)]
        return "", b"".join(chunks)
    request.scope["state"]["form_reader"] = reader = FormReader(request, most=MOST_BYTES)
    await reader.begin()
    form = await read_body(request)
    content = b"".join(file.content.read(MOST_BYTES) for file in form.files[:1])
    pasted = form.first("text").strip()
    return form.first("code").strip(), content or pasted.encode()


async def _answer(request: Request[Any, Any, Any], checked: Checked, typed: str) -> Response[bytes]:
    kind, _options = request.content_type
    if wants_json(request) or kind in RAW - {"text/plain"}:
        return plain(as_json(await _payload(request, checked)), media_type="application/json")
    return render(
        TEMPLATE,
        request=request,
        title=TITLE,
        checked=checked,
        questions=QUESTIONS,
        typed=typed[:60],
        missing="",
    )


async def _payload(request: Request[Any, Any, Any], checked: Checked) -> CheckedPayload:
    now = registry_of(request).clock.now()
    badge = checked.badge
    said = await sound_endorsements(badge, now) if badge else ()
    return CheckedPayload(
        accepted=checked.accepted,
        checks=[
            CheckPayload(name=check.name, outcome=check.outcome, sentence=check.sentence)
            for check in checked.checks
        ],
        badge=describe_badge(badge, None, now, said) if badge else None,
    )


async def _spend(request: Request[Any, Any, Any]) -> None:
    desk = registry_of(request).desk
    await limits.spend(desk, limits.VERIFY_PER_NETWORK, network_of(request))


HANDLERS: tuple[HTTPRouteHandler, ...] = (verify_page, verify)
