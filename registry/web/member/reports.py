"""Reporting on a milestone: adding what shows it, sending it, asking for more time."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.evidence.public_copies import copies_of
from charter.evidence.queries import draft_items, reports_of
from charter.evidence.rules import NewItem, ReportDraft
from charter.evidence.service import add_item, remove_draft_item, send_report
from charter.plans.queries import MilestoneSeen, PledgeSeen, find_published_pledge
from charter.reviews.service import ask_for_more_time
from charter.scheme import Scheme
from registry.web.form_body import FormBody
from registry.web.member.due import DueLine, due_from
from registry.web.member.report_forms import (
    FileForm,
    ItemForm,
    MoreTimeForm,
    RemovalForm,
    ReportForm,
)
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
from registry.web.member.uploads import let_go_once_taken, take_upload, upload_waiting
from registry.web.refusals import NoSuchPage
from registry.web.submitting import go, read_body

REPORT = "report.html"
KINDS: dict[str, tuple[str, str]] = {
    "link": ("Add a link", "The web address, starting with https://"),
    "figure": ("Add a figure", "The figure with its unit, for example 14 of 20 panels"),
    "note": ("Add a note", "The note"),
}
"""What each kind of item is called, and what is asked for."""


async def milestone_of(room: Room, n: int, m: int) -> tuple[PledgeSeen, MilestoneSeen]:
    """Return a published pledge and one of its milestones. Raises NoSuchPage."""
    pledge = await find_published_pledge(room.own.id, n)
    for milestone in pledge.milestones if pledge else ():
        if pledge is not None and milestone.number == m:
            return pledge, milestone
    raise NoSuchPage


@get("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}")
async def report_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int], m: FromPath[int]
) -> Response[bytes]:
    """Show what is due for a milestone, what waits to be sent, and the report's questions."""
    room = await enter(request, slug)
    bound = await resume(room, f"report:{n}/{m}", {})
    return show(request, room, REPORT, bound=bound, **await _reporting(room, n, m))


@post("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}")
async def report(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int], m: FromPath[int]
) -> Response[bytes]:
    """Send the report, or keep it: as it stands, or for the sponsor to sign."""
    room = await enter(request, slug)
    page = await _reporting(room, n, m)
    body = await read_body(request)
    if body.first("next") == "save" or _waits_for_sponsor(room, body):
        await keep_draft(request, room, f"report:{n}/{m}", body)
        return go(f"{room.address}/pledges/{n}/milestones/{m}")

    async def act(scheme: Scheme, form: ReportForm) -> str:
        with fields_named(signed_by_role="worked"):
            await send_report(
                scheme,
                organisation=room.own.id,
                pledge=n,
                milestone=m,
                report=ReportDraft(
                    form.worked, form.summary, form.what_did_not_work, form.why, form.what_changes
                ),
                signed_by_role=room.own.sponsor_role if room.sponsor else "",
            )
        await forget_draft(request, room, f"report:{n}/{m}")
        return f"{room.address}/pledges/{n}/milestones/{m}/sent"

    return await take(request, room, ReportForm, act, template=REPORT, **page)


@get("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}/sent")
async def sent_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int], m: FromPath[int]
) -> Response[bytes]:
    """Confirm that the report is in, and say what happens next."""
    room = await enter(request, slug)
    await milestone_of(room, n, m)
    return show(request, room, "report_sent.html", title="Report sent", number=n)


@get("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}/add/{kind:str}")
async def item_page(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    n: FromPath[int],
    m: FromPath[int],
    kind: FromPath[str],
) -> Response[bytes]:
    """Ask for a link, a figure or a note."""
    room = await enter(request, slug)
    return show(request, room, **await _adding(room, n, m, kind))


@get("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}/add/file")
async def file_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int], m: FromPath[int]
) -> Response[bytes]:
    """Ask for a file."""
    room = await enter(request, slug)
    page = await _adding(room, n, m, "file")
    return show(request, room, **page, upload=await upload_waiting(request))


@post("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}/add/file")
async def add_file(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int], m: FromPath[int]
) -> Response[bytes]:
    """Store a file and keep it in quarantine until it is checked."""
    room = await enter(request, slug)
    page = await _adding(room, n, m, "file")
    upload = await take_upload(request, room, await read_body(request))

    async def act(scheme: Scheme, form: FileForm) -> str:
        item = upload.as_item(form.label, names_people=form.names_people == "yes")
        await add_item(scheme, organisation=room.own.id, pledge=n, milestone=m, item=item)
        return f"{room.address}/pledges/{n}/milestones/{m}"

    answer = await take(request, room, FileForm, act, **page, upload=upload)
    return await let_go_once_taken(request, answer)


