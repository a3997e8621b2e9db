"""What may happen to a published pledge: an amendment with a public reason, or its withdrawal."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.queries import find_draft, find_published_pledge
from charter.plans.service import amend_pledge, withdraw_pledge
from charter.plans.versions import compare_versions, terms_of_pledge, words_of_pledge
from charter.scheme import Scheme
from registry.web.forms import Bound, bind
from registry.web.member.forms import AmendmentForm, ReasonForm
from registry.web.member.plan import racism_type
from registry.web.member.pledge_form import choices, from_draft, rows_in, with_one_more
from registry.web.member.pledge_questions import Asked, Question, line_of
from registry.web.member.room import (
    Room,
    enter,
    fields_named,
    forget_draft,
    keep_draft,
    resume,
    retyped,
    show,
    take,
)
from registry.web.pledge_words import readable_changes
from registry.web.submitting import go, read_body

FORM = "pledge_form.html"


async def _withdraw(scheme: Scheme, form: ReasonForm, asked: Asked) -> str:
    room, number = asked.room, asked.line.number
    await withdraw_pledge(scheme, organisation=room.own.id, number=number, reason=form.reason)
    return f"{room.address}/pledges/{number}"


WITHDRAW = Question(
    "withdraw_pledge.html",
    "Withdraw this pledge",
    ReasonForm,
    ("live",),
    ("withdrawn", "ended"),
    _withdraw,
)


@get("/my/{slug:str}/pledges/{n:int}/amend")
async def amend_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show the form with the pledge as it is now."""
    room = await enter(request, slug)
    line = await line_of(room, n, "live")
    begin = {**from_draft(await find_draft(room.own.id, n)), "based-on": str(line.version)}
    bound = await resume(room, f"amend:{n}", begin)
    return show(request, room, FORM, bound=bound, **_amending(room, n, line.type))


@post("/my/{slug:str}/pledges/{n:int}/amend")
async def amend(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show what would change, or keep it for the sponsor, or publish it."""
    room = await enter(request, slug)
    line = await line_of(room, n, "live", "ended", "withdrawn")
    page = _amending(room, n, line.type)
    body = await read_body(request)
    step = body.first("next")
    if step == "add-milestone":
        again = retyped(body, **with_one_more(body))
        return show(request, room, FORM, bound=again, **page)
    if step == "change":
        return show(request, room, FORM, bound=retyped(body), **page)
    if step == "save" or (step == "publish" and not room.sponsor):
        await keep_draft(request, room, f"amend:{n}", body)
        return go(f"{room.address}/pledges/{n}")
    if step != "publish":
        return await _preview(request, room, n, line.type, bind(AmendmentForm, body))

    async def act(scheme: Scheme, form: AmendmentForm) -> str:
        with fields_named(funding_pence="funding_pounds"):
            await amend_pledge(
                scheme,
                organisation=room.own.id,
                number=n,
                draft=form.draft(line.type),
                reason=form.reason,
                based_on=form.based_on,
            )
        await forget_draft(request, room, f"amend:{n}")
        return f"{room.address}/pledges/{n}"

    return await take(request, room, AmendmentForm, act, template=FORM, **page)


@get("/my/{slug:str}/pledges/{n:int}/withdraw")
async def withdraw_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Ask for the public reason, and say what withdrawing means."""
    return await WITHDRAW.ask(request, slug, n)


@post("/my/{slug:str}/pledges/{n:int}/withdraw")
async def withdraw(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Withdraw a pledge; it stays as a tombstone."""
    return await WITHDRAW.answer(request, slug, n)


async def _preview(
    request: Request[Any, Any, Any],
    room: Room,
    number: int,
    type_id: str,
    bound: Bound[AmendmentForm],
) -> Response[bytes]:
    """Show each difference, as it was and as it would be, before anything is published."""
    page = _amending(room, number, type_id)
    seen = await find_published_pledge(room.own.id, number)
    if bound.value is None or seen is None:
        return show(request, room, FORM, bound=bound, status=422, **page)
    after = bound.value.draft(type_id)
    changes = compare_versions(
        {**seen.now.terms, **_merged(seen.now.words, seen.now.terms)},
        {
            **terms_of_pledge(after, room.pack),
            **_merged(words_of_pledge(after), terms_of_pledge(after, room.pack)),
        },
    )
    return show(
        request,
        room,
        "amend_check.html",
        title="Check what changes",
        typed=bound,
        number=number,
        changes=readable_changes(changes, room.pack),
        reason=bound.value.reason,
    )


def _merged(words: Mapping[str, Any], terms: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the words with each milestone's date beside its title and evidence."""
    days = {row["number"]: row["due_on"] for row in terms["milestones"]}
    rows = [{**row, "due_on": days.get(row["number"], "")} for row in words["milestones"]]
    return {**words, "milestones": rows}


def _amending(room: Room, number: int, type_id: str) -> dict[str, Any]:
    return {
        "title": f"Change pledge {number}",
        "amending": number,
        "rows_in": rows_in,
        **choices(room, racism_type(room, type_id)),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (amend_page, amend, withdraw_page, withdraw)
