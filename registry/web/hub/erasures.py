"""Removing words that should never have been published: one steward proposes, another confirms.

What will be left is shown before anybody presses anything, and there is no way back (rule 40).
"""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.history.erasure import (
    ErasureSeen,
    confirm_erasure,
    drop_erasure,
    erasure,
    open_erasures,
    propose_erasure,
    public_text,
    public_texts,
)
from charter.history.erasure_rules import GROUNDS
from charter.organisations.queries import OrganisationSeen, find_by_slug
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import ErasureForm, PressForm
from registry.web.hub.room import employer_of, is_tied_to, organisation_of, show, take
from registry.web.refusals import NoSuchPage

LIST = "erasures.html"
TEXT = "erasure_text.html"
ONE = "erasure.html"

REGISTER = "The register itself"
"""Whose words resources, quiet periods and answers of the hub are."""

IN_WORDS = {
    "personal-data": "They name or describe a person",
    "unlawful-words": "They may not lawfully be published",
    "court-order": "A court has ordered it",
}


@get("/hub/erasures")
async def erasures_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the removals that wait for a second steward, and the texts of whom one asks for."""
    scheme = registry_of(request).scheme
    asked = request.query_params.get("organisation", "")
    found = await find_by_slug(asked) if asked else None
    own = found if isinstance(found, OrganisationSeen) else None
    of_register = request.query_params.get("of") == "register"
    waiting = [await erasure(scheme, number) for number in await open_erasures()]
    return show(
        request,
        LIST,
        title="Remove words",
        asked=asked,
        own=own,
        of_register=of_register,
        texts=await public_texts(own.id if own else None) if own or of_register else (),
        waiting=waiting,
        grounds=IN_WORDS,
    )


@get("/hub/erasures/words/{text:uuid}")
async def text_page(request: Request[Any, Any, Any], text: FromPath[UUID]) -> Response[bytes]:
    """Show one published text, and ask which of it should go."""
    return show(request, TEXT, **await _reading(request, text))


@post("/hub/erasures/words/{text:uuid}")
async def propose(request: Request[Any, Any, Any], text: FromPath[UUID]) -> Response[bytes]:
    """Propose a removal; nothing is removed yet."""
    page = await _reading(request, text)
    domain = await employer_of(request)

    async def act(scheme: Scheme, form: ErasureForm) -> str:
        number = await propose_erasure(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            text=text,
            chosen=form.passages,
            ground=form.ground,
        )
        return f"/hub/erasures/{number}"

    return await take(request, ErasureForm, act, TEXT, **page)


@get("/hub/erasures/{number:int}")
async def erasure_page(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show what would be left, to the one who proposed it and to the one who may confirm it."""
    return show(request, ONE, **await _previewing(request, number))


@post("/hub/erasures/{number:int}/confirm")
async def confirm(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Remove the words."""
    page = await _previewing(request, number)
    domain = await employer_of(request)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await confirm_erasure(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            number=number,
        )
        return f"/hub/erasures/{number}"

    return await take(request, PressForm, act, ONE, **page)


@post("/hub/erasures/{number:int}/drop")
async def drop(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Leave the words as they are."""
    page = await _previewing(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await drop_erasure(scheme, steward=person_of(request).account, number=number)
        return "/hub/erasures"

    return await take(request, PressForm, act, ONE, **page)


async def _reading(request: Request[Any, Any, Any], text: UUID) -> dict[str, Any]:
    found = await public_text(text)
    if found is None:
        raise NoSuchPage
    organisation, seen = found
    left = [each for each in seen.passages if each.text and not each.gone]
    return {
        "title": "Choose the words to remove",
        **await _whose(request, organisation),
        "text": seen,
        "choices": [(each.place, each.text) for each in left],
        "grounds": [(ground, IN_WORDS[ground]) for ground in GROUNDS],
    }


async def _previewing(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    seen = await _erasure(request, number)
    return {
        "title": "Remove these words?" if seen.state == "proposed" else "Removed words",
        **await _whose(request, seen.organisation),
        "erasure": seen,
        "grounds": IN_WORDS,
        "is_mine": seen.proposed_by == person_of(request).account,
    }


async def _whose(request: Request[Any, Any, Any], organisation: UUID | None) -> dict[str, Any]:
    """Return whose words these are, where their list is, and whether the steward is tied."""
    if organisation is None:
        return {"whose": REGISTER, "back": "/hub/erasures?of=register", "tied": False}
    own = await organisation_of(organisation)
    return {
        "whose": own.name,
        "back": f"/hub/erasures?organisation={own.slug}",
        "tied": await is_tied_to(request, own.domain),
    }


async def _erasure(request: Request[Any, Any, Any], number: int) -> ErasureSeen:
    seen = await erasure(registry_of(request).scheme, number)
    if seen is None:
        raise NoSuchPage
    return seen


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    erasures_page,
    text_page,
    propose,
    erasure_page,
    confirm,
    drop,
)
