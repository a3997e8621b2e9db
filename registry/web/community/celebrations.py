"""A group's word about celebrations: it confirms, lets be, takes back, or tells one itself."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import FieldError, InvalidInput
from charter.learning.celebration_queries import CelebrationSeen, find_celebration
from charter.learning.service import (
    celebrate_as_group,
    confirm_celebration,
    let_celebration_be,
    take_confirmation_back,
)
from charter.plans.codesign_queries import GroupSeen, find_group
from charter.scheme import Scheme
from registry.web.asked import person_of, registry_of
from registry.web.community.forms import PressForm
from registry.web.forms import shown
from registry.web.learning.forms import CelebrationForm, ConfirmForm
from registry.web.learning.telling import public_organisation, telling_about
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import read_form, submit

CONFIRM = "community/celebration.html"
TELL = "community/new_celebration.html"
CONFIRM_TITLE = "Is this so?"
TELL_TITLE = "Tell something worth celebrating"


@get("/groups/{group:uuid}/celebrations/{number:int}")
async def celebration_page(
    request: Request[Any, Any, Any], group: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Ask a group whether what was told is so."""
    page = await _asked(request, group, number)
    return render(CONFIRM, request=request, title=CONFIRM_TITLE, **page)


@post("/groups/{group:uuid}/celebrations/{number:int}")
async def confirm(
    request: Request[Any, Any, Any], group: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Take a group's word: it confirms, or lets it be with no reason asked."""
    page = await _asked(request, group, number)
    account = person_of(request).account

    async def act(scheme: Scheme, form: ConfirmForm) -> str:
        if form.answer == "confirm":
            await confirm_celebration(scheme, celebration=number, group=group, account=account)
        else:
            await let_celebration_be(scheme, celebration=number, group=group)
        return f"/groups/{group}"

    return await submit(request, ConfirmForm, act, template=CONFIRM, title=CONFIRM_TITLE, **page)


@post("/groups/{group:uuid}/celebrations/{number:int}/withdraw")
async def withdraw(
    request: Request[Any, Any, Any], group: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Take the group's word back."""
    page = await _asked(request, group, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await take_confirmation_back(scheme, celebration=number, group=group)
        return f"/groups/{group}"

    return await submit(request, PressForm, act, template=CONFIRM, title=CONFIRM_TITLE, **page)


@get("/groups/{group:uuid}/celebrations/new")
async def tell_page(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Ask a group what is worth celebrating, and about whom."""
    bound = shown({"slug": request.query_params.get("organisation", "")})
    page = await _telling(request, group, bound.one("slug"))
    return render(TELL, request=request, title=TELL_TITLE, bound=bound, **page)


@post("/groups/{group:uuid}/celebrations/new")
async def tell(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Hold what a group tells until a steward has read it; it then stands as confirmed."""
    typed = await read_form(request, CelebrationForm)
    account = person_of(request).account

    async def act(scheme: Scheme, form: CelebrationForm) -> str:
        about = await public_organisation(form.slug)
        if about is None:
            sentence = "Enter the end of the address of an organisation's page."
            raise InvalidInput(sentence, errors=[FieldError("slug", sentence)])
        proposal = form.proposal(about.id, group)
        await celebrate_as_group(scheme, celebration=proposal, account=account)
        return f"/groups/{group}"

    page = await _telling(request, group, typed.one("slug"))
    return await submit(request, CelebrationForm, act, template=TELL, title=TELL_TITLE, **page)


async def _group(group: UUID) -> GroupSeen:
    seen = await find_group(group)
    if seen is None:
        raise NoSuchPage
    return seen


async def _asked(request: Request[Any, Any, Any], group: UUID, number: int) -> dict[str, Any]:
    found: CelebrationSeen | None = await find_celebration(number)
    if found is None:
        raise NoSuchPage
    names = Names(registry_of(request).scheme.pack)
    return {"group": await _group(group), "one": found, "names": names}


async def _telling(request: Request[Any, Any, Any], group: UUID, slug: str) -> dict[str, Any]:
    about = await public_organisation(slug)
    telling = await telling_about(about, registry_of(request).scheme.pack)
    return {"group": await _group(group), **telling}


HANDLERS: tuple[HTTPRouteHandler, ...] = (*(celebration_page, confirm, withdraw, tell_page, tell),)
