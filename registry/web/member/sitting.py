"""Everything due until the next sitting on one page, for small bodies (rule 10a)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import FieldError, RuleViolation
from charter.evidence.sitting import FORM, Told, call_waiting, due_in_sitting, send_sitting
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.form_body import FormBody
from registry.web.member.report_forms import SittingForm
from registry.web.member.room import (
    Page,
    Room,
    enter,
    forget_draft,
    keep_draft,
    resume,
    show,
    take,
)
from registry.web.refusals import NoSuchPage
from registry.web.submitting import go, read_body

SITTING: Page = {"template": "sitting.html", "title": "Report in one sitting"}
HONEST = frozenset({"partly", "not"})
"""What the sponsor signs."""


@get("/my/{slug:str}/sitting")
async def sitting_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show every milestone due until the next sitting, as saved or as typed up from a call."""
    room = await enter(request, slug)
    bound = await resume(room, FORM, {})
    return show(request, room, **SITTING, bound=bound, **await reading(request, room))


@post("/my/{slug:str}/sitting")
async def send(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Send all of it, or keep it: as it stands, or for the sponsor to sign."""
    room = await enter(request, slug)
    page = await reading(request, room)
    body = await read_body(request)
    if body.first("next") == "save" or (not room.sponsor and _needs_sponsor(body)):
        await keep_draft(request, room, FORM, body)
        return go(f"{room.address}/sitting")

    async def act(scheme: Scheme, form: SittingForm) -> str:
        told = form.told()
        with placed_as_on_page(told):
            await send_sitting(
                scheme,
                organisation=room.own.id,
                told=list(told.values()),
                signed_by_role=room.own.sponsor_role if room.sponsor else "",
            )
        await forget_draft(request, room, FORM)
        return room.address

    return await take(request, room, SittingForm, act, **SITTING, **page)


async def reading(request: Request[Any, Any, Any], room: Room) -> dict[str, Any]:
    """Return what a sitting asks about. Raises NoSuchPage where the body has no sittings."""
    if not room.pack.band(room.own.band).one_sitting:
        raise NoSuchPage
    scheme = registry_of(request).scheme
    return {
        "due": await due_in_sitting(scheme, organisation=room.own.id),
        "called": await call_waiting(room.own.id),
    }


@contextmanager
def placed_as_on_page(told: Mapping[int, Told]) -> Iterator[None]:
    """Give what a rule refuses its place on the page: what was left for later keeps its own."""
    places = list(told)
    try:
        yield
    except RuleViolation as refusal:
        refusal.errors = tuple(
            FieldError(_placed(error.field, places), error.message) for error in refusal.errors
        )
        raise


def _placed(field: str, places: list[int]) -> str:
    place, bracket, rest = field.removeprefix("reports[").partition("]")
    return f"reports[{places[int(place)]}]{rest}" if bracket else field


def _needs_sponsor(body: FormBody) -> bool:
    """Whether something did not work, which only the sponsor can sign."""
    return any(
        name.endswith("-worked") and HONEST.intersection(values)
        for name, values in body.typed.items()
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (sitting_page, send)
