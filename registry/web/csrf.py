"""Proof that a form sent to us is one of ours.

Two walls, both before anything of the body but its first part is read:

1. Where it came from. A browser says so in Sec-Fetch-Site or Origin; a foreign answer is refused.
2. A token. Signed in, it is bound to the session; before that, to the cookie of the browser, and
   on pages that set no cookie at all it is only signed. It comes in the header X-CSRF-Token, or
   as the field `csrf_token`, which in a multipart form must be the first part. So an upload
   without a token is refused with none of its files written anywhere.
"""

from enum import StrEnum
from typing import Any

from litestar import Request

from registry.accounts.desk import Desk
from registry.web.form_body import FormReader
from registry.web.refusals import ForeignForm

FIELD = "csrf_token"
HEADER = "x-csrf-token"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Binding(StrEnum):
    """What the token of a form is bound to."""

    SESSION = "session"
    BROWSER = "browser"
    NOTHING = "nothing"
    UNCHECKED = "unchecked"


def form_token(desk: Desk, bound_to: str) -> str:
    """Return the token for a form shown to the holder of the cookie `bound_to`."""
    return desk.keys.token("csrf", bound_to)


def came_from_us(request: Request[Any, Any, Any], public_url: str) -> bool:
    """Say whether the browser's own word rules out another site; silence rules nothing out."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or origin == public_url


async def require_own_form(
    request: Request[Any, Any, Any], *, desk: Desk, public_url: str, bound_to: str, most: int
) -> None:
    """Refuse a form that is not ours; leave the rest of its body to be read by `read_form`.

    Raises ForeignForm, or what the form's reader raises.
    """
    if not came_from_us(request, public_url):
        raise ForeignForm
    token = request.headers.get(HEADER)
    reader = FormReader(request, most=most)
    request.scope["state"]["form_reader"] = reader
    if token is None:
        token = (await reader.begin()).first(FIELD)
    if not desk.keys.vouches(token, "csrf", bound_to):
        raise ForeignForm
