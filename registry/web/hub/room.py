"""The room every page of the hub stands in: who has come, and which parts of it are theirs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response

from charter.organisations.queries import OrganisationSeen, find_organisation
from charter.organisations.rules import shares_employer
from registry.accounts.service import email_of
from registry.web.asked import person_of, registry_of
from registry.web.refusals import NoSuchPage
from registry.web.rendering import render
from registry.web.submitting import Act, F, submit

PARTS = (
    ("Today", "/hub", frozenset({"steward", "payment", "auditor-care", "administrator"})),
    ("Identity", "/hub/applications", frozenset({"steward"})),
    ("Handovers", "/hub/handovers", frozenset({"steward"})),
    ("Concerns", "/hub/concerns", frozenset({"steward"})),
    ("Panels", "/hub/panels", frozenset({"steward"})),
    ("Panel keys", "/hub/panel-keys", frozenset({"steward"})),
    ("Words", "/hub/words", frozenset({"steward"})),
    ("Put facts right", "/hub/facts", frozenset({"steward"})),
    ("Remove words", "/hub/erasures", frozenset({"steward"})),
    ("Gone", "/hub/dissolutions", frozenset({"steward"})),
    ("Groups", "/hub/groups", frozenset({"steward"})),
    ("Library", "/hub/library", frozenset({"steward"})),
    ("Clocks", "/hub/clocks", frozenset({"steward"})),
    ("Calls", "/hub/calls", frozenset({"steward"})),
    ("Quiet periods", "/hub/quiet", frozenset({"steward"})),
    ("Payments", "/hub/payments", frozenset({"payment"})),
    ("Auditors", "/hub/auditors", frozenset({"auditor-care"})),
    ("Evidence", "/hub/evidence", frozenset({"steward"})),
    ("Sealed lists", "/hub/inspector", frozenset({"inspector"})),
    ("Post", "/hub/outbox", frozenset({"steward"})),
)
"""The parts of the hub, where each is, and whose it is."""


def parts_for(request: Request[Any, Any, Any]) -> list[tuple[str, str]]:
    """Return the parts of the hub that are open to the person who asks."""
    roles = person_of(request).roles
    return [(text, address) for text, address, whose in PARTS if roles & whose]


def show(
    request: Request[Any, Any, Any],
    template: str,
    *,
    title: str,
    **context: Any,
) -> Response[bytes]:
    """Return a page of the hub."""
    return render(
        f"hub/{template}",
        request=request,
        title=title,
        parts=parts_for(request),
        **context,
    )


async def take(
    request: Request[Any, Any, Any],
    form: type[F],
    act: Act[F],
    template: str,
    **page: Any,
) -> Response[bytes]:
    """Do what a form of the hub asks for, or show the page again with what is wrong."""
    return await submit(
        request, form, act, template=f"hub/{template}", parts=parts_for(request), **page
    )


async def organisation_of(organisation: UUID) -> OrganisationSeen:
    """Return the organisation that a page of the hub is about. Raises `NoSuchPage`."""
    own = await find_organisation(organisation)
    if own is None:
        raise NoSuchPage
    return own


async def employer_of(request: Request[Any, Any, Any]) -> str:
    """Return the domain a steward's own address is at: whose work they must leave to others."""
    address = await email_of(registry_of(request).desk, account=person_of(request).account)
    return (address or "").rpartition("@")[2]


async def is_tied_to(request: Request[Any, Any, Any], domain: str | None) -> bool:
    """Return whether the steward who asks works for the organisation at `domain`."""
    return shares_employer(await employer_of(request), domain)
