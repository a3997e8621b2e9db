"""Stopping one clock or every clock, in public, and letting them run again (rule 32)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.obligations.outages import record_outage
from charter.obligations.standstill import (
    ClockSeen,
    clock,
    clocks_of,
    clocks_paused,
    count_running,
    every_clock_stands_still,
    pause_every_clock,
    pause_for_hub,
    resume_every_clock,
    resume_for_hub,
)
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.hub.forms import OutageForm, PauseForm, PressForm
from registry.web.hub.room import employer_of, is_tied_to, show, take
from registry.web.refusals import NoSuchPage

LIST = "clocks.html"
ONE = "clock.html"
EVERY = "every_clock.html"
OUTAGE = "outage.html"

REASONS = (
    ("hub-late", "The hub or its auditors are late with what this waits for"),
    ("outage", "The register could not be reached"),
    ("quiet-period", "A quiet period after an attack or a riot"),
)


@get("/hub/clocks")
async def clocks_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the clocks that stewards stopped, and those of the organisation asked for."""
    asked = request.query_params.get("organisation", "")
    pack = registry_of(request).scheme.pack
    found = await find_by_slug(asked) if asked else None
    own = found if isinstance(found, OrganisationSeen) else None
    return show(
        request,
        LIST,
        title="Clocks",
        asked=asked,
        own=own,
        running=await clocks_of(pack, own.id) if own else (),
        paused=await clocks_paused(pack),
        reasons=dict(REASONS),
    )


@get("/hub/clocks/{number:int}")
async def clock_page(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show one clock, and ask why it should stop."""
    return show(request, ONE, **await _reading(request, number))


@post("/hub/clocks/{number:int}")
async def pause(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Stop a clock with its public reason."""
    page = await _reading(request, number)
    domain = await employer_of(request)

    async def act(scheme: Scheme, form: PauseForm) -> str:
        await pause_for_hub(scheme, obligation=number, why=form.why, steward_employer_domain=domain)
        return f"/hub/clocks?organisation={page['clock'].slug}"

    return await take(request, PauseForm, act, ONE, **page)


@post("/hub/clocks/{number:int}/resume")
async def resume(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Let a clock run again that a steward stopped."""
    page = await _reading(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await resume_for_hub(scheme, obligation=number)
        return f"/hub/clocks?organisation={page['clock'].slug}"

    return await take(request, PressForm, act, ONE, **page)


@get("/hub/clocks/every")
async def every_clock_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show how many clocks would stop, and ask why."""
    return show(request, EVERY, **await _reading_every(request))


@post("/hub/clocks/every")
async def pause_every(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Stop every clock of every organisation with one public reason."""

    async def act(scheme: Scheme, form: PauseForm) -> str:
        await pause_every_clock(scheme, why=form.why)
        return "/hub/clocks"

    page = await _reading_every(request)
    return await take(request, PauseForm, act, EVERY, **page)


@post("/hub/clocks/every/resume")
async def resume_every(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Let every clock run again that stewards stopped."""

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await resume_every_clock(scheme)
        return "/hub/clocks"

    page = await _reading_every(request)
    return await take(request, PressForm, act, EVERY, **page)


@get("/hub/clocks/outage")
async def outage_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask on which day the register was out of reach, and for how long."""
    return show(request, OUTAGE, **_reading_outage(request))


@post("/hub/clocks/outage")
async def outage(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Record an outage; an hour of it in a day moves the dates of that day."""

    async def act(scheme: Scheme, form: OutageForm) -> str:
        await record_outage(scheme, day=form.day, minutes=form.minutes)
        return "/hub/clocks"

    page = _reading_outage(request)
    return await take(request, OutageForm, act, OUTAGE, **page)


async def _reading_every(request: Request[Any, Any, Any]) -> dict[str, Any]:
    clocks, organisations = await count_running()
    return {
        "title": "Every clock",
        "clocks": clocks,
        "organisations": organisations,
        "stopped": len(await clocks_paused(registry_of(request).scheme.pack)),
        "stands_still": await every_clock_stands_still(),
        "most": registry_of(request).scheme.pack.numbers.pauses.days_most,
        "reasons": REASONS,
    }


def _reading_outage(request: Request[Any, Any, Any]) -> dict[str, Any]:
    numbers = registry_of(request).scheme.pack.numbers.pauses
    return {"title": "The register was out of reach", "numbers": numbers}


async def _reading(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    seen = await _clock(request, number)
    return {
        "title": seen.what,
        "clock": seen,
        "reasons": REASONS,
        "tied": await is_tied_to(request, seen.domain),
    }


async def _clock(request: Request[Any, Any, Any], number: int) -> ClockSeen:
    seen = await clock(registry_of(request).scheme.pack, number)
    if seen is None:
        raise NoSuchPage
    return seen


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(clocks_page, clock_page, pause, resume),
    *(every_clock_page, pause_every, resume_every),
    *(outage_page, outage),
)
