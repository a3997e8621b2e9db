"""Panels as stewards see them: seats by number. They may ask for a redraw, and fill nothing."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.rules import shares_employer
from charter.reviews.hub import OpenSeat, open_seats
from charter.reviews.service import ask_for_redraw
from charter.scheme import Scheme
from registry.web.auditor.wording import KINDS
from registry.web.hub.forms import RedrawForm
from registry.web.hub.room import employer_of, show, take
from registry.web.refusals import NoSuchPage

ONE = "seat.html"

REASONS = (
    ("auditor-asked", "The auditor asked"),
    ("no-answer", "There is no answer from them"),
    ("tie-came-to-light", "A tie came to light"),
)


@get("/hub/panels")
async def panels_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the seats that have not decided."""
    seats = await _open_to(request)
    return show(request, "panels.html", title="Panels", seats=seats, kinds=KINDS)


@get("/hub/panels/{number:int}/{n:int}")
async def seat_page(
    request: Request[Any, Any, Any], number: FromPath[int], n: FromPath[int]
) -> Response[bytes]:
    """Ask why a seat should be drawn again."""
    return show(request, ONE, **await _asking(request, number, n))


@post("/hub/panels/{number:int}/{n:int}")
async def redraw(
    request: Request[Any, Any, Any], number: FromPath[int], n: FromPath[int]
) -> Response[bytes]:
    """Have a seat drawn again; the asking and its reason are public."""
    employer = await employer_of(request)
    page = await _asking(request, number, n)

    async def act(scheme: Scheme, form: RedrawForm) -> str:
        await ask_for_redraw(
            scheme, case=number, seat=n, why=form.why, steward_employer_domain=employer
        )
        return "/hub/panels"

    return await take(request, RedrawForm, act, ONE, **page)


async def _open_to(request: Request[Any, Any, Any]) -> tuple[OpenSeat, ...]:
    employer = await employer_of(request)
    return await open_seats(lambda domain: shares_employer(employer, domain))


async def _asking(request: Request[Any, Any, Any], number: int, n: int) -> dict[str, Any]:
    for seat in await _open_to(request):
        if (seat.case, seat.seat) == (number, n):
            return {"title": f"Case {number}, seat {n}", "seat": seat, "reasons": REASONS}
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (panels_page, seat_page, redraw)
