"""A community group in public: what it confirmed, and what it shares. Never what it was asked.

A group is shown once its own word stands somewhere in public, and not before.
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.learning.celebration_queries import celebrations_confirmed_by
from charter.plans.codesign_queries import find_group
from charter.plans.sharing_queries import partnerships_of
from registry.web.public.publishing import REGISTER, publish_page, site_of
from registry.web.refusals import NoSuchPage


@get("/community-groups/{group:uuid}")
async def group_page(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Show what a checked group celebrates, and the pledges that it shares."""
    seen, now = await find_group(group), site_of(request).scheme.now()
    confirmed = await celebrations_confirmed_by(group)
    shared = [each for each in await partnerships_of(group) if each.shared_at(now)]
    if seen is None or seen.state != "checked" or not (confirmed or shared):
        raise NoSuchPage
    return publish_page(
        request,
        "public/group.html",
        seen.name,
        organisations=REGISTER,
        group=seen,
        celebrations=confirmed,
        shared=shared,
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (group_page,)
