"""Words from outside that wait to be shown: a steward reads them and changes none of them."""

from collections.abc import Awaitable
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.learning.celebration_queries import celebrations_waiting
from charter.learning.resource_queries import resources_waiting
from charter.learning.rules import LICENCES
from charter.learning.service import (
    refuse_celebration,
    refuse_resource,
    release_celebration,
    release_resource,
)
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.hub.forms import PressForm, RefusalForm
from registry.web.hub.room import parts_for, show
from registry.web.public.names import Names
from registry.web.submitting import Act, F, submit

LIBRARY = "library.html"
PLACE = "/hub/library"
TITLE = "For the library"


@get("/hub/library")
async def library_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what was proposed, the oldest first."""
    return show(request, LIBRARY, title=TITLE, **await _waiting(request))


@post("/hub/library/resources/{number:int}/release")
async def release(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show a resource in the library."""

    async def act(scheme: Scheme, _form: PressForm) -> str:
        return await _done(release_resource(scheme, resource=number))

    return await _take(request, PressForm, act)


@post("/hub/library/resources/{number:int}/refuse")
async def refuse(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Refuse a resource, with a reason that its proposer reads."""

    async def act(scheme: Scheme, form: RefusalForm) -> str:
        return await _done(refuse_resource(scheme, resource=number, reason=form.reason))

    return await _take(request, RefusalForm, act)


@post("/hub/library/celebrations/{number:int}/release")
async def release_told(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show a celebration as it was told."""

    async def act(scheme: Scheme, _form: PressForm) -> str:
        return await _done(release_celebration(scheme, celebration=number))

    return await _take(request, PressForm, act)


@post("/hub/library/celebrations/{number:int}/refuse")
async def refuse_told(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Let a celebration go; its words are deleted."""

    async def act(scheme: Scheme, _form: PressForm) -> str:
        return await _done(refuse_celebration(scheme, celebration=number))

    return await _take(request, PressForm, act)


async def _done(deciding: Awaitable[None]) -> str:
    await deciding
    return PLACE


async def _take(request: Request[Any, Any, Any], model: type[F], act: Act[F]) -> Response[bytes]:
    return await submit(
        request,
        model,
        act,
        template=f"hub/{LIBRARY}",
        title=TITLE,
        parts=parts_for(request),
        **await _waiting(request),
    )


async def _waiting(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return {
        "resources": await resources_waiting(),
        "celebrations": await celebrations_waiting(),
        "licences": LICENCES,
        "names": Names(registry_of(request).scheme.pack),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(library_page, release, refuse, release_told, refuse_told),
)
