"""Panels' own keys: one steward proposes to record one, another confirms, any may end it (39)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.endorsements.queries import PanelSeen, panel_seen, panels_seen
from badges.endorsements.service import confirm_panel, drop_panel, end_panel, propose_panel
from charter.scheme import Scheme
from registry.proofs.issuer import issuer_of
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import PanelKeyEndForm, PanelKeyForm, PressForm
from registry.web.hub.room import employer_of, is_tied_to, show, take
from registry.web.refusals import NoSuchPage

PLACE = "/hub/panel-keys"
LIST = "panel_keys.html"
ONE = "panel_key.html"

WHY = (
    ("panel-asked", "The panel asked for it"),
    ("key-compromised", "Somebody else may have the key"),
    ("panel-ended", "The panel is no more"),
)


@get(PLACE)
async def panel_keys_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List every panel's key, and take a new one."""
    return show(request, LIST, **await _listing())


@post(PLACE)
async def propose(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Propose to record a key; it counts for nothing yet."""
    domain = await employer_of(request)
    issuer = issuer_of(registry_of(request).settings)

    async def act(scheme: Scheme, form: PanelKeyForm) -> str:
        number = await propose_panel(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            name=form.name,
            url=form.url,
            document=form.document,
            issuer=issuer,
        )
        return f"{PLACE}/{number}"

    return await take(request, PanelKeyForm, act, LIST, **await _listing())


@get(f"{PLACE}/{{number:int}}")
async def panel_key_page(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Show one key, to the one who proposed it and to the one who may confirm it."""
    return show(request, ONE, **await _reading(request, number))


@post(f"{PLACE}/{{number:int}}/confirm")
async def confirm(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Record the key, in public."""
    page = await _reading(request, number)
    domain = await employer_of(request)
    issuer = issuer_of(registry_of(request).settings)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await confirm_panel(
            scheme,
            steward=person_of(request).account,
            steward_employer_domain=domain,
            number=number,
            issuer=issuer,
        )
        return f"{PLACE}/{number}"

    return await take(request, PressForm, act, ONE, **page)


@post(f"{PLACE}/{{number:int}}/drop")
async def drop(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Leave the key unrecorded."""
    page = await _reading(request, number)

    async def act(scheme: Scheme, _form: PressForm) -> str:
        await drop_panel(scheme, steward=person_of(request).account, number=number)
        return PLACE

    return await take(request, PressForm, act, ONE, **page)


@post(f"{PLACE}/{{number:int}}/end")
async def end(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Stop believing the key at once, in public."""
    page = await _reading(request, number)

    async def act(scheme: Scheme, form: PanelKeyEndForm) -> str:
        steward = person_of(request).account
        await end_panel(scheme, steward=steward, number=number, why=form.why)
        return f"{PLACE}/{number}"

    return await take(request, PanelKeyEndForm, act, ONE, **page)


async def _listing() -> dict[str, Any]:
    return {"title": "Panels with keys of their own", "panels": await panels_seen()}


async def _reading(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    seen = await _panel(number)
    host = seen.url.partition("://")[2].partition(":")[0]
    return {
        "title": seen.name,
        "panel": seen,
        "why": WHY,
        "is_mine": seen.proposed_by == person_of(request).account,
        "tied": await is_tied_to(request, host),
    }


async def _panel(number: int) -> PanelSeen:
    seen = await panel_seen(number)
    if seen is None:
        raise NoSuchPage
    return seen


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    panel_keys_page,
    propose,
    panel_key_page,
    confirm,
    drop,
    end,
)
