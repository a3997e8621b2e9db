"""A small body reports by telephone, and the hub types it up for it to confirm (rule 10a)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.evidence.sitting import FORM, call_waiting, due_in_sitting, type_up_call
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.plans.service import find_typed
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.forms import shown
from registry.web.hub.room import employer_of, is_tied_to, show, take
from registry.web.member.report_forms import SittingForm
from registry.web.parking import words_in
from registry.web.refusals import NoSuchPage
from registry.web.submitting import go, read_body


@get("/hub/calls")
async def calls_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Find the body that rings."""
    asked = request.query_params.get("organisation", "").strip()
    if asked and await _small_body(request, asked) is not None:
        return go(f"/hub/calls/{asked}")
    return show(request, "calls.html", title="Calls", asked=asked)


@get("/hub/calls/{slug:str}")
async def call_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show what to ask in the call, with what was typed before."""
    own = await _require_small_body(request, slug)
    bound = shown(await find_typed(own.id, FORM) or {})
    return show(request, "call.html", bound=bound, **await _reading(request, own))


@post("/hub/calls/{slug:str}")
async def type_up(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Keep what was told for the body to read and send."""
    own = await _require_small_body(request, slug)
    typed = words_in(await read_body(request))
    domain = await employer_of(request)

    async def act(scheme: Scheme, _form: SittingForm) -> str:
        await type_up_call(scheme, organisation=own.id, typed=typed, steward_employer_domain=domain)
        return f"/hub/calls/{slug}"

    return await take(
        request,
        SittingForm,
        act,
        "call.html",
        **await _reading(request, own),
    )


async def _reading(request: Request[Any, Any, Any], own: OrganisationSeen) -> dict[str, Any]:
    scheme = registry_of(request).scheme
    return {
        "title": f"A call from {own.name}",
        "own": own,
        "due": await due_in_sitting(scheme, organisation=own.id),
        "waiting": await call_waiting(own.id),
        "tied": await is_tied_to(request, own.domain),
    }


async def _require_small_body(request: Request[Any, Any, Any], slug: str) -> OrganisationSeen:
    own = await _small_body(request, slug)
    if own is None:
        raise NoSuchPage
    return own


async def _small_body(request: Request[Any, Any, Any], slug: str) -> OrganisationSeen | None:
    found = await find_by_slug(slug)
    if not isinstance(found, OrganisationSeen):
        return None
    return found if registry_of(request).scheme.pack.band(found.band).one_sitting else None


HANDLERS: tuple[HTTPRouteHandler, ...] = (calls_page, call_page, type_up)
