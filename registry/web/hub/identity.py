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

from charter.organisations.proof_queries import domain_shown, renewals_waiting, vouchers_of
from charter.organisations.queries import (
    ApplicationSeen,
    OrganisationSeen,
    applications_waiting,
    members_of,
)
from charter.organisations.rules import AlreadyDecided
from charter.organisations.service import decide_identity, record_voucher, renew_proof
from charter.scheme import Scheme
from charter.signing.tables import Signature
from registry.accounts.service import email_of
from registry.web.asked import person_of, registry_of
from registry.web.hub.forms import IdentityForm, RenewalForm, VoucherForm
from registry.web.hub.room import employer_of, is_tied_to, organisation_of, parts_for, show, take
from registry.web.public.names import Names
from registry.web.submitting import submit

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
        renewals=await renewals_waiting(),
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
    domain = await employer_of(request)

    async def act(scheme: Scheme, form: IdentityForm) -> str:
        form.require_grounds()
        await decide_identity(
            scheme,
            organisation=organisation,
            accept=form.decision == "accept",
            how=form.how or "",
            reason=form.reason,
            steward=me,
            steward_employer_domain=domain,
        )
        return "/hub/applications"

    return await take(
        request,
        IdentityForm,
        act,
        "application.html",
        **page,
    )


@post("/hub/applications/{organisation:uuid}/vouchers")
async def hear_voucher(
    request: Request[Any, Any, Any], organisation: FromPath[UUID]
) -> Response[bytes]:
    """Write down somebody who vouched, reached by telephone or visit."""
    page = await _judging(request, organisation)
    return await _take_voucher(request, organisation, "hub/application.html", page)


@get("/hub/renewals/{organisation:uuid}")
async def renewal_page(
    request: Request[Any, Any, Any], organisation: FromPath[UUID]
) -> Response[bytes]:
    """Show what an organisation has shown since it was asked again."""
    return show(request, "renewal.html", **await _renewing(request, organisation))


@post("/hub/renewals/{organisation:uuid}")
async def renew(request: Request[Any, Any, Any], organisation: FromPath[UUID]) -> Response[bytes]:
    """Accept the new proof."""
    domain = await employer_of(request)

    async def act(scheme: Scheme, form: RenewalForm) -> str:
        await renew_proof(
            scheme, organisation=organisation, how=form.how, steward_employer_domain=domain
        )
        return "/hub/applications"

    return await take(
        request,
        RenewalForm,
        act,
        "renewal.html",
        **await _renewing(request, organisation),
    )


@post("/hub/renewals/{organisation:uuid}/vouchers")
async def hear_voucher_again(
    request: Request[Any, Any, Any], organisation: FromPath[UUID]
) -> Response[bytes]:
    """Write down somebody who vouched since proof was asked for again."""
    page = await _renewing(request, organisation)
    return await _take_voucher(request, organisation, "hub/renewal.html", page)


async def _take_voucher(
    request: Request[Any, Any, Any], organisation: UUID, template: str, page: dict[str, Any]
) -> Response[bytes]:
    """Take in the form about a voucher, and go back to the page it stands on."""
    domain = await employer_of(request)
    me = person_of(request).account

    async def act(scheme: Scheme, form: VoucherForm) -> str:
        await record_voucher(
            scheme,
            organisation=organisation,
            who=form.who,
            reached=form.reached,
            tied=form.tied == "yes",
            steward=me,
            steward_employer_domain=domain,
        )
        return request.url.path.removesuffix("/vouchers")

    return await submit(
        request, VoucherForm, act, template=template, parts=parts_for(request), **page
    )


async def _renewing(request: Request[Any, Any, Any], organisation: UUID) -> dict[str, Any]:
    for seen in await renewals_waiting():
        if seen.organisation.id == organisation:
            return {"renewal": seen, **await _proof_of(request, seen.organisation)}
    own = await organisation_of(organisation)
    raise AlreadyDecided(f"Who {own.name} is has been decided already.")


async def _proof_of(request: Request[Any, Any, Any], own: OrganisationSeen) -> dict[str, Any]:
    """Return what shows who an organisation is, in front of a steward."""
    return {
        "title": own.name,
        "own": own,
        "names": Names(registry_of(request).scheme.pack),
        "proofs": PROOFS,
        "people": await _people(request, own),
        "mailed": await domain_shown(own.id, "domain-mail"),
        "record": await domain_shown(own.id, "dns-txt"),
        "vouchers": await vouchers_of(own.id),
        "tied": await is_tied_to(request, own.domain),
    }


async def _judging(request: Request[Any, Any, Any], organisation: UUID) -> dict[str, Any]:
    seen = await _application(organisation)
    own = seen.organisation
    return {
        **await _proof_of(request, own),
        "application": seen,
        "signed": await Signature.exists().where(Signature.organisation == own.id),
        "refused_by_me": seen.appeal and own.decided_by == person_of(request).account,
    }


async def _application(organisation: UUID) -> ApplicationSeen:
    """Return what waits to be decided. Raises AlreadyDecided where somebody was quicker."""
    for seen in await applications_waiting():
        if seen.organisation.id == organisation:
            return seen
    own = await organisation_of(organisation)
    raise AlreadyDecided(f"Who {own.name} is has been decided already.")


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


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    applications_page,
    application_page,
    decide,
    hear_voucher,
    renewal_page,
    renew,
    hear_voucher_again,
)
