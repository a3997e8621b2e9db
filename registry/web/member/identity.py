"""Who an organisation is: showing its domain, and changing its name, its domain or its size."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.obligations.service import open_obligations
from charter.organisations.identifiers import carried
from charter.organisations.proof_queries import domain_shown
from charter.organisations.rules import Place
from charter.organisations.service import (
    ask_for_code,
    ask_for_record,
    change_band,
    change_domain,
    change_identifiers,
    change_place,
    rename_organisation,
    type_code,
)
from charter.scheme import Scheme
from registry.accounts.post import allow_mail
from registry.web.asked import registry_of
from registry.web.forms import Bound, shown
from registry.web.member.forms import (
    DomainForm,
    IdentifiersForm,
    MailboxForm,
    NameForm,
    PlaceForm,
    PressForm,
    ProofCodeForm,
    SizeForm,
)
from registry.web.member.letters import send_proof_code
from registry.web.member.room import Page, Room, enter, show, take

PROOF: Page = {"template": "proof.html", "title": "Show who you are"}
NAME: Page = {"template": "details_change.html", "title": "Change the name", "what": "name"}
DOMAIN: Page = {
    "template": "details_change.html",
    "title": "Change the web address",
    "what": "domain",
}
PLACE: Page = {
    "template": "details_change.html",
    "title": "Change town, sector or boroughs",
    "what": "place",
}
IDENTIFIERS: Page = {
    "template": "details_change.html",
    "title": "Change the numbers in registers",
    "what": "identifiers",
}
SIZE: Page = {"template": "details_change.html", "title": "Change the size", "what": "size"}


async def _proof_of(room: Room) -> Page:
    """Return what the organisation has shown of its domain, and what it is asked for now."""
    signing = room.pack.numbers.signing
    renewals = await open_obligations(room.own.id, "proof-renewal")
    return {
        **PROOF,
        "mailed": await domain_shown(room.own.id, "domain-mail"),
        "record": await domain_shown(room.own.id, "dns-txt"),
        "mailboxes": [(each, f"{each}@{room.own.domain}") for each in signing.proof_mailboxes],
        "hours": signing.proof_code_hours,
        "renew_by": renewals[0].due_on if renewals else None,
    }


@get("/my/{slug:str}/proof")
async def proof_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show the ways to show who one is, and what has been shown."""
    room = await enter(request, slug)
    return show(request, room, **await _proof_of(room))


