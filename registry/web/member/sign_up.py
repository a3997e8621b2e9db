"""Applying to sign: what it takes, the questions, a check of the answers, and what happens next."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.framework.pack import FrameworkPack
from charter.organisations.queries import find_organisation
from charter.organisations.rules import Application
from charter.organisations.service import appeal_refusal, apply_to_sign
from charter.scheme import Scheme
from registry.accounts import limits
from registry.accounts.post import allow_mail
from registry.accounts.service import account_for
from registry.web.asked import person_of, registry_of
from registry.web.forms import Bound, bind, shown
from registry.web.member.forms import AppealForm, ApplicationForm
from registry.web.member.letters import tell_new_sponsor
from registry.web.member.room import enter, fields_named, show, take
from registry.web.networks import network_of
from registry.web.rendering import render
from registry.web.submitting import read_body, submit

FORM = "member/sign_up/form.html"
TITLE = "About your organisation"

PROOFS = (
    ("domain-mail", "By mail", "We write to an address at your own domain."),
    ("dns-txt", "By a line in your DNS", "We tell you the line; your web people add it."),
    ("register", "By a register", "A steward looks you up under the number you give."),
    ("vouched", "By two who know you", "For groups with no domain and no number."),
)


def choices(pack: FrameworkPack) -> dict[str, Any]:
    """Return what the form offers, as (value, text) or (value, text, hint)."""
    return {
        "sectors": [(each.id, each.name) for each in pack.region.sectors],
        "boroughs": [(each.id, each.name) for each in pack.region.boroughs],
        "bands": [(each.id, each.name, each.meaning) for each in pack.bands],
        "registers": [(each.scheme, each.name) for each in pack.identifiers.schemes],
        "proofs": PROOFS,
        "band_limit": pack.numbers.signing.one_person_under_people,
    }


@get("/sign-up")
async def start(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say what signing takes, before anybody begins."""
    pack = registry_of(request).scheme.pack
    return render("member/sign_up/start.html", request=request, title="Sign the charter", pack=pack)


@get("/sign-up/questions")
async def questions(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List every question of sign-up, answers, pledges and reports, to print and talk over."""
    pack = registry_of(request).scheme.pack
    title = "All the questions we will ask"
    return render("member/sign_up/questions.html", request=request, title=title, pack=pack)


@get("/sign-up/organisation")
async def application_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask about the organisation."""
    return _form(request, shown({}))


@post("/sign-up/organisation")
async def application(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the answers for a check, or again for a change, or send them off."""
    body = await read_body(request)
    if body.first("next") == "change":
        return _form(request, shown(body.typed))
    if body.first("next") == "send":
        return await _send(request)
    bound = bind(ApplicationForm, body)
    if bound.value is None:
        return _form(request, bound, status=422)
    pack = registry_of(request).scheme.pack
    return render(
        "member/sign_up/check.html",
        request=request,
        title="Check your answers",
        answers=bound.value,
        typed=bound,
        **choices(pack),
    )


@get("/sign-up/{slug:str}/sent")
async def sent_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Confirm that the application is in, and say what happens next."""
    room = await enter(request, slug)
    return show(request, room, "sign_up/sent.html", title="Application sent")


@get("/my/{slug:str}/appeal")
async def appeal_page(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Ask why a refusal should be looked at again."""
    room = await enter(request, slug)
    return show(request, room, "appeal.html", title="Appeal against the refusal")


@post("/my/{slug:str}/appeal")
async def appeal(request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[bytes]:
    """Bring a refusal before another steward."""
    room = await enter(request, slug)

    async def act(scheme: Scheme, form: AppealForm) -> str:
        await appeal_refusal(scheme, organisation=room.own.id, reason=form.reason)
        return room.address

    return await take(
        request, room, AppealForm, act, template="appeal.html", title="Appeal against the refusal"
    )


def _form(
    request: Request[Any, Any, Any], bound: Bound[Any], *, status: int = 200
) -> Response[bytes]:
    pack = registry_of(request).scheme.pack
    return render(FORM, request=request, title=TITLE, bound=bound, status=status, **choices(pack))


async def _send(request: Request[Any, Any, Any]) -> Response[bytes]:
    registry = registry_of(request)

    async def act(scheme: Scheme, form: ApplicationForm) -> str:
        await limits.spend(registry.desk, limits.SIGN_UP_PER_NETWORK, network_of(request))
        await allow_mail(registry.desk, to=form.sponsor_email)
        with fields_named(email="sponsor_email"):
            sponsor = await account_for(registry.desk, email=form.sponsor_email)
        organisation = await apply_to_sign(
            scheme,
            application=application_of(form),
            lead=person_of(request).account,
            sponsor=sponsor,
        )
        own = await find_organisation(organisation)
        slug = own.slug if own else ""
        if sponsor != person_of(request).account:
            await tell_new_sponsor(registry.desk, slug=slug, name=form.name, to=form.sponsor_email)
        return f"/sign-up/{slug}/sent"

    return await submit(
        request, ApplicationForm, act, template=FORM, title=TITLE, **choices(registry.scheme.pack)
    )


def application_of(form: ApplicationForm) -> Application:
    """Return what the form says as the rules read it."""
    return Application(
        name=form.name,
        town=form.town,
        website=form.website or None,
        domain=form.domain or None,
        sector=form.sector,
        boroughs=form.boroughs,
        band=form.band,
        identifiers=tuple(
            (row.scheme, row.identifier) for row in form.identifiers if row.identifier
        ),
        sponsor_role=form.sponsor_role,
        proof=form.proof,
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    start,
    questions,
    application_page,
    application,
    sent_page,
    appeal_page,
    appeal,
)
