"""Co-design: asking groups, recording sessions, and the codes by which people confirm them."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.plans.ask_rules import Ask
from charter.plans.codesign_queries import SessionSeen, asked_by, groups, sessions_of
from charter.plans.codesign_rules import SessionHeld
from charter.plans.queries import pledges_of
from charter.plans.quiet import quiet_now
from charter.plans.service import ask_group, record_session, renew_codes
from charter.reviews.pay_queries import pay_of_session
from charter.reviews.service import amend_session_pay, record_session_payment
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.member.forms import (
    PENCE,
    AskForm,
    PaidForm,
    PressForm,
    SessionForm,
    SessionPayForm,
)
from registry.web.member.plan import rows_of
from registry.web.member.room import Page, Room, enter, fields_named, show, take
from registry.web.refusals import NoSuchPage

RECORD: Page = {"template": "record_session.html", "title": "Record a session"}
ASK: Page = {"template": "ask_group.html", "title": "Ask a group to take part"}
RENEW: Page = {"template": "renew_codes.html", "title": "Make new codes"}
CODE_GROUPS = 5
"""Letters of a printed code that stand together, so that it can be read and typed."""


def printed(token: str) -> str:
    """Return a code in groups of letters, as it is printed."""
    spelt = token.upper()
    return "-".join(
        spelt[place : place + CODE_GROUPS] for place in range(0, len(spelt), CODE_GROUPS)
    )


WAYS_TO_PAY = (("fee", "A fee"), ("voucher", "A voucher"), ("gift", "A gift to their group"))
"""How people can be paid for a session."""


@get("/my/{slug:str}/sessions")
async def sessions_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the sessions, what the people in them said, and what was asked of groups."""
    room = await enter(request, slug)
    return show(
        request,
        room,
        "sessions.html",
        title="Co-design with communities",
        sessions=await sessions_of(room.own.id),
        asks=await asked_by(room.own.id),
    )


@get("/my/{slug:str}/sessions/new")
async def record_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask about a session that was held."""
    room = await enter(request, slug)
    return show(request, room, **RECORD, **await _recording(room))


@post("/my/{slug:str}/sessions/new")
async def record(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Write down a session and show its codes, this once."""
    room = await enter(request, slug)
    codes: list[str] = []

    async def act(scheme: Scheme, form: SessionForm) -> str:
        with fields_named(pay_pence="pay"):
            recorded = await record_session(
                scheme,
                organisation=room.own.id,
                contributors=form.contributors,
                session=SessionHeld(
                    held_on=form.held_on,
                    hours=form.hours,
                    pay_pence=int(form.pay * PENCE),
                    pledges=form.pledges,
                    types=form.types,
                    group=form.group,
                ),
            )
        codes.extend(recorded.tokens)
        return f"{room.address}/sessions/{recorded.number}"

    answer = await take(request, room, SessionForm, act, **RECORD, **await _recording(room))
    return _show_codes(request, room, codes, answer) if codes else answer


@get("/my/{slug:str}/sessions/{n:int}")
async def session_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Show one session and how many have answered."""
    room = await enter(request, slug)
    return show(request, room, **await _showing(room, await _session(room, n)))


@post("/my/{slug:str}/sessions/{n:int}/paid")
async def paid(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Say that the people of a session were paid; they, or 30 days of silence, confirm it."""
    room = await enter(request, slug)
    session = await _session(room, n)

    async def act(scheme: Scheme, form: PaidForm) -> str:
        await record_session_payment(scheme, organisation=room.own.id, session=n, kind=form.kind)
        return f"{room.address}/sessions/{n}"

    return await take(request, room, PaidForm, act, **await _showing(room, session))


