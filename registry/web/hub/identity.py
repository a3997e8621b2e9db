"""Who an applicant is: the proofs beside what was claimed, and one decision (rule 1).

A steward decides identity only; nobody decides on their own employer, and an appeal is heard by
another steward than the one who refused.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from charter.errors import NotAllowed
from charter.organisations.queries import (
    ApplicationSeen,
    OrganisationSeen,
    applications_waiting,
    members_of,
)
from charter.organisations.service import decide_identity
from charter.scheme import Scheme
from charter.signing.tables import Signature
from registry.accounts.security import note
from registry.accounts.service import email_of
from registry.accounts.tables import SecurityEvent
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import IdentityForm
from registry.web.hub.room import employer_of, is_tied_to, parts_for, show
from registry.web.public.names import Names
from registry.web.refusals import NoSuchPage
from registry.web.submitting import submit

REFUSED = "identity-refused"
"""The security event by which it is known who refused, so that another hears the appeal."""

PROOFS = (
    ("domain-mail", "Email at a web domain it controls"),
    ("dns-txt", "A record in its own web domain"),
    ("register", "A match in a public register that I checked"),
    ("vouched", "Two people with no tie to each other vouched, and I telephoned or visited"),
)


@dataclass(frozen=True, slots=True)
class PersonProven:
    """One of the applicant's people: their part, and whether their address is at its domain."""

    role: str
    at_domain: bool


@get("/hub/applications")
async def applications_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """List the applications, the one due first before the others."""
    return show(
        request,
        "applications.html",
        title="Who are they?",
        waiting=await applications_waiting(),
        today=registry_of(request).scheme.today(),
    )


@get("/hub/applications/{organisation:uuid}")
async def application_page(
    request: Request[Any, Any, Any], organisation: FromPath[UUID]
) -> Response[bytes]:
    """Show what an applicant says and what proves it."""
    return show(request, "application.html", **await _judging(request, organisation))


@post("/hub/applications/{organisation:uuid}")
async def decide(request: Request[Any, Any, Any], organisation: FromPath[UUID]) -> Response[bytes]:
    """Accept who an applicant is, or refuse with a reason they can answer."""
    page = await _judging(request, organisation)
    me = person_of(request).account
    desk = registry_of(request).desk
    domain = await employer_of(request)
    if page["refused_by_me"]:
        raise NotAllowed("You refused this application. Another steward hears the appeal.")

    async def act(scheme: Scheme, form: IdentityForm) -> str:
        form.require_grounds()
        if form.decision == "refuse":
            # Before the refusal: were only the refusal kept, its steward could hear the appeal.
            await note(desk, REFUSED, account=me, detail=str(organisation))
        await decide_identity(
            scheme,
            organisation=organisation,
            accept=form.decision == "accept",
            how=form.how or "",
            reason=form.reason,
            steward_employer_domain=domain,
        )
        return "/hub/applications"

    return await submit(
        request,
        IdentityForm,
        act,
        template="hub/application.html",
        parts=parts_for(request),
        **page,
    )


async def _judging(request: Request[Any, Any, Any], organisation: UUID) -> dict[str, Any]:
    seen = await _application(organisation)
    own = seen.organisation
    return {
        "title": own.name,
        "application": seen,
        "own": own,
        "names": Names(registry_of(request).scheme.pack),
        "proofs": PROOFS,
        "people": await _people(request, own),
        "signed": await Signature.exists().where(Signature.organisation == own.id),
        "tied": await is_tied_to(request, own.domain),
        "refused_by_me": seen.appeal and await _refused_by(request, own.id),
    }


async def _application(organisation: UUID) -> ApplicationSeen:
    for seen in await applications_waiting():
        if seen.organisation.id == organisation:
            return seen
    raise NoSuchPage


async def _people(
    request: Request[Any, Any, Any], own: OrganisationSeen
) -> tuple[PersonProven, ...]:
    """Return the applicant's people by part: nobody's address, only whether it is at the domain."""
    desk = registry_of(request).desk
    people = []
    for member in await members_of(own.id):
        address = await email_of(desk, account=member.account) or ""
        at = bool(own.domain) and address.rpartition("@")[2] == own.domain
        people.append(PersonProven(member.role, at))
    return tuple(people)


async def _refused_by(request: Request[Any, Any, Any], organisation: UUID) -> bool:
    return await SecurityEvent.exists().where(
        (SecurityEvent.kind == REFUSED)
        & (SecurityEvent.account == person_of(request).account)
        & (SecurityEvent.detail == str(organisation))
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (applications_page, application_page, decide)
