"""Nothing that a member types is lost: a form that cannot be taken in waits for its writer.

The guard parks a form whose session is over; `submit` parks one that ended in a fault of ours. Who
opens the page again, signed in, finds everything typed in its fields. A file is kept by the page
that asks for one (`registry/web/member/uploads.py`), and only from somebody signed in.
"""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request

from registry.accounts import parked
from registry.accounts.sessions import SignedIn
from registry.bootstrap import Registry
from registry.web.csrf import FIELD, came_from_us
from registry.web.form_body import (
    BodyTooLarge,
    FormBody,
    FormReader,
    UnreadableBody,
    UnsupportedBody,
)

NEVER_KEPT = frozenset({FIELD, "idempotency_key", "next"})
"""Fields of a form that are not somebody's words."""

BYTES_MOST = 1024 * 1024
"""A form with more than this carries files; it is not read without a session."""


def words_in(body: FormBody) -> dict[str, list[str]]:
    """Return what somebody typed in a form, without what the page itself put there."""
    return {name: values for name, values in body.typed.items() if name not in NEVER_KEPT}


async def park_without_session(registry: Registry, request: Request[Any, Any, Any]) -> str | None:
    """Keep a form whose session is over and return the page it was on, or None if it is no such.

    Only a form that was shown to somebody not long ago is kept, and only for them.
    """
    announced = request.headers.get("content-length", "")
    if not (announced.isdecimal() and int(announced) <= BYTES_MOST):
        return None
    if not came_from_us(request, registry.settings.public_url):
        return None
    try:
        body = await FormReader(request, most=BYTES_MOST).finish()
    except (BodyTooLarge, UnreadableBody, UnsupportedBody):
        return None
    account = await parked.owner_of(registry.desk, body.first(FIELD))
    if account is None:
        return None
    return await _park(registry, request, account, body)


async def park_after_fault(
    registry: Registry, request: Request[Any, Any, Any], body: FormBody
) -> None:
    """Keep a form of somebody signed in that ended in a fault of ours."""
    person: SignedIn | None = request.scope["state"].get("person")
    if person is not None:
        await _park(registry, request, person.account, body)


async def typed_before(
    registry: Registry, request: Request[Any, Any, Any], person: SignedIn
) -> parked.Typed | None:
    """Return what somebody typed on the page they ask for, if it could not be taken in then."""
    return await parked.find(registry.desk, account=person.account, page=request.url.path)


async def _park(
    registry: Registry, request: Request[Any, Any, Any], account: UUID, body: FormBody
) -> str | None:
    page = page_of(request, registry.settings.public_url)
    kept = await parked.park(
        registry.desk, account=account, page=page, sent_to=request.url.path, typed=words_in(body)
    )
    return page if kept else None


def page_of(request: Request[Any, Any, Any], public_url: str) -> str:
    """Return the page that a form was on: where the browser says it came from, if that is ours."""
    came_from = request.headers.get("referer", "")
    if came_from.startswith(f"{public_url}/"):
        return urlsplit(came_from).path
    return request.url.path
