"""Proposing to the library: a resource by anybody signed in, a celebration by anybody at all."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import FieldError, InvalidInput
from charter.learning.resource_queries import find_resource, resources_proposed_by
from charter.learning.rules import LICENCES, RESOURCE_KINDS, RETIRED_FOR
from charter.learning.service import (
    propose_celebration,
    propose_resource,
    retire_own_resource,
    retire_resource,
)
from charter.scheme import Scheme
from registry.accounts import limits
from registry.web.asked import person_of, registry_of
from registry.web.forms import Bound, shown
from registry.web.learning.forms import CelebrationForm, ResourceForm, RetireForm
from registry.web.learning.telling import public_organisation, telling_about
from registry.web.networks import network_of
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import read_form, submit
from registry.web.wording import counted, told

RESOURCE: Final = "learning/new_resource.html"
RETIRE: Final = "learning/retire_resource.html"
RETIRE_TITLE: Final = "Take a resource out of the library"
RESOURCE_TITLE: Final = "Propose a resource"
CELEBRATION: Final = "learning/new_celebration.html"
CELEBRATION_TITLE: Final = "Tell something worth celebrating"


@get("/learning/resources/new")
async def new_resource_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for a resource, its owner and its licence; show what this person proposed before."""
    return render(RESOURCE, request=request, title=RESOURCE_TITLE, **await _resource(request))


@post("/learning/resources/new")
async def new_resource(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Keep a resource until a steward has read it."""
    registry, account = registry_of(request), person_of(request).account

    async def act(scheme: Scheme, form: ResourceForm) -> str:
        await limits.spend(registry.desk, limits.PROPOSE_PER_ACCOUNT, str(account))
        await propose_resource(scheme, resource=form.proposal(), account=account)
        return "/learning/resources/new#yours"

    return await submit(
        request,
        ResourceForm,
        act,
        template=RESOURCE,
        title=RESOURCE_TITLE,
        **await _resource(request),
    )


@get("/learning/resources/{number:int}/retire")
async def retire_page(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Say what happens when a resource is taken out, and ask why."""
    return render(RETIRE, request=request, title=RETIRE_TITLE, **await _own(request, number))


@post("/learning/resources/{number:int}/retire")
async def retire(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[bytes]:
    """Take a resource out of the library: what one proposed oneself, or anything at the hub."""
    account, steward = person_of(request).account, _is_steward(request)

    async def act(scheme: Scheme, form: RetireForm) -> str:
        if steward:
            await retire_resource(scheme, resource=number, why=form.why)
        else:
            await retire_own_resource(scheme, resource=number, account=account, why=form.why)
        return f"/learning/resources/{number}"

    return await submit(
        request,
        RetireForm,
        act,
        template=RETIRE,
        title=RETIRE_TITLE,
        **await _own(request, number),
    )


@get("/learning/celebrations/new")
async def new_celebration_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask what is worth celebrating; an address may say about whom."""
    bound = shown({"slug": request.query_params.get("organisation", "")})
    return render(
        CELEBRATION,
        request=request,
        title=CELEBRATION_TITLE,
        bound=bound,
        **await _celebration(request, bound),
    )


@post("/learning/celebrations/new")
async def new_celebration(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Hold what somebody tells until a steward has read it. Nobody is asked who they are."""
    registry = registry_of(request)

    async def act(scheme: Scheme, form: CelebrationForm) -> str:
        about = await public_organisation(form.slug)
        if about is None:
            sentence = "Go to the page of the organisation first, and tell it from there."
            raise InvalidInput(sentence, errors=[FieldError("slug", sentence)])
        await limits.spend(registry.desk, limits.PROPOSE_PER_NETWORK, network_of(request))
        await propose_celebration(scheme, celebration=form.proposal(about.id))
        return "/learning/celebrations/received"

    return await submit(
        request,
        CelebrationForm,
        act,
        template=CELEBRATION,
        title=CELEBRATION_TITLE,
        **await _celebration(request, await read_form(request, CelebrationForm)),
    )


@get("/learning/celebrations/received")
async def received_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Say what happens with what was told."""
    days = counted(registry_of(request).scheme.pack.numbers.publication.hold_text_days, "day")
    return render(
        "confirmation.html",
        request=request,
        title="Thank you",
        reference_line="We have what you told us",
        next_steps=[
            f"Somebody at the hub reads it within {days}.",
            "If it can be shown, it stands in the library and on the page of the organisation.",
        ],
        links=[("Worth celebrating", "/learning/celebrations")],
    )


async def _resource(request: Request[Any, Any, Any]) -> dict[str, Any]:
    pack = registry_of(request).scheme.pack
    names = Names(pack)
    return {
        "kinds": [(kind, told(kind)) for kind in RESOURCE_KINDS],
        "licences": [(token, licence.name) for token, licence in LICENCES.items()],
        "types": list(names.types.items()),
        "forms": [(row.id, row.name) for row in pack.region.forms],
        "actions": [
            (entry.id, f"{each.name}: {entry.name}")
            for each in pack.catalogue.types
            for entry in each.actions
        ],
        "sectors": list(names.sectors.items()),
        "boroughs": list(names.boroughs.items()),
        "days": pack.numbers.publication.hold_text_days,
        "proposed": await resources_proposed_by(person_of(request).account),
    }


async def _own(request: Request[Any, Any, Any], number: int) -> dict[str, Any]:
    """Return a resource that this person may take out. Raises NoSuchPage where there is none."""
    found = await find_resource(number)
    theirs = {row.resource.id for row in await resources_proposed_by(person_of(request).account)}
    if found is None or not (number in theirs or _is_steward(request)):
        raise NoSuchPage
    return {
        "found": found,
        "reasons": [(why, told(why)) for why in RETIRED_FOR],
    }


def _is_steward(request: Request[Any, Any, Any]) -> bool:
    return "steward" in person_of(request).roles


async def _celebration(request: Request[Any, Any, Any], bound: Bound[Any]) -> dict[str, Any]:
    pack = registry_of(request).scheme.pack
    about = await public_organisation(bound.one("slug"))
    return await telling_about(about, pack)


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    *(new_resource_page, new_resource, retire_page, retire),
    *(new_celebration_page, new_celebration, received_page),
)
