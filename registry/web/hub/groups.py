"""Community groups that registered and wait to be checked, once (rule 11)."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.codesign_queries import GroupSeen, find_group, groups
from charter.plans.service import check_group
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.hub.forms import GroupCheckForm
from registry.web.hub.room import show, take
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage

ONE = "group.html"


@get("/hub/groups")
async def groups_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the groups to check."""
    return show(
        request,
        "groups.html",
        title="Groups to check",
        waiting=await groups(state="registered"),
        names=Names(registry_of(request).scheme.pack),
    )


@get("/hub/groups/{group:uuid}")
async def group_page(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Show what a group says of itself."""
    return show(request, ONE, **_checking(request, await _group(group)))


@post("/hub/groups/{group:uuid}")
async def check(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Accept a group, or refuse with a reason."""
    seen = await _group(group)

    async def act(scheme: Scheme, form: GroupCheckForm) -> str:
        form.require_grounds()
        accept = form.decision == "accept"
        await check_group(scheme, group=group, accept=accept, reason=form.reason)
        return "/hub/groups"

    return await take(
        request,
        GroupCheckForm,
        act,
        ONE,
        **_checking(request, seen),
    )


def _checking(request: Request[Any, Any, Any], seen: GroupSeen) -> dict[str, Any]:
    return {
        "title": seen.name,
        "group": seen,
        "names": Names(registry_of(request).scheme.pack),
    }


async def _group(group: UUID) -> GroupSeen:
    seen = await find_group(group)
    if seen is None or seen.state != "registered":
        raise NoSuchPage
    return seen


HANDLERS: tuple[HTTPRouteHandler, ...] = (groups_page, group_page, check)
