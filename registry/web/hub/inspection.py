"""The inspector's room: opening a sealed list, and seeing that its draw was true (rule 20)."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from charter.errors import NotFound, RuleViolation
from charter.reviews.service import open_sealed_lists
from registry.accounts.security import note
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import OpenListForm
from registry.web.hub.room import show
from registry.web.submitting import read_form

PAGE = "inspector.html"

REASONS = (
    ("after-a-complaint", "After a complaint"),
    ("yearly-check", "The yearly check"),
    ("by-lot", "A case picked by lot"),
)


@get("/hub/inspector")
async def lists_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for the case, and why its list is opened."""
    return show(request, PAGE, **_asking(request))


@post("/hub/inspector")
async def open_lists(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Open the lists of a case; the opening is public, and the answer is kept nowhere."""
    registry = registry_of(request)
    bound = await read_form(request, OpenListForm)
    page = _asking(request)
    if bound.value is None:
        return show(request, PAGE, status=HTTPStatus.UNPROCESSABLE_ENTITY, **page, bound=bound)
    case, why = bound.value.case, bound.value.why
    account = person_of(request).account
    await note(registry.desk, "sealed-list-opened", account=account, detail=f"case:{case} {why}")
    try:
        lists = await open_sealed_lists(registry.scheme, case=case, why=why)
    except NotFound as none:
        refused = bound.refused(RuleViolation(none.message))
        return show(request, PAGE, status=HTTPStatus.UNPROCESSABLE_ENTITY, **page, bound=refused)
    return show(request, PAGE, **{**page, "lists": lists}, bound=bound)


def _asking(request: Request[Any, Any, Any]) -> dict[str, Any]:
    inspector = registry_of(request).scheme.pack.framework.inspector.role
    return {"title": "Sealed lists", "reasons": REASONS, "inspector": inspector, "lists": ()}


HANDLERS: tuple[HTTPRouteHandler, ...] = (lists_page, open_lists)
