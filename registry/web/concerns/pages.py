"""The pages of concerns. A receipt travels in the body of a form only."""

from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from charter.concerns.appeals import appeal_by_receipt, end_meeting, wish_for_meeting
from charter.concerns.queries import ConcernFollowed, follow_concern
from charter.concerns.rules import is_about_hub
from charter.concerns.service import raise_concern
from charter.errors import NotFound, RuleViolation
from charter.framework.files import Hub
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from registry.accounts import limits
from registry.web.asked import registry_of
from registry.web.concerns.forms import ConcernForm, FollowForm, SayForm
from registry.web.concerns.sending import in_confidence
from registry.web.forms import Bound, bind, shown
from registry.web.networks import network_of
from registry.web.public.names import Names
from registry.web.receipts import done_once
from registry.web.rendering import EMPTY, render
from registry.web.submitting import read_body, read_form

NEW: Final = "concerns/new.html"
RECEIVED: Final = "concerns/received.html"
FOLLOW: Final = "concerns/follow.html"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

ABOUT: Final = (
    ("promise", "A promise that is not kept, or not true"),
    ("wrong-place", "A badge in a place it does not belong to"),
    ("still-up", "A badge that is still on show after it was suspended or ended"),
    ("conduct-of-scheme", "How this register itself works, or how somebody in it behaved"),
)


@get("/concerns/new")
async def new_concern_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask what happened; an address may say about whom and what already."""
    asked = request.query_params
    bound = shown({"about": asked.get("about", ""), "slug": asked.get("organisation", "")})
    return await _new(request, bound)


@post("/concerns/new")
async def new_concern(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take a concern in and show its receipt, once."""
    registry = registry_of(request)
    body = await read_body(request)
    bound: Bound[ConcernForm] = bind(ConcernForm, body)
    if bound.value is None:
        return await _new(request, bound, status=UNPROCESSABLE)
    await limits.spend(registry.desk, limits.CONCERN_PER_NETWORK, network_of(request))
    form = bound.value
    receipts: list[str] = []

    async def act(scheme: Scheme) -> str:
        receipts.append(await _raise(scheme, form))
        return "/concerns/follow"

    try:
        await done_once(request, body, act)
    except RuleViolation as refusal:
        return await _new(request, bound.refused(refusal), status=UNPROCESSABLE)
    page = render(
        RECEIVED,
        request=request,
        title="We have your concern",
        receipt=receipts[0] if receipts else None,
    )
    return in_confidence(page)


@get("/concerns/follow")
async def follow_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for the receipt."""
    return _follow(request, EMPTY, None)


@post("/concerns/follow")
async def follow(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say where a concern stands; a wrong receipt is told apart from none by nothing."""
    registry = registry_of(request)
    bound = await read_form(request, FollowForm)
    if bound.value is None:
        return _follow(request, bound, None, status=UNPROCESSABLE)
    await limits.spend(registry.desk, limits.FOLLOW_PER_NETWORK, network_of(request))
    try:
        found = await follow_concern(registry.scheme, bound.value.receipt)
    except NotFound as none:
        refused = bound.refused(RuleViolation(none.message))
        return _follow(request, refused, None, status=UNPROCESSABLE)
    return _follow(request, bound, found)


@post("/concerns/follow/say")
async def say(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take what whoever raised a concern says next, and show where it stands now."""
    registry = registry_of(request)
    body = await read_body(request)
    bound: Bound[SayForm] = bind(SayForm, body)
    if bound.value is None:
        return _follow(request, bound, None, status=UNPROCESSABLE)
    await limits.spend(registry.desk, limits.FOLLOW_PER_NETWORK, network_of(request))
    form = bound.value

    async def act(scheme: Scheme) -> str:
        await _say(scheme, form)
        return "/concerns/follow"

    status = HTTPStatus.OK
    try:
        await done_once(request, body, act)
    except (NotFound, RuleViolation) as no:
        refusal = no if isinstance(no, RuleViolation) else RuleViolation(no.message)
        bound, status = bound.refused(refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        found = await follow_concern(registry.scheme, form.receipt)
    except NotFound:
        found = None
    return _follow(request, bound, found, status=status)


async def _say(scheme: Scheme, form: SayForm) -> None:
    match form.say:
        case "want-meeting" | "no-meeting":
            await wish_for_meeting(scheme, receipt=form.receipt, wanted=form.say == "want-meeting")
        case "settled" | "not-settled":
            await end_meeting(scheme, receipt=form.receipt, settled=form.say == "settled")
        case _:
            await appeal_by_receipt(scheme, receipt=form.receipt, why=form.why)


async def _raise(scheme: Scheme, form: ConcernForm) -> str:
    row = await _public_organisation(form.slug)
    named = f"About: {form.organisation}\n\n" if form.organisation and row is None else ""
    return await raise_concern(
        scheme,
        about=form.about,
        organisation=row.id if row else None,
        text=f"{named}{form.text}" if form.text or named else "",
        wants_meeting=form.meeting == "yes",
        speaks_of=form.speaks_of,
        types=form.types,
    )


async def _new(
    request: Request[Any, Any, Any], bound: Bound[Any], *, status: int = 200
) -> Response[bytes]:
    row = await _public_organisation(bound.one("slug"))
    named = Names(registry_of(request).scheme.pack)
    page = render(
        NEW,
        request=request,
        title="Raise a concern",
        bound=bound,
        status=status,
        choices=ABOUT,
        notes=list(named.content_notes.items()),
        types=list(named.types.items()),
        about=row,
        stands_in=_stands_in(request, bound.one("about"), row),
    )
    return in_confidence(page)


def _follow(
    request: Request[Any, Any, Any],
    bound: Bound[Any],
    found: ConcernFollowed | None,
    *,
    status: int = 200,
) -> Response[bytes]:
    page = render(
        FOLLOW,
        request=request,
        title="Follow your concern",
        bound=bound,
        status=status,
        found=found,
        stands_in=_hub(request).stands_in if found and found.about_hub else "",
    )
    return in_confidence(page)


def _stands_in(request: Request[Any, Any, Any], about: str, row: Organisation | None) -> str:
    """Return who acts in place of the hub's own stewards, or nothing where they act (rule 38)."""
    hub = _hub(request)
    return hub.stands_in if is_about_hub(about, row.domain if row else None, hub.domain) else ""


def _hub(request: Request[Any, Any, Any]) -> Hub:
    return registry_of(request).scheme.pack.framework.hub


async def _public_organisation(slug: str) -> Organisation | None:
    if not slug:
        return None
    return (
        await Organisation.objects()
        .where((Organisation.slug == slug) & Organisation.public_since.is_not_null())
        .first()
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    new_concern_page,
    new_concern,
    follow_page,
    follow,
    say,
)