@post("/my/{slug:str}/proof/mail")
async def mail_code(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Mail a code to an address that only those who run the domain can read."""
    room = await enter(request, slug)
    desk = registry_of(request).desk

    async def act(scheme: Scheme, form: MailboxForm) -> str:
        await allow_mail(desk, to=f"{form.mailbox}@{room.own.domain}")
        mailed = await ask_for_code(scheme, organisation=room.own.id, mailbox=form.mailbox)
        await send_proof_code(desk, name=room.own.name, to=mailed.address, code=mailed.code)
        return f"{room.address}/proof"

    return await take(request, room, MailboxForm, act, **await _proof_of(room))


@post("/my/{slug:str}/proof/code")
async def take_code(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Take in the code that was mailed to the domain."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: ProofCodeForm) -> str:
        await type_code(scheme, organisation=room.own.id, code=form.code)
        return f"{room.address}/proof"

    return await take(request, room, ProofCodeForm, act, **await _proof_of(room))


@post("/my/{slug:str}/proof/record")
async def look_at_record(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Say which record to add, or have it looked at now."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await ask_for_record(scheme, organisation=room.own.id)
        return f"{room.address}/proof"

    return await take(request, room, PressForm, act, **await _proof_of(room))


def _as_it_is(room: Room) -> Bound[Any]:
    """Return the forms of a change as they begin: with what holds now."""
    own = room.own
    return shown(
        {
            "name": own.name,
            "website": own.website or "",
            "domain": own.domain or "",
            "band": own.band,
            "town": own.town,
            "sector": own.sector,
            "boroughs": list(own.boroughs),
        }
    )


def _bands(room: Room) -> list[tuple[str, str, str]]:
    return [(each.id, each.name, each.meaning) for each in room.pack.bands]


@get("/my/{slug:str}/details")
async def details_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Show name, web address and size, each with its change."""
    room = await enter(request, slug)
    band = room.pack.band(room.own.band).name
    region = room.pack.region
    names = {each.id: each.name for each in (*region.sectors, *region.boroughs)}
    registers = {each.scheme: each.name for each in room.pack.identifiers.schemes}
    numbers = [
        f"{registers.get(name, name)}: {held}" for name, held in sorted(await carried(room.own.id))
    ]
    return show(
        request,
        room,
        "details.html",
        title="About your organisation",
        band=band,
        sector=names.get(room.own.sector, room.own.sector),
        numbers="\n".join(numbers),
        boroughs=", ".join(names.get(each, each) for each in room.own.boroughs),
    )


@get("/my/{slug:str}/details/name")
async def name_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask for the new name, and say what it brings with it."""
    room = await enter(request, slug)
    return show(request, room, **NAME, bound=_as_it_is(room))


@post("/my/{slug:str}/details/name")
async def change_name(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Change the name; the old one stays on the page."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: NameForm) -> str:
        renamed = await rename_organisation(scheme, organisation=room.own.id, name=form.name)
        return f"/my/{renamed}/details"

    return await take(request, room, NameForm, act, **NAME)


@get("/my/{slug:str}/details/domain")
async def domain_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask for the new web address, and say what it brings with it."""
    room = await enter(request, slug)
    return show(request, room, **DOMAIN, bound=_as_it_is(room))


@post("/my/{slug:str}/details/domain")
async def move_domain(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Change web address and domain."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: DomainForm) -> str:
        await change_domain(
            scheme,
            organisation=room.own.id,
            website=form.website or None,
            domain=form.domain or None,
        )
        return f"{room.address}/details"

    return await take(request, room, DomainForm, act, **DOMAIN)


def _places(room: Room) -> Page:
    """Return what a place may be, by the pack's tokens and names."""
    region = room.pack.region
    return {
        **PLACE,
        "sectors": [(each.id, each.name) for each in region.sectors],
        "boroughs": [(each.id, each.name) for each in region.boroughs],
    }


@get("/my/{slug:str}/details/place")
async def place_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask for the new town, sector and boroughs, and say what they bring with them."""
    room = await enter(request, slug)
    return show(request, room, **_places(room), bound=_as_it_is(room))


@post("/my/{slug:str}/details/place")
async def move_place(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Change town, sector and boroughs; a past day still reads the old ones."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: PlaceForm) -> str:
        place = Place(form.town, form.sector, tuple(form.boroughs))
        await change_place(scheme, organisation=room.own.id, place=place)
        return f"{room.address}/details"

    return await take(request, room, PlaceForm, act, **_places(room))


def _registers(room: Room) -> Page:
    """Return the registers that a number may be in."""
    registers = [(each.scheme, each.name) for each in room.pack.identifiers.schemes]
    return {**IDENTIFIERS, "registers": registers}


@get("/my/{slug:str}/details/identifiers")
async def identifiers_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask for the right numbers in registers, and say what they bring with them."""
    room = await enter(request, slug)
    now = {
        f"identifiers-{place}-{name}": value
        for place, pair in enumerate(sorted(await carried(room.own.id)))
        for name, value in zip(("scheme", "identifier"), pair, strict=True)
    }
    return show(request, room, **_registers(room), bound=shown(now))


@post("/my/{slug:str}/details/identifiers")
async def put_identifiers_right(
    request: Request[Any, Any, Any], slug: FromPath[str]
) -> Response[bytes]:
    """Put the numbers in registers right; a past day still reads the old ones."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: IdentifiersForm) -> str:
        given = tuple((row.scheme, row.identifier) for row in form.identifiers if row.identifier)
        await change_identifiers(scheme, organisation=room.own.id, identifiers=given)
        return f"{room.address}/details"

    return await take(request, room, IdentifiersForm, act, **_registers(room))


@get("/my/{slug:str}/details/size")
async def size_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask for the new size, and say what it brings with it."""
    room = await enter(request, slug)
    return show(request, room, **SIZE, bands=_bands(room), bound=_as_it_is(room))


@post("/my/{slug:str}/details/size")
async def change_size(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Change the size."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: SizeForm) -> str:
        await change_band(scheme, organisation=room.own.id, band=form.band)
        return f"{room.address}/details"

    return await take(request, room, SizeForm, act, **SIZE, bands=_bands(room))


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    proof_page,
    mail_code,
    take_code,
    look_at_record,
    details_page,
    name_page,
    change_name,
    domain_page,
    move_domain,
    place_page,
    move_place,
    identifiers_page,
    put_identifiers_right,
    size_page,
    change_size,
)
