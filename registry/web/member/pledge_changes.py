"""What may happen to a published pledge: an amendment with a public reason, or its withdrawal."""

from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.framework.pack import FrameworkPack
from charter.plans.queries import find_draft, find_published_pledge
from charter.plans.service import amend_pledge, withdraw_pledge
from charter.plans.versions import Change, compare_versions, terms_of_pledge, words_of_pledge
from charter.scheme import Scheme
from registry.web.forms import Bound, bind
from registry.web.member.forms import AmendmentForm, ReasonForm
from registry.web.member.plan import racism_type
from registry.web.member.pledge_form import choices, from_draft, rows_in, with_one_more
from registry.web.member.pledges import line_of
from registry.web.member.room import (
    Page,
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
from registry.web.submitting import go, read_body

FORM = "pledge_form.html"
WITHDRAW: Page = {"template": "withdraw_pledge.html", "title": "Withdraw this pledge"}


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
    room = await enter(request, slug)
    return show(request, room, **WITHDRAW, line=await line_of(room, n, "live"))


@post("/my/{slug:str}/pledges/{n:int}/withdraw")
async def withdraw(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Withdraw a pledge; it stays as a tombstone."""
    room = await enter(request, slug)
    line = await line_of(room, n, "live", "withdrawn", "ended")

    async def act(scheme: Scheme, form: ReasonForm) -> str:
        await withdraw_pledge(scheme, organisation=room.own.id, number=n, reason=form.reason)
        return f"{room.address}/pledges/{n}"

    return await take(request, room, ReasonForm, act, **WITHDRAW, line=line)


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


FIELD_NAMES: Mapping[str, str] = {
    "title": "Title",
    "promise": "The promise",
    "who_notices": "Who will notice",
    "measure": "What is measured",
    "baseline": "How it is today",
    "target": "How it should be",
    "own_action": "Action of our own",
    "actions": "Actions",
    "change": "Change sought",
    "forms": "Forms of racism",
    "communities": "Communities",
    "also_concerns": "Also concerns",
    "secondary_types": "Other types",
    "owner_role": "Who answers for it",
    "funding_pence": "Money, in pence",
    "funded_until": "Money until",
    "starts_on": "Start",
    "ends_on": "End",
    "one_off": "One-off",
}
"""What the fields of a pledge are called where two versions are compared."""

STEP_NAMES: Mapping[str, str] = {"title": "title", "due_on": "date", "evidence": "evidence"}


def readable_changes(changes: Iterable[Change], pack: FrameworkPack) -> list[tuple[str, str, str]]:
    """Return each change as people read it: what, as it was, as it would be."""
    names = _names_in(pack)
    return [
        (field_name(change.field), _spelt(change.was, names), _spelt(change.now, names))
        for change in changes
    ]


def field_name(field: str) -> str:
    """Return what a field is called: `milestones[0].title` is Milestone 1, title."""
    if field.startswith("milestones["):
        place, _, part = field.removeprefix("milestones[").partition("].")
        return f"Milestone {int(place) + 1}, {STEP_NAMES.get(part, part)}"
    return FIELD_NAMES.get(field, field.replace("_", " "))


def _names_in(pack: FrameworkPack) -> dict[str, str]:
    region = pack.region
    entries = (
        entry for each in pack.catalogue.types for kind in each.kinds.values() for entry in kind
    )
    return {
        **{each.id: each.name for each in region.forms},
        **{each.id: each.name for each in region.communities},
        **{each.id: each.name for each in region.intersections},
        **{each.id: each.name for each in pack.catalogue.types},
        **{entry.id: entry.name for entry in entries},
    }


def _spelt(value: str, names: Mapping[str, str]) -> str:
    """Return a value with tokens of the pack given their names."""
    parts = value.split(", ")
    if all(part in names for part in parts):
        return ", ".join(names[part] for part in parts)
    return value


def _amending(room: Room, number: int, type_id: str) -> dict[str, Any]:
    return {
        "title": f"Change pledge {number}",
        "amending": number,
        "rows_in": rows_in,
        **choices(room, racism_type(room, type_id)),
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (amend_page, amend, withdraw_page, withdraw)
