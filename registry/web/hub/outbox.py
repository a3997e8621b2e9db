"""The hub's post: what waits to be sent, and what could not be sent at all."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.scheme import Scheme
from registry.accounts.security import note
from registry.rounds.outbox import dead_letters, oldest_due, revive, waiting_letters
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import PressForm
from registry.web.hub.room import parts_for, show
from registry.web.refusals import NoSuchPage
from registry.web.submitting import submit

TITLE = "Post"


@get("/hub/outbox")
async def outbox_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show what waits, by kind, and every dead letter. What letters say is shown to nobody."""
    return show(request, "outbox.html", title=TITLE, **await _post(request))


@post("/hub/outbox/{number:int}/retry")
async def retry(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Give a dead letter all its attempts again."""
    page = await _post(request)
    if number not in {letter["id"] for letter in page["dead"]}:
        raise NoSuchPage
    desk = registry_of(request).desk
    me = person_of(request).account

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await note(desk, "dead-letter-retried", account=me, detail=f"outbox:{number}")
        await revive(scheme.clock, message=number)
        return "/hub/outbox"

    return await submit(
        request,
        PressForm,
        act,
        template="hub/outbox.html",
        title=TITLE,
        parts=parts_for(request),
        **page,
    )


async def _post(request: Request[Any, Any, Any]) -> dict[str, Any]:
    clock = registry_of(request).clock
    return {
        "waiting": await waiting_letters(),
        "dead": await dead_letters(),
        "oldest": await oldest_due(clock),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (outbox_page, retry)
