"""Words about to be published: a steward reads them, may hold them once, and edits none of them.

They are held at most two working days and then published by themselves (rule 22).
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.reviews.hub import WordsAtHand, words_at_hand
from charter.reviews.service import hold_words, release_words
from charter.scheme import Scheme
from registry.web.asked import registry_of
from registry.web.hub.forms import PressForm
from registry.web.hub.room import parts_for, show
from registry.web.refusals import NoSuchPage
from registry.web.submitting import Act, submit

WORDS = "words.html"
TITLE = "Words about to be published"


@get("/hub/words")
async def words_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the decided cases with their words."""
    return show(request, WORDS, title=TITLE, **await _listed(request))


@post("/hub/words/{number:int}/hold")
async def hold(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Hold a case's words that may name a person; the page of the organisation says so."""
    words = await _words(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await hold_words(scheme, case=words.case.id)
        return "/hub/words"

    return await _press(request, act)


@post("/hub/words/{number:int}/release")
async def release(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Release held words before their time."""
    words = await _words(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await release_words(scheme, case=words.case.id)
        return "/hub/words"

    return await _press(request, act)


async def _press(request: Request[Any, Any, Any], act: Act[PressForm]) -> Response[bytes]:
    return await submit(
        request,
        PressForm,
        act,
        template=f"hub/{WORDS}",
        title=TITLE,
        parts=parts_for(request),
        **await _listed(request),
    )


async def _words(request: Request[Any, Any, Any], number: int) -> WordsAtHand:
    for words in await words_at_hand(registry_of(request).scheme):
        if words.case.case == number:
            return words
    raise NoSuchPage


async def _listed(request: Request[Any, Any, Any]) -> dict[str, Any]:
    scheme = registry_of(request).scheme
    return {
        "cases": await words_at_hand(scheme),
        "days": scheme.pack.numbers.reviews.hold_words_working_days,
    }


HANDLERS: tuple[HTTPRouteHandler, ...] = (words_page, hold, release)
