"""How the answers of this room are sent: for other people's pages and programs too."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from litestar import Request, Response

from charter.clock import end_of_day, local_day
from registry.web.asked import registry_of
from registry.web.page_cache import FRESH_FOR
from registry.web.proof.reading import BadgeShown
from registry.web.rendering import publish

Headers = Mapping[str, str]

OPEN: Final[Headers] = MappingProxyType({"access-control-allow-origin": "*"})
"""For programs: any page's script may read it, with no cookie of ours."""

NEGOTIATED: Final[Headers] = MappingProxyType({**OPEN, "vary": "Accept"})

PICTURE: Final[Headers] = MappingProxyType(
    {
        **OPEN,
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
)
"""For pictures in other people's pages: nothing inside one can run or fetch."""

PAGE_LIVES: Final = timedelta(seconds=60)
"""How long a page that says when it was checked is sent before it is made again."""


def publish_about(
    badge: BadgeShown,
    body: bytes,
    *,
    request: Request[Any, Any, Any],
    media_type: str,
    headers: Headers,
    tells: str = "time",
    clock: str = "",
) -> Response[bytes]:
    """Return public bytes about `badge`, kept until a change, or until what they tell is past.

    `tells` is what of the present the bytes say: the `time`, the `day`, a `place`, or `nothing`:
    where a badge hangs is the organisation's own word, which no event changes. `clock` names
    the member of JSON that says the time, which its tag does not change with.
    """
    now = registry_of(request).clock.now()
    return publish(
        body,
        request=request,
        organisations=(badge.slug,),
        media_type=media_type,
        holds_until=badge.answer.holds_until,
        kept_until=_kept_until(request, tells, now),
        headers=headers,
        clock=clock,
    )


def _kept_until(request: Request[Any, Any, Any], tells: str, now: datetime) -> datetime | None:
    if tells == "time":
        return now + PAGE_LIVES
    if tells == "place":
        return now + FRESH_FOR
    if tells == "day":
        zone = registry_of(request).scheme.pack.zone
        return end_of_day(local_day(now, zone), zone)
    return None


def plain(
    body: bytes,
    *,
    media_type: str,
    status: int = 200,
    cache_control: str = "no-store",
    headers: Headers = OPEN,
) -> Response[bytes]:
    """Return bytes that are not kept here: what changes with no event, or is not found."""
    return Response(
        body,
        status_code=status,
        media_type=media_type,
        headers={"cache-control": cache_control, **headers},
    )
