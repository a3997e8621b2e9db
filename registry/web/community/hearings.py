"""What a group says to the panel that decides about a date it agreed (rule 13), or nothing."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.history.queries import words_of
from charter.reviews.hearings import hearings_of
from charter.reviews.service import say_nothing, say_to_panel
from charter.scheme import Scheme
from registry.web.community.forms import HearingForm
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import submit

HEARING = "community/hearing.html"
TITLE = "May this date move?"


@get("/groups/{group:uuid}/hearings/{hearing:uuid}")
async def hearing_page(
    request: Request[Any, Any, Any], group: FromPath[UUID], hearing: FromPath[UUID]
) -> Response[bytes]:
    """Show which date should move and why, and ask what the group says."""
    return render(HEARING, request=request, title=TITLE, **await _reading(group, hearing))


@post("/groups/{group:uuid}/hearings/{hearing:uuid}")
async def answer(
    request: Request[Any, Any, Any], group: FromPath[UUID], hearing: FromPath[UUID]
) -> Response[bytes]:
    """Take the group's words to the panel, or its wish to say nothing."""
    page = await _reading(group, hearing)

    async def act(scheme: Scheme, form: HearingForm) -> str:
        if form.next == "nothing":
            await say_nothing(scheme, group=group, hearing=hearing)
        else:
            await say_to_panel(scheme, group=group, hearing=hearing, words=form.words)
        return f"/groups/{group}"

    return await submit(request, HearingForm, act, template=HEARING, title=TITLE, **page)


async def _reading(group: UUID, hearing: UUID) -> dict[str, Any]:
    for seen in await hearings_of(group):
        if seen.id == hearing:
            words = await words_of([seen.reason])
            reason = words.get(seen.reason, {}).get("reason", "")
            return {"group": group, "seen": seen, "reason": reason}
    raise NoSuchPage


HANDLERS: tuple[HTTPRouteHandler, ...] = (hearing_page, answer)