@post("/my/{slug:str}/sessions/{n:int}/pay")
async def amend_pay(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Put the pay of a session right; what was recorded first stays in the history."""
    room = await enter(request, slug)
    session = await _session(room, n)

    async def act(scheme: Scheme, form: SessionPayForm) -> str:
        with fields_named(pay_pence="pay"):
            await amend_session_pay(
                scheme, organisation=room.own.id, session=n, pay_pence=int(form.pay * PENCE)
            )
        return f"{room.address}/sessions/{n}"

    return await take(request, room, SessionPayForm, act, **await _showing(room, session))


@get("/my/{slug:str}/sessions/{n:int}/codes")
async def renew_page(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Ask whether to make new codes in place of those not used yet."""
    return show(request, await enter(request, slug), **RENEW, number=n)


@post("/my/{slug:str}/sessions/{n:int}/codes")
async def renew(
    request: Request[Any, Any, Any], slug: FromPath[str], n: FromPath[int]
) -> Response[bytes]:
    """Make new codes and show them, this once."""
    room = await enter(request, slug)
    codes: list[str] = []

    async def act(scheme: Scheme, _form: PressForm) -> str:
        codes.extend(await renew_codes(scheme, organisation=room.own.id, session=n))
        return f"{room.address}/sessions/{n}"

    answer = await take(request, room, PressForm, act, **RENEW, number=n)
    return _show_codes(request, room, codes, answer) if codes else answer


@get("/my/{slug:str}/asks/new")
async def ask_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask what to ask a group for."""
    room = await enter(request, slug)
    return show(request, room, **ASK, **await _asking(room))


@post("/my/{slug:str}/asks/new")
async def ask(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask a group to take part."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: AskForm) -> str:
        with fields_named(pay_pence="pay"):
            await ask_group(
                scheme,
                organisation=room.own.id,
                group=form.group,
                ask=Ask(
                    purpose=form.purpose,
                    people=form.people,
                    hours=form.hours,
                    pay_pence=int(form.pay * PENCE),
                    held_on=form.held_on,
                ),
            )
        return f"{room.address}/sessions"

    return await take(request, room, AskForm, act, **ASK, **await _asking(room))


async def _session(room: Room, n: int) -> SessionSeen:
    for session in await sessions_of(room.own.id):
        if session.number == n:
            return session
    raise NoSuchPage


async def _showing(room: Room, session: SessionSeen) -> Page:
    return {
        "template": "session.html",
        "title": f"Session {session.number}",
        "session": session,
        "pay": await pay_of_session(room.own.id, session.number),
        "ways": WAYS_TO_PAY,
    }


def _show_codes(
    request: Request[Any, Any, Any], room: Room, codes: list[str], answer: Response[bytes]
) -> Response[bytes]:
    """Show codes in place of going on: they are kept nowhere and cannot be shown again."""
    return show(
        request,
        room,
        "codes.html",
        title="Codes to hand out",
        codes=[(printed(code), code) for code in codes],
        public_address=registry_of(request).settings.public_url,
        onwards=answer.headers["location"],
    )


async def _asking(room: Room) -> dict[str, Any]:
    """Return whom one may ask, how often, and whether nobody is asked for now (11a, 24)."""
    quiet = await quiet_now(room.today)
    numbers = room.pack.numbers
    return {"groups": await _groups(), "caps": numbers.caps, "pay": numbers.pay, "quiet": quiet}


async def _recording(room: Room) -> dict[str, Any]:
    pledges = [line for line in await pledges_of(room.own.id) if line.state in {"draft", "live"}]
    return {
        "answered": [(row.type, row.name) for row in await rows_of(room) if row.given],
        "pledges": [(str(line.number), f"{line.number}. {line.title}") for line in pledges],
        "groups": await _groups(),
        "pay": room.pack.numbers.pay,
    }


async def _groups() -> list[tuple[str, str]]:
    return [(str(group.id), group.name) for group in await groups(state="checked")]


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    sessions_page,
    record_page,
    record,
    session_page,
    paid,
    amend_pay,
    renew_page,
    renew,
    ask_page,
    ask,
)
