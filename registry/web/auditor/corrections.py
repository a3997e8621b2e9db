"""Corrections of evidence somebody reviewed: what it said, what it says, and the objection."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.evidence.corrections import (
    ChangeSeen,
    changes_since_reviewed,
    object_to_correction,
)
from charter.reviews.queries import auditor_of
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.auditor.forms import PressForm
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import submit

PAGE = "auditor/correction.html"
TITLE = "Changed since you reviewed it"


@get("/reviews/cases/{seat:uuid}/changes/{change:uuid}")
async def correction_page(
    request: Request[Any, Any, Any], seat: FromPath[UUID], change: FromPath[UUID]
) -> Response[bytes]:
    """Show a correction beside what was accepted."""
    seen = await _seen(request, seat, change)
    return render(PAGE, request=request, title=TITLE, change=seen)


@post("/reviews/cases/{seat:uuid}/changes/{change:uuid}")
async def objection(
    request: Request[Any, Any, Any], seat: FromPath[UUID], change: FromPath[UUID]
) -> Response[bytes]:
    """Object to a correction: the milestone opens again."""
    seen = await _seen(request, seat, change)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await object_to_correction(scheme, seat=seat, change=change)
        return "/reviews"

    return await submit(request, PressForm, act, template=PAGE, title=TITLE, change=seen)


async def _seen(request: Request[Any, Any, Any], seat: UUID, change: UUID) -> ChangeSeen:
    auditor = await auditor_of(registry_of(request).scheme, person_of(request).account)
    scheme = registry_of(request).scheme
    for seen in await changes_since_reviewed(scheme, auditor.id) if auditor else ():
        if (seen.id, seen.seat) == (change, seat):
            return seen
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (correction_page, objection)
