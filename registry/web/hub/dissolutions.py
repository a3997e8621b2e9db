"""Recording that an organisation is gone: one steward proposes, another confirms (rule 33)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import FieldError, InvalidInput
from charter.organisations.dissolution import (
    confirm_dissolution,
    dissolution,
    drop_dissolution,
    open_dissolutions,
    propose_dissolution,
)
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.forms import shown
from registry.web.hub.forms import DissolutionForm, PressForm
from registry.web.hub.room import employer_of, is_tied_to, organisation_of, show, take
from registry.web.refusals import NoSuchPage

LIST = "dissolutions.html"
ONE = "dissolution.html"


@get("/hub/dissolutions")
async def dissolutions_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what waits for a second steward, and ask who is gone."""
    asked = shown({"organisation": request.query_params.get("organisation", "")})
    return show(request, LIST, **await _listing(request), bound=asked)


@post("/hub/dissolutions")
async def propose(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Propose to record a dissolution; nothing is public yet."""
    domain = await employer_of(request)

    async def act(scheme: Scheme, form: DissolutionForm) -> str:
        number = await propose_dissolution(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            organisation=(await _named(form.organisation)).id,
            dissolved_on=form.day,
            source=form.source,
        )
        return f"/hub/dissolutions/{number}"

    return await take(request, DissolutionForm, act, LIST, **await _listing(request))


@get("/hub/dissolutions/{number:int}")
async def dissolution_page(
    request: Request[Any, Any, Any], number: FromPath[int]
) -> Response[bytes]:
    """Show what was proposed, and what it will bring."""
    return show(request, ONE, **await _reading(request, number))


@post("/hub/dissolutions/{number:int}/confirm")
async def confirm(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Record it in public."""
    page = await _reading(request, number)
    domain = await employer_of(request)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await confirm_dissolution(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            number=number,
        )
        return f"/hub/dissolutions/{number}"

    return await take(request, PressForm, act, ONE, **page)


@post("/hub/dissolutions/{number:int}/drop")
async def drop(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Leave it."""
    page = await _reading(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await drop_dissolution(scheme, steward=person_of(request).account, number=number)
        return "/hub/dissolutions"

    return await take(request, PressForm, act, ONE, **page)


async def _named(slug: str) -> OrganisationSeen:
    found = await find_by_slug(slug.strip())
    if not isinstance(found, OrganisationSeen):
        refusal = FieldError("organisation", f"There is no organisation at “{slug}”.")
        raise InvalidInput("This cannot be recorded yet.", errors=[refusal])
    return found


async def _listing(request: Request[Any, Any, Any]) -> dict[str, Any]:
    scheme = registry_of(request).scheme
    waiting = [await dissolution(scheme, number) for number in await open_dissolutions()]
    named = [(each, await organisation_of(each.organisation)) for each in waiting if each]
    years = scheme.pack.numbers.publication.dissolved_tiny_years
    return {"title": "An organisation is gone", "waiting": named, "years": years}


async def _reading(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    seen = await dissolution(registry_of(request).scheme, number)
    if seen is None:
        raise NoSuchPage
    own = await organisation_of(seen.organisation)
    return {
        "title": "Is it gone?" if seen.state == "proposed" else "A dissolution",
        "own": own,
        "dissolution": seen,
        "is_mine": seen.proposed_by == person_of(request).account,
        "tied": await is_tied_to(request, own.domain),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(dissolutions_page, propose),
    *(dissolution_page, confirm, drop),
)
