"""Concerns as stewards see them: read, acknowledged, answered or passed on, never decided.

A steward who works for the organisation a concern is about does not learn that it exists.
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.concerns.queries import ConcernAtHand, open_concerns
from charter.concerns.service import acknowledge_concern, triage_concern
from charter.organisations.queries import find_organisation
from charter.organisations.rules import shares_employer
from charter.scheme import Scheme
from registry.web.hub.forms import ConcernForm
from registry.web.hub.room import employer_of, parts_for, show
from registry.web.refusals import NoSuchPage
from registry.web.submitting import submit

ABOUT = {
    "promise": "A promise that was not kept",
    "conduct-of-scheme": "How the scheme itself is run",
    "wrong-place": "A badge in the wrong place",
    "still-up": "A badge that should have come down",
}

OUTCOMES = (
    ("acknowledged", "Say that it was read", "Whoever raised it sees this with their receipt."),
    ("answered", "It is answered", "For what needs no panel, such as a badge now taken down."),
    (
        "resolved-by-agreement",
        "It was resolved by agreement",
        "Only if whoever raised it wanted that.",
    ),
    ("passed-to-panel", "Pass it to a panel", "Three community auditors decide. You do not."),
)


async def concerns_open_to(request: Request[Any, Any, Any]) -> list[ConcernAtHand]:
    """Return the concerns the steward who asks has no tie to, the oldest first."""
    domain = await employer_of(request)
    return [
        concern
        for concern in await open_concerns()
        if not shares_employer(domain, await _domain(concern))
    ]


@get("/hub/concerns")
async def concerns_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what was raised and waits for a steward."""
    concerns = await concerns_open_to(request)
    return show(request, "concerns.html", title="Concerns", concerns=concerns, about=ABOUT)


@get("/hub/concerns/{concern:uuid}")
async def concern_page(request: Request[Any, Any, Any], concern: FromPath[UUID]) -> Response[bytes]:
    """Show one concern. Nobody knows who raised it."""
    return show(request, "concern.html", **_reading(await _concern(request, concern)))


@post("/hub/concerns/{concern:uuid}")
async def triage(request: Request[Any, Any, Any], concern: FromPath[UUID]) -> Response[bytes]:
    """Say that it was read, answer it, or pass it on."""
    seen = await _concern(request, concern)

    async def act(scheme: Scheme, form: ConcernForm) -> str:
        if form.outcome == "acknowledged":
            await acknowledge_concern(scheme, concern=concern)
        else:
            await triage_concern(scheme, concern=concern, outcome=form.outcome)
        return "/hub/concerns"

    return await submit(
        request,
        ConcernForm,
        act,
        template="hub/concern.html",
        parts=parts_for(request),
        **_reading(seen),
    )


def _reading(seen: ConcernAtHand) -> dict[str, Any]:
    possible = [
        choice
        for choice in OUTCOMES
        if (choice[0] != "acknowledged" or seen.state == "received")
        and (choice[0] != "passed-to-panel" or seen.organisation is not None)
    ]
    return {"title": ABOUT[seen.about], "concern": seen, "outcomes": possible}


async def _concern(request: Request[Any, Any, Any], concern: UUID) -> ConcernAtHand:
    for seen in await concerns_open_to(request):
        if seen.id == concern:
            return seen
    raise NoSuchPage


async def _domain(concern: ConcernAtHand) -> str | None:
    own = await find_organisation(concern.organisation) if concern.organisation else None
    return own.domain if own else None


HANDLERS: tuple[HTTPRouteHandler, ...] = (concerns_page, concern_page, triage)
