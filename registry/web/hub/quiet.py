"""Quiet periods: after an attack nobody in the communities is asked for anything (rule 11a)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from charter.plans.quiet import quiet_now, quiet_periods, reach_of_quiet
from charter.plans.service import end_quiet_period, open_quiet_period
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.hub.forms import PressForm, QuietForm
from registry.web.hub.room import show, take

PLACE = "/hub/quiet"


@get(PLACE)
async def quiet_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the quiet period in force, or what a new one would stop; and those that were."""
    return show(request, "quiet.html", **await _reading(request))


@post(PLACE)
async def open_quiet(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Open a quiet period, in public."""

    async def act(scheme: Scheme, form: QuietForm) -> str:
        await open_quiet_period(scheme, reason=form.reason, until=form.until)
        return PLACE

    return await take(
        request,
        QuietForm,
        act,
        "quiet.html",
        **await _reading(request),
    )


@post(f"{PLACE}/end")
async def end_quiet(request: Request[Any, Any, Any]) -> Response[bytes]:
    """End the quiet period before its last day."""

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await end_quiet_period(scheme)
        return PLACE

    return await take(
        request,
        PressForm,
        act,
        "quiet.html",
        **await _reading(request),
    )


async def _reading(request: Request[Any, Any, Any]) -> dict[str, Any]:
    scheme = registry_of(request).scheme
    return {
        "title": "Quiet periods",
        "now": await quiet_now(scheme.today()),
        "before": await quiet_periods(),
        "reach": await reach_of_quiet(scheme),
        "most": scheme.pack.numbers.community.quiet_most_days,
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (quiet_page, open_quiet, end_quiet)
