"""Evidence that two stewards handle together: one asks and says why, another confirms.

Each asking, each opening and each removal is written down; an original is sent as a file to be
saved, on the day it was opened and to those two alone.
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from charter.evidence.together import (
    ActSeen,
    acts_waiting,
    ask_together,
    do_together,
    evidence_at_hand,
    find_act,
    original_opened_to,
)
from charter.organisations.queries import OrganisationSeen, find_by_slug, find_organisation
from charter.scheme import Scheme
from registry.accounts.security import note
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import PressForm, TogetherForm
from registry.web.hub.room import employer_of, is_tied_to, show, take
from registry.web.refusals import NoSuchPage
from registry.web.safe_files import send_checked

LIST = "together.html"
ASK = "together_ask.html"
ONE = "together_one.html"

IN_WORDS = {"open-original": "Open an original", "remove-copy": "Remove a public copy"}

REASONS = {
    "open-original": (
        ("the-copy-is-in-doubt", "The checked copy is in doubt"),
        ("after-a-complaint", "After a complaint"),
        ("court-order", "A court has ordered it"),
    ),
    "remove-copy": (
        ("personal-data", "It names or shows a person"),
        ("unlawful-words", "It may not lawfully be published"),
        ("court-order", "A court has ordered it"),
    ),
}


@get("/hub/evidence")
async def together_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List what waits for a second steward, and the files of whom one asks for."""
    asked = request.query_params.get("organisation", "")
    found = await find_by_slug(asked) if asked else None
    own = found if isinstance(found, OrganisationSeen) else None
    tied = own is not None and await is_tied_to(request, own.domain)
    return show(
        request,
        LIST,
        title="Evidence, two together",
        asked=asked,
        own=own,
        files=await evidence_at_hand(own.id) if own and not tied else (),
        waiting=[act for act in await acts_waiting() if not await _is_tied(request, act)],
        words=IN_WORDS,
    )


@get("/hub/evidence/{kind:str}/{subject:uuid}")
async def ask_page(
    request: Request[Any, Any, Any], kind: FromPath[str], subject: FromPath[UUID]
) -> Response[bytes]:
    """Ask why two should do this."""
    return show(request, ASK, **_asking(kind, subject))


@post("/hub/evidence/{kind:str}/{subject:uuid}")
async def ask(
    request: Request[Any, Any, Any], kind: FromPath[str], subject: FromPath[UUID]
) -> Response[bytes]:
    """Ask for it; nothing is opened or removed yet."""
    desk, me = registry_of(request).desk, person_of(request).account
    employer = await employer_of(request)

    async def act(scheme: Scheme, form: TogetherForm) -> str:
        number = await ask_together(
            scheme,
            act=kind,
            subject=subject,
            why=form.why,
            steward=me,
            steward_employer_domain=employer,
        )
        await note(desk, f"{kind}-asked", account=me, detail=f"{subject.hex} {form.why}")
        return f"/hub/evidence/{number}"

    page = _asking(kind, subject)
    return await take(request, TogetherForm, act, ASK, **page)


@get("/hub/evidence/{number:int}")
async def act_page(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show what was asked for, to the one who asked and to the one who may confirm."""
    return show(request, ONE, **await _confirming(request, number))


@post("/hub/evidence/{number:int}")
async def confirm(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Confirm it, as the second of two."""
    registry, me = registry_of(request), person_of(request).account
    page = await _confirming(request, number)
    employer = await employer_of(request)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        gone = await do_together(
            scheme, number=number, steward=me, steward_employer_domain=employer
        )
        asked: ActSeen = page["shared"]
        await note(
            registry.desk,
            f"{asked.act}-confirmed",
            account=me,
            detail=f"{asked.subject.hex} {asked.why}",
        )
        for digest in gone:
            await registry.files.delete(digest)
        return f"/hub/evidence/{number}"

    return await take(request, PressForm, act, ONE, **page)


@get("/hub/evidence/{number:int}/original", media_type="application/octet-stream")
async def original(request: Request[Any, Any, Any], number: FromPath[int]) -> Stream:
    """Send the original to one of the two who opened it, to be saved."""
    registry, me = registry_of(request), person_of(request).account
    item = await original_opened_to(registry.scheme, number=number, steward=me)
    await note(registry.desk, "original-sent", account=me, detail=item.id.hex)
    return await send_checked(
        registry, digest=item.sha256, media_type="application/octet-stream", number=item.id
    )


def _asking(kind: str, subject: UUID) -> dict[str, Any]:
    if kind not in IN_WORDS:
        raise NoSuchPage
    return {"title": IN_WORDS[kind], "reasons": REASONS[kind], "kind": kind, "subject": subject}


async def _confirming(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    found = await find_act(number)
    if found is None or await _is_tied(request, found):
        raise NoSuchPage
    return {
        "title": IN_WORDS[found.act],
        "shared": found,
        "own": await find_organisation(found.organisation),
        "why": dict(REASONS[found.act])[found.why],
        "mine": found.asked_by == person_of(request).account,
    }


async def _is_tied(request: Request[Any, Any, Any], act: ActSeen) -> bool:
    own = await find_organisation(act.organisation)
    return own is not None and await is_tied_to(request, own.domain)


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    together_page,
    ask_page,
    ask,
    act_page,
    confirm,
    original,
)
