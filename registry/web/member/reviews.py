"""Reviews as their organisation sees them: the panel's words, the reply, the yearly reflection."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.queries import task_list
from charter.reviews.published import (
    CaseForOrganisation,
    case_for_organisation,
    cases_of,
    published_accountability,
)
from charter.reviews.service import (
    Reflection,
    agree_with_panel,
    reply_to_case,
    send_reflection,
)
from charter.reviews.tables import AccountabilityReview
from charter.scheme import Scheme
from registry.web.form_body import FormBody
from registry.web.forms import bind
from registry.web.member.forms import PressForm
from registry.web.member.report_forms import ReflectionForm, ReplyForm
from registry.web.member.room import (
    Room,
    enter,
    fields_named,
    forget_draft,
    keep_draft,
    resume,
    show,
    take,
)
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage
from registry.web.submitting import go, read_body

FINDINGS = (
    ("kept", "Kept"),
    ("partly-kept", "Partly kept"),
    ("not-kept", "Not kept"),
    ("cannot-tell", "We cannot tell"),
)
"""The one scale on which both voices speak (rule 26)."""


@get("/my/{slug:str}/reviews")
async def reviews_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """List the reviews, the newest first."""
    room = await enter(request, slug)
    return show(request, room, **await _listing(room))


@get("/my/{slug:str}/reviews/{number:int}")
async def review_page(
    request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Show one review, and the reply while it can be given."""
    room = await enter(request, slug)
    bound = await resume(room, f"reply:{number}", {})
    return show(request, room, **_reviewing(room, await _case(room, number)), bound=bound)


@post("/my/{slug:str}/reviews/{number:int}")
async def reply(
    request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Give the reply that is published with the verdict; from a colleague, keep it to be sent."""
    room = await enter(request, slug)
    case = await _case(room, number)
    if not room.sponsor:
        await keep_draft(request, room, f"reply:{number}", await read_body(request))
        return go(f"{room.address}/reviews/{number}")

    async def act(scheme: Scheme, form: ReplyForm) -> str:
        with fields_named(words="reply"):
            await reply_to_case(scheme, case=case.id, words=form.reply)
        await forget_draft(request, room, f"reply:{number}")
        return f"{room.address}/reviews/{number}"

    return await take(request, room, ReplyForm, act, **_reviewing(room, case))


@post("/my/{slug:str}/reviews/years/{n:int}/agree")
async def agree(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Say that the organisation now agrees with what the panel found."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await agree_with_panel(scheme, organisation=room.own.id, cycle=n)
        return f"{room.address}/reviews"

    return await take(request, room, PressForm, act, **await _listing(room))


@get("/my/{slug:str}/reflection")
async def reflection_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask how the year went, type by type."""
    room = await enter(request, slug)
    bound = await resume(room, "reflection:", {})
    return show(request, room, bound=bound, **await _reflecting(room))


@post("/my/{slug:str}/reflection")
async def reflect(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Send the yearly reflection, signed by the sponsor; from a colleague, keep it to be signed."""
    room = await enter(request, slug)
    page = await _reflecting(room)
    body = await read_body(request)
    findings = _findings(room, body)
    ready = bind(ReflectionForm, body).value is not None
    if body.first("next") == "save" or (ready and not room.sponsor):
        await keep_draft(request, room, "reflection:", body)
        return go(room.address)

    async def act(scheme: Scheme, form: ReflectionForm) -> str:
        said = Reflection(
            findings=findings,
            what_worked=form.what_worked,
            what_did_not_work=form.what_did_not_work,
            what_changes=form.what_changes,
            signed_by_role=room.own.sponsor_role,
        )
        await send_reflection(scheme, organisation=room.own.id, reflection=said)
        await forget_draft(request, room, "reflection:")
        return f"{room.address}/reviews"

    return await take(request, room, ReflectionForm, act, **page)


async def _listing(room: Room) -> dict[str, Any]:
    return {
        "template": "reviews.html",
        "title": "Reviews",
        "cases": await cases_of(room.own.id),
        "years": await published_accountability(room.own.id),
    }


async def _case(room: Room, number: int) -> CaseForOrganisation:
    case = await case_for_organisation(room.own.id, number)
    if case is None:
        raise NoSuchPage
    return case


def _reviewing(room: Room, case: CaseForOrganisation) -> dict[str, Any]:
    """Return what the page of one review shows; its findings in the order of the five types."""
    types = Names(room.pack).types
    place = {question: number for number, question in enumerate(types)}
    return {
        "template": "review.html",
        "title": f"Review {case.case}",
        "case": case,
        "types": types,
        "outcomes": sorted(case.outcomes, key=lambda said: place.get(said.question, 0)),
    }


async def _reflecting(room: Room) -> dict[str, Any]:
    rows = await task_list(room.own.id, pack=room.pack, today=room.today)
    due = await AccountabilityReview.exists().where(
        (AccountabilityReview.organisation == room.own.id)
        & AccountabilityReview.reflected_at.is_null()
    )
    return {
        "template": "reflection.html",
        "title": "Your year",
        "rows": [row for row in rows if row.answer == "applies"],
        "findings": FINDINGS,
        "due": due,
    }


def _findings(room: Room, body: FormBody) -> dict[str, str]:
    """Return the finding chosen for each type; one left out is named by the rule."""
    chosen = {name: body.first(f"findings-{name}") for name in room.pack.type_ids}
    return {name: finding for name, finding in chosen.items() if finding}


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    reviews_page,
    review_page,
    reply,
    agree,
    reflection_page,
    reflect,
)
