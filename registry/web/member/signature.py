"""The charter from the sponsor's side: reading, signing, signing again, leaving."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.scheme import Scheme
from charter.signing.rules import announced_version
from charter.signing.service import sign_again, sign_charter, withdraw_from_charter
from charter.signing.tables import Signature
from charter.standing.words import GONE
from registry.web.asked import person_of
from registry.web.member.forms import ReasonForm, SignForm
from registry.web.member.room import Page, Room, enter, show, take

SIGN: Page = {"template": "charter.html", "title": "The charter"}
LEAVE: Page = {"template": "leave.html", "title": "Withdraw from the charter"}


async def signing_of(room: Room) -> Page:
    """Return the text in force, the signature there is, and whether one is asked for now."""
    last = (
        await Signature.objects()
        .where(Signature.organisation == room.own.id)
        .order_by(Signature.signed_at, ascending=False)
        .first()
    )
    text = room.pack.charter_on(room.today)
    standing = room.standing.standing if room.standing else ""
    anew = last is None or standing in GONE
    again = (
        not anew
        and last is not None
        and (last.charter_version != text.version or standing in {"suspended", "not-reporting"})
    )
    coming = announced_version(room.today, room.pack)
    return {
        "text": text,
        "last": last,
        "anew": anew,
        "again": again,
        "coming": None if coming.version == text.version else coming,
    }


@get("/my/{slug:str}/charter")
async def charter_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the charter in full, and to the sponsor the button that signs it."""
    room = await enter(request, slug)
    return show(request, room, **SIGN, **await signing_of(room))


@post("/my/{slug:str}/charter")
async def sign(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Sign the charter, or sign it again."""
    room = await enter(request, slug)
    signing = await signing_of(room)
    use_case = sign_charter if signing["anew"] else sign_again

    async def act(scheme: Scheme, _form: SignForm) -> str:
        await use_case(scheme, organisation=room.own.id, account=person_of(request).account)
        return f"{room.address}/charter/signed"

    return await take(request, room, SignForm, act, **SIGN, **signing)


@get("/my/{slug:str}/charter/signed")
async def signed_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Confirm the signature and say what happens next."""
    room = await enter(request, slug)
    return show(request, room, "signed.html", title="Charter signed", **await signing_of(room))


@get("/my/{slug:str}/charter/leave")
async def leave_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask for the public reason, and say what leaving means."""
    return show(request, await enter(request, slug), **LEAVE)


@post("/my/{slug:str}/charter/leave")
async def leave(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Withdraw from the charter."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: ReasonForm) -> str:
        await withdraw_from_charter(
            scheme,
            organisation=room.own.id,
            account=person_of(request).account,
            reason=form.reason,
        )
        return room.address

    return await take(request, room, ReasonForm, act, **LEAVE)


HANDLERS: tuple[HTTPRouteHandler, ...] = (charter_page, sign, signed_page, leave_page, leave)