@post("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}/add/{kind:str}")
async def add(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    n: FromPath[int],
    m: FromPath[int],
    kind: FromPath[str],
) -> Response[bytes]:
    """Keep a link, a figure or a note for the report."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: ItemForm) -> str:
        item = NewItem(kind, form.label, form.body, names_people=form.names_people == "yes")
        await add_item(scheme, organisation=room.own.id, pledge=n, milestone=m, item=item)
        return f"{room.address}/pledges/{n}/milestones/{m}"

    return await take(request, room, ItemForm, act, **await _adding(room, n, m, kind))


@post("/my/{slug:str}/pledges/{n:int}/milestones/{m:int}/remove")
async def remove(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int], m: FromPath[int]
) -> Response[bytes]:
    """Remove an item that has not been sent."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: RemovalForm) -> str:
        await remove_draft_item(scheme, organisation=room.own.id, item=form.item)
        return f"{room.address}/pledges/{n}/milestones/{m}"

    return await take(
        request, room, RemovalForm, act, template=REPORT, **await _reporting(room, n, m)
    )


@get("/my/{slug:str}/due/{number:int}/more-time")
async def more_time_page(
    request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Ask how much more time is needed, and why, in public."""
    room = await enter(request, slug)
    return show(request, room, **_more_time(room, await _due(room, number)))


@post("/my/{slug:str}/due/{number:int}/more-time")
async def more_time(
    request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """Bring the request before a community panel."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: MoreTimeForm) -> str:
        await ask_for_more_time(
            scheme,
            organisation=room.own.id,
            obligation=number,
            days=form.days,
            reason=form.reason,
        )
        return room.address

    line = await _due(room, number)
    return await take(request, room, MoreTimeForm, act, **_more_time(room, line))


async def _due(room: Room, number: int) -> DueLine:
    for line in await due_from(room):
        if line.id == number:
            return line
    raise NoSuchPage


def _more_time(room: Room, line: DueLine) -> dict[str, Any]:
    most = room.pack.numbers.pledges.extension_max_days
    title = "Ask for more time"
    return {"template": "more_time.html", "title": title, "line": line, "most": most}


def _waits_for_sponsor(room: Room, body: FormBody) -> bool:
    """Whether the report says that something did not work, and the sponsor has not signed."""
    complete = all(
        body.first(name).strip() for name in ("summary", "what-did-not-work", "why", "what-changes")
    )
    return complete and not room.sponsor and body.first("worked") in {"partly", "not"}


async def _reporting(room: Room, n: int, m: int) -> dict[str, Any]:
    pledge, milestone = await milestone_of(room, n, m)
    due = next(
        (
            line
            for line in await due_from(room)
            if line.address == f"{room.address}/pledges/{n}/milestones/{m}"
        ),
        None,
    )
    sent = [report for report in await reports_of(room.own.id, n) if report.milestone == m]
    kept = await resume(room, f"report:{n}/{m}", {})
    return {
        "title": f"Report on milestone {m} of pledge {n}",
        "pledge": pledge,
        "milestone": milestone,
        "due": due,
        "items": await draft_items(room.own.id, n, m),
        "sent": sent,
        "copies": {copy.item: copy for copy in await copies_of(room.own.id)},
        "awaits_sponsor": kept.one("worked") in {"partly", "not"},
    }


async def _adding(room: Room, n: int, m: int, kind: str) -> dict[str, Any]:
    await milestone_of(room, n, m)
    numbers = room.pack.numbers.evidence
    if kind == "file":
        return {
            "template": "add_file.html",
            "title": "Add a file",
            "back": f"{room.address}/pledges/{n}/milestones/{m}",
            "megabytes": numbers.file_bytes_most // 2**20,
            "kinds": numbers.file_kinds,
        }
    if kind not in KINDS:
        raise NoSuchPage
    title, label = KINDS[kind]
    back = f"{room.address}/pledges/{n}/milestones/{m}"
    return {"template": "add_item.html", "title": title, "label": label, "back": back}


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    report_page,
    report,
    sent_page,
    item_page,
    file_page,
    add_file,
    add,
    remove,
    more_time_page,
    more_time,
)
