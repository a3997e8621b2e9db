"""Looking after auditors: joining, rest, leaving. Who they are is opened for a reason (rule 25)."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.reviews.hub import AuditorAtHand, auditors_at_hand
from charter.reviews.service import end_auditor, register_auditor, rest_auditor
from charter.scheme import Scheme
from registry.accounts.identities import open_identity
from registry.accounts.roles import grant_role
from registry.accounts.security import note
from registry.accounts.service import account_for
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import AuditorIdentityForm, RegisterAuditorForm, RestForm
from registry.web.hub.room import show, take
from registry.web.refusals import NoSuchPage
from registry.web.submitting import read_form

LIST = "auditors.html"
ONE = "auditor.html"

REST_DAYS = {"rest-a-month": 30, "rest-three-months": 91}

ACTS = (
    ("rest-a-month", "Rest for a month"),
    ("rest-three-months", "Rest for three months"),
    ("come-back", "Come back from a break"),
    ("end", "Leave the list for good", "Open cases are drawn again. What is owed is still paid."),
)

GROUNDS = (
    ("they-asked", "They asked"),
    ("to-look-after-them", "To look after them"),
    ("undeclared-tie", "A tie they had not declared"),
    ("conduct", "Their conduct"),
)

REASONS = (
    ("to-see-how-they-are", "To see how they are"),
    ("to-answer-them", "To answer them"),
    ("to-look-into-a-tie", "To look into a tie"),
    ("after-a-complaint", "After a complaint"),
)


@get("/hub/auditors")
async def auditors_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the auditors by number, and ask for one more."""
    return show(request, LIST, **await _listed(request))


@post("/hub/auditors")
async def register(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Enter somebody who was vetted."""
    desk = registry_of(request).desk
    me = person_of(request).account

    async def act(scheme: Scheme, form: RegisterAuditorForm) -> str:
        account = await account_for(desk, email=form.email)
        auditor = await register_auditor(
            scheme, account=account, employer_domain=form.employer_domain
        )
        await grant_role(desk, account=account, role="auditor", granted_by=me)
        await note(desk, "auditor-registered", account=me, detail=_about(auditor))
        return "/hub/auditors"

    page = await _listed(request)
    return await take(
        request,
        RegisterAuditorForm,
        act,
        LIST,
        **page,
    )


@get("/hub/auditors/{auditor:uuid}")
async def auditor_page(request: Request[Any, Any, Any], auditor: FromPath[UUID]) -> Response[bytes]:
    """Show one auditor: how much they do, and nothing that tells who they are."""
    return show(request, ONE, **await _caring(request, auditor))


@post("/hub/auditors/{auditor:uuid}")
async def care(request: Request[Any, Any, Any], auditor: FromPath[UUID]) -> Response[bytes]:
    """Let an auditor rest, come back, or leave."""
    desk = registry_of(request).desk
    me = person_of(request).account
    page = await _caring(request, auditor)

    async def act(scheme: Scheme, form: RestForm) -> str:
        await note(
            desk, f"auditor-{form.what}", account=me, detail=f"{_about(auditor)} {form.grounds}"
        )
        if form.what == "end":
            await end_auditor(scheme, auditor=auditor)
        else:
            days = REST_DAYS.get(form.what)
            until = scheme.today() + timedelta(days=days) if days else None
            await rest_auditor(scheme, auditor=auditor, until=until)
        return "/hub/auditors"

    return await take(request, RestForm, act, ONE, **page)


@post("/hub/auditors/{auditor:uuid}/identity")
async def open_auditor(request: Request[Any, Any, Any], auditor: FromPath[UUID]) -> Response[bytes]:
    """Show who an auditor is, once the reason is logged. The answer is kept nowhere."""
    page = await _caring(request, auditor)
    bound = await read_form(request, AuditorIdentityForm)
    if bound.value is None:
        return show(
            request, ONE, status=HTTPStatus.UNPROCESSABLE_ENTITY, **{**page, "bound": bound}
        )
    address = await open_identity(
        registry_of(request).desk,
        registry_of(request).scheme,
        auditor=auditor,
        opened_by=person_of(request).account,
        about=_about(auditor),
        why=bound.value.why,
    )
    return show(request, ONE, **{**page, "address": address})


def _about(auditor: UUID) -> str:
    return f"auditor:{auditor.hex[:12]}"


async def _listed(request: Request[Any, Any, Any]) -> dict[str, Any]:
    auditors = await auditors_at_hand()
    today = registry_of(request).scheme.today()
    return {"title": "Auditors", "auditors": auditors, "today": today}


async def _caring(request: Request[Any, Any, Any], auditor: UUID) -> dict[str, Any]:
    number, seen = await _numbered(auditor)
    return {
        "title": f"Auditor {number}",
        "auditor": seen,
        "acts": ACTS,
        "grounds": GROUNDS,
        "reasons": REASONS,
        "address": None,
        "today": registry_of(request).scheme.today(),
    }


async def _numbered(auditor: UUID) -> tuple[int, AuditorAtHand]:
    for number, seen in enumerate(await auditors_at_hand(), start=1):
        if seen.id == auditor:
            return number, seen
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    auditors_page,
    register,
    auditor_page,
    care,
    open_auditor,
)
