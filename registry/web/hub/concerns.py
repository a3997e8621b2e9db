"""Concerns as stewards see them: read, acknowledged, answered or passed on, never decided.

A steward who works for the organisation a concern is about does not learn that it exists.
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.concerns.queries import ConcernAtHand, open_concerns, upheld_concerns
from charter.concerns.service import acknowledge_concern, answer_for_register, triage_concern
from charter.organisations.rules import shares_employer
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.hub.forms import ConcernForm, RegisterAnswerForm
from registry.web.hub.room import employer_of, show, take
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage

ABOUT = {
    "promise": "A promise that was not kept",
    "conduct-of-scheme": "How the scheme itself is run",
    "wrong-place": "A badge in the wrong place",
    "still-up": "A badge that should have come down",
}

OF_REGISTER = frozenset({"conduct-of-scheme"})
"""What a panel decides though no organisation is concerned."""

OUTCOMES = (
    ("acknowledged", "Say that it was read", "Whoever raised it sees this with their receipt."),
    (
        "answered",
        "It is answered",
        "For what needs no panel, such as a badge now taken down. They can still ask for one.",
    ),
    (
        "meeting-offered",
        "Hold the meeting that was wished for",
        "Whoever raised it says with their receipt whether it settled the matter.",
    ),
    ("passed-to-panel", "Pass it to a panel", "Three community auditors decide. You do not."),
)


async def concerns_open_to(request: Request[Any, Any, Any]) -> list[ConcernAtHand]:
    """Return the concerns the steward who asks has no tie to, the oldest first."""
    domain = await employer_of(request)
    return [
        concern
        for concern in await open_concerns(registry_of(request).scheme)
        if not any(shares_employer(domain, body) for body in concern.bodies)
    ]


@get("/hub/concerns")
async def concerns_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what was raised and waits for a steward."""
    concerns = await concerns_open_to(request)
    return show(request, "concerns.html", title="Concerns", concerns=concerns, about=ABOUT)


@get("/hub/concerns/{concern:uuid}")
async def concern_page(request: Request[Any, Any, Any], concern: FromPath[UUID]) -> Response[bytes]:
    """Show one concern. Nobody knows who raised it."""
    return show(request, "concern.html", **_reading(request, await _concern(request, concern)))


@post("/hub/concerns/{concern:uuid}")
async def triage(request: Request[Any, Any, Any], concern: FromPath[UUID]) -> Response[bytes]:
    """Say that it was read, answer it, or pass it on."""
    seen = await _concern(request, concern)
    employer = await employer_of(request)

    async def act(scheme: Scheme, form: ConcernForm) -> str:
        if form.outcome == "acknowledged":
            await acknowledge_concern(scheme, concern=concern, steward_employer_domain=employer)
        else:
            await triage_concern(
                scheme, concern=concern, outcome=form.outcome, steward_employer_domain=employer
            )
        return "/hub/concerns"

    return await take(
        request,
        ConcernForm,
        act,
        "concern.html",
        **_reading(request, seen),
    )


@get("/hub/concerns/{concern:uuid}/answer")
async def answer_page(request: Request[Any, Any, Any], concern: FromPath[UUID]) -> Response[bytes]:
    """Ask for the hub's public answer to a concern that was upheld about the register."""
    return show(request, "concern_answer.html", **await _answering(request, concern))


@post("/hub/concerns/{concern:uuid}/answer")
async def answer(request: Request[Any, Any, Any], concern: FromPath[UUID]) -> Response[bytes]:
    """Publish the hub's answer, with its plan."""

    async def act(scheme: Scheme, form: RegisterAnswerForm) -> str:
        await answer_for_register(scheme, concern=concern, answer=form.answer, plan=form.plan)
        return "/hub"

    page = await _answering(request, concern)
    return await take(
        request,
        RegisterAnswerForm,
        act,
        "concern_answer.html",
        **page,
    )


async def _answering(request: Request[Any, Any, Any], concern: UUID) -> dict[str, Any]:
    upheld = await upheld_concerns(registry_of(request).scheme, None)
    if not any(line.id == concern and line.answered_at is None for line in upheld):
        raise NoSuchPage
    return {"title": "Answer a concern about the register"}


def _reading(request: Request[Any, Any, Any], seen: ConcernAtHand) -> dict[str, Any]:
    possible = [
        choice
        for choice in OUTCOMES
        if (choice[0] != "acknowledged" or seen.state == "received")
        and (choice[0] != "meeting-offered" or seen.wants_meeting)
        and (choice[0] != "passed-to-panel" or seen.organisation or seen.about in OF_REGISTER)
    ]
    return {
        "title": ABOUT[seen.about],
        "concern": seen,
        "outcomes": possible,
        "content_notes": Names(registry_of(request).scheme.pack).content_notes,
        "types": Names(registry_of(request).scheme.pack).types,
    }


async def _concern(request: Request[Any, Any, Any], concern: UUID) -> ConcernAtHand:
    for seen in await concerns_open_to(request):
        if seen.id == concern:
            return seen
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    concerns_page,
    concern_page,
    triage,
    answer_page,
    answer,
)
