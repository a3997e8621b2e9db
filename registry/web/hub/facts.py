"""Putting a wrong fact right: one steward proposes, another confirms (rule 29).

What would change in standing and level is shown to both before anything does.
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.history.queries import events_of
from charter.obligations.wrong_facts import (
    FactSeen,
    NotCorrectable,
    confirm_correction,
    correction,
    drop_correction,
    facts_in_force,
    find_fact,
    open_corrections,
    propose_correction,
)
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import FactForm, PressForm
from registry.web.hub.room import employer_of, is_tied_to, organisation_of, show, take
from registry.web.refusals import NoSuchPage

LIST = "facts.html"
FACT = "fact.html"
ONE = "fact_correction.html"


@get("/hub/facts")
async def facts_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the corrections that wait for a second steward, and the facts of whom one asks for."""
    scheme = registry_of(request).scheme
    asked = request.query_params.get("organisation", "")
    found = await find_by_slug(asked) if asked else None
    own = found if isinstance(found, OrganisationSeen) else None
    waiting = [await correction(scheme, number) for number in await open_corrections()]
    return show(
        request,
        LIST,
        title="Put facts right",
        asked=asked,
        own=own,
        facts=facts_in_force(await events_of(own.id)) if own else (),
        waiting=waiting,
    )


@get("/hub/facts/of/{organisation:uuid}/{number:int}")
async def fact_page(
    request: Request[Any, Any, Any], organisation: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Show one fact, and ask what is right."""
    return show(request, FACT, **await _reading(request, organisation, number))


@post("/hub/facts/of/{organisation:uuid}/{number:int}")
async def propose_fact(
    request: Request[Any, Any, Any], organisation: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Propose a correction; nothing changes yet."""
    page = await _reading(request, organisation, number)
    domain = await employer_of(request)

    async def act(scheme: Scheme, form: FactForm) -> str:
        made = await propose_correction(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            organisation=organisation,
            event=number,
            value=form.value,
            reason=form.reason,
        )
        return f"/hub/facts/{made}"

    return await take(request, FactForm, act, FACT, **page)


@get("/hub/facts/{number:int}")
async def correction_page(
    request: Request[Any, Any, Any], number: FromPath[int]
) -> Response[bytes]:
    """Show what a correction would change, to both stewards."""
    return show(request, ONE, **await _previewing(request, number))


@post("/hub/facts/{number:int}/confirm")
async def confirm_fact(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Put the fact right."""
    page = await _previewing(request, number)
    domain = await employer_of(request)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await confirm_correction(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            number=number,
        )
        return f"/hub/facts/{number}"

    return await take(request, PressForm, act, ONE, **page)


@post("/hub/facts/{number:int}/drop")
async def drop_fact(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Leave the fact as it is."""
    page = await _previewing(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await drop_correction(scheme, steward=person_of(request).account, number=number)
        return "/hub/facts"

    return await take(request, PressForm, act, ONE, **page)


async def _reading(
    request: Request[Any, Any, Any], organisation: UUID, number: int
) -> dict[str, Any]:
    own = await organisation_of(organisation)
    try:
        fact: FactSeen = await find_fact(organisation, number)
    except NotCorrectable as gone:
        raise NoSuchPage from gone
    return {
        "title": "What is right?",
        "own": own,
        "fact": fact,
        "bands": [band.id for band in registry_of(request).scheme.pack.bands],
        "tied": await is_tied_to(request, own.domain),
    }


async def _previewing(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    seen = await correction(registry_of(request).scheme, number)
    if seen is None:
        raise NoSuchPage
    own = await organisation_of(seen.organisation)
    return {
        "title": "Put this right?" if seen.state == "proposed" else "A correction",
        "own": own,
        "correction": seen,
        "is_mine": seen.proposed_by == person_of(request).account,
        "tied": await is_tied_to(request, own.domain),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(facts_page, fact_page, propose_fact),
    *(correction_page, confirm_fact, drop_fact),
)
