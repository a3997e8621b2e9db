"""Evidence after it was sent: correcting what was accepted, and publishing a redacted copy."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.evidence.corrections import change_item
from charter.evidence.public_copies import send_public_copy
from charter.evidence.queries import ItemSeen, ReportSeen, reports_of
from charter.evidence.rules import ItemWording
from charter.scheme import Scheme
from registry.web.forms import shown
from registry.web.member.report_forms import ChangeForm, FileForm
from registry.web.member.room import Page, Room, enter, show, take
from registry.web.member.uploads import let_go_once_taken, take_upload, upload_waiting
from registry.web.refusals import NoSuchPage
from registry.web.submitting import read_body


@get("/my/{slug:str}/evidence/{item:uuid}/change")
async def change_page(
    request: Request[Any, Any, Any], slug: FromPath[str], item: FromPath[UUID]
) -> Response[bytes]:
    """Show an accepted item to be corrected, and what follows from more than a correction."""
    room = await enter(request, slug)
    report, seen = await _sent(room, item)
    bound = shown({"label": seen.label, "body": seen.body})
    return show(request, room, bound=bound, **_changing(room, report, seen))


@post("/my/{slug:str}/evidence/{item:uuid}/change")
async def change(
    request: Request[Any, Any, Any], slug: FromPath[str], item: FromPath[UUID]
) -> Response[bytes]:
    """Change an accepted item: it is marked, and more than a correction re-opens its milestone."""
    room = await enter(request, slug)
    report, seen = await _sent(room, item)

    async def act(scheme: Scheme, form: ChangeForm) -> str:
        await change_item(
            scheme,
            organisation=room.own.id,
            item=item,
            now=ItemWording(form.label, form.body),
            as_correction=form.what == "correction",
        )
        return _milestone(room, report)

    return await take(request, room, ChangeForm, act, **_changing(room, report, seen))


@get("/my/{slug:str}/evidence/{item:uuid}/public-copy")
async def copy_page(
    request: Request[Any, Any, Any], slug: FromPath[str], item: FromPath[UUID]
) -> Response[bytes]:
    """Ask for a redacted copy that everybody will be able to read."""
    room = await enter(request, slug)
    page = _copying(room, *await _sent(room, item))
    return show(request, room, **page, upload=await upload_waiting(request))


@post("/my/{slug:str}/evidence/{item:uuid}/public-copy")
async def send_copy(
    request: Request[Any, Any, Any], slug: FromPath[str], item: FromPath[UUID]
) -> Response[bytes]:
    """Keep the copy in quarantine; it is public once it was checked."""
    room = await enter(request, slug)
    report, seen = await _sent(room, item)
    upload = await take_upload(request, room, await read_body(request))

    async def act(scheme: Scheme, form: FileForm) -> str:
        file = upload.as_item(form.label, names_people=form.names_people == "yes")
        await send_public_copy(scheme, organisation=room.own.id, item=item, file=file)
        return _milestone(room, report)

    page = _copying(room, report, seen)
    answer = await take(request, room, FileForm, act, **page, upload=upload)
    return await let_go_once_taken(request, answer)


async def _sent(room: Room, item: UUID) -> tuple[ReportSeen, ItemSeen]:
    for report in await reports_of(room.own.id):
        for seen in report.items:
            if seen.id == item:
                return report, seen
    raise NoSuchPage


def _milestone(room: Room, report: ReportSeen) -> str:
    return f"{room.address}/pledges/{report.pledge}/milestones/{report.milestone}"


def _changing(room: Room, report: ReportSeen, seen: ItemSeen) -> Page:
    if report.state != "accepted":
        raise NoSuchPage
    numbers = room.pack.numbers
    return {
        "template": "change_item.html",
        "title": "Change accepted evidence",
        "item": seen,
        "back": _milestone(room, report),
        "objection_days": numbers.reviews.correction_objection_days,
        "reopened_days": numbers.evidence.reopened_days,
    }


def _copying(room: Room, report: ReportSeen, seen: ItemSeen) -> Page:
    numbers = room.pack.numbers.evidence
    return {
        "template": "public_copy.html",
        "title": "Publish a redacted copy",
        "item": seen,
        "back": _milestone(room, report),
        "megabytes": numbers.file_bytes_most // 2**20,
        "kinds": numbers.file_kinds,
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (change_page, change, copy_page, send_copy)
