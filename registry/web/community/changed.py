"""What was asked of a group, by whom, paid or not, and what changed because of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.organisations.queries import find_organisation
from charter.plans.asked_queries import AskedBy, all_asked_of, hours_in
from charter.plans.codesign_queries import find_group
from registry.web.public.organisation import describe_organisation
from registry.web.public.payloads import PledgePayload
from registry.web.public.publishing import site_of
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render


@dataclass(frozen=True, slots=True)
class Changed:
    """One organisation's part in the story: what it asked for, and the pledges it led to.

    `pledges` are as the public sees them now; a draft that was never published is not there.
    """

    name: str
    slug: str
    sentence: str
    asked: AskedBy
    pledges: tuple[PledgePayload, ...]


@get("/groups/{group:uuid}/changed")
async def changed_page(request: Request[Any, Any, Any], group: FromPath[UUID]) -> Response[bytes]:
    """Show the whole story of what a group was asked for."""
    seen = await find_group(group)
    if seen is None:
        raise NoSuchPage
    asked = await all_asked_of(group)
    return render(
        "community/changed.html",
        request=request,
        title="What changed because of you",
        group=seen,
        hours=hours_in(asked),
        stories=[await _story(request, each) for each in asked],
    )


async def _story(request: Request[Any, Any, Any], asked: AskedBy) -> Changed:
    own = await find_organisation(asked.organisation)
    if own is None:
        raise NoSuchPage
    site = site_of(request)
    public = await describe_organisation(own.slug, site, site.scheme.now())
    return Changed(
        name=own.name,
        slug=own.slug,
        sentence=public.sentence if public else "",
        asked=asked,
        pledges=tuple(
            pledge for pledge in (public.pledges if public else ()) if pledge.number in asked.shaped
        ),
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (changed_page,)
