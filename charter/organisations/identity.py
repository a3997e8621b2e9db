"""Use cases of identity: apply, be accepted or refused, appeal, prove it again (rule 1)."""

from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, ReasonNeeded
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation
from charter.organisations import rules
from charter.organisations.names import free_slug
from charter.organisations.people import write_member
from charter.organisations.proof_rules import decide_proof
from charter.organisations.proofs import (
    ask_for_proof_again,
    refuse_own_employer,
    shown_by,
    write_renewal,
)
from charter.organisations.rules import Application
from charter.organisations.tables import Identifier, IdentityProof, Organisation
from charter.scheme import Scheme
from charter.signing.service import start_waiting_room


async def apply_to_sign(
    scheme: Scheme, *, application: Application, lead: UUID, sponsor: UUID
) -> UUID:
    """Write down an application and give the hub its date to decide (rule 1).

    Nothing is public yet. Raises `InvalidInput`, `OnePersonTwoRoles` and `AlreadyRegistered`.
    """
    errors = rules.check_application(application, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    one_person = lead == sponsor
    rules.decide_people(application.band, one_person=one_person, pack=scheme.pack)
    with refuse_when_taken(organisation_identifier_once=already_registered()):
        async with transaction(scheme) as tx:
            slug = await free_slug(application.name)
            organisation = await write_application(tx, application, slug=slug, by="lead")
            for role, account in (("lead", lead), ("sponsor", sponsor)):
                await write_member(tx, organisation, account, role, one_person=one_person)
    return organisation


async def decide_identity(
    scheme: Scheme,
    *,
    organisation: UUID,
    accept: bool,
    how: str,
    reason: str,
    steward: UUID,
    steward_employer_domain: str,
) -> None:
    """Accept or refuse who an applicant is (rule 1). A refusal needs a reason; it may be appealed.

    Accepting needs what shows it. An appeal is decided by another steward than the one who
    refused. Raises `AlreadyDecided`, `OwnEmployer`, `OwnRefusal`, `ProofNotShown` and
    `ReasonNeeded`.
    """
    with refuse_when_taken(organisation_identifier_once=already_registered()):
        async with transaction(scheme) as tx:
            applicant = await tx.lock_organisation(organisation)
            if applicant.state not in {"applied", "appealed"}:
                raise rules.AlreadyDecided("Who this organisation is has been decided already.")
            refuse_own_employer(steward_employer_domain, applicant)
            rules.decide_appeal_steward(applicant.state, applicant.decided_by, steward)
            await _meet_hub_decision(tx, organisation)
            if accept:
                await _accept(tx, applicant, how, steward)
            else:
                await _refuse(tx, applicant, reason, steward)


async def appeal_refusal(scheme: Scheme, *, organisation: UUID, reason: str) -> None:
    """Ask another steward to look again at a refused identity, within the days the pack gives."""
    async with transaction(scheme) as tx:
        applicant = await tx.lock_organisation(organisation)
        days = scheme.pack.numbers.signing.refusal_appeal_days
        refused_at = applicant.decided_at
        if applicant.state != "refused" or refused_at is None:
            raise rules.AlreadyDecided("There is no refusal to appeal against.")
        if (tx.now - refused_at).days > days:
            raise rules.AlreadyDecided(
                f"A refusal can be appealed for {days} days. Apply again instead."
            )
        if not reason.strip():
            raise ReasonNeeded("Say why the decision should be looked at again.")
        await Organisation.update(
            {Organisation.state: "appealed", Organisation.appeal: reason.strip()}
        ).where(Organisation.id == organisation)
        tx.record("refusal-appealed", {}, by="lead")
        await open_obligation(tx, "identity-appeal", organisation=None, subject=organisation)


async def reopen_proof(scheme: Scheme, *, organisation: UUID) -> None:
    """Ask an organisation to prove again who it is, as when its domain lapsed (row 16).

    Asking twice is asking once.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if body.state != "accepted":
            raise rules.AlreadyDecided("Only an accepted identity can be asked for again.")
        await ask_for_proof_again(tx, organisation)


async def renew_proof(
    scheme: Scheme, *, organisation: UUID, how: str, steward_employer_domain: str
) -> None:
    """Accept a new proof of who an organisation is. Raises `OwnEmployer` and `ProofNotShown`."""
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        refuse_own_employer(steward_employer_domain, body)
        decide_proof(how, await shown_by(body, scheme.pack), scheme.pack)
        await write_renewal(tx, organisation, how, by="steward")


async def write_application(tx: Ledger, application: Application, *, slug: str, by: str) -> UUID:
    """Write down who applies, as one step of a use case, and give the hub its date to decide.

    Nobody's identity is proven by it and nothing is signed (rule 1).
    """
    organisation = tx.new_id()
    domain = application.domain.lower() if application.domain else None
    await Organisation(
        id=organisation,
        slug=slug,
        name=application.name.strip(),
        town=application.town.strip(),
        website=application.website or None,
        domain=domain,
        sector=application.sector,
        boroughs=list(application.boroughs),
        band=application.band,
        sponsor_role=application.sponsor_role.strip(),
        applied_at=tx.now,
        proof=application.proof,
    ).save()
    carried = {
        (scheme, rules.normalise_identifier(identifier))
        for scheme, identifier in application.identifiers
    }
    for scheme, identifier in sorted(carried):
        await Identifier(organisation=organisation, scheme=scheme, identifier=identifier).save()
    await open_obligation(tx, "identity-decision", organisation=None, subject=organisation)
    tx.record("application-received", {}, by=by)
    return organisation


async def _accept(tx: Ledger, applicant: Organisation, how: str, steward: UUID) -> None:
    decide_proof(how, await shown_by(applicant, tx.scheme.pack), tx.scheme.pack)
    await IdentityProof(organisation=applicant.id, how=how, proven_on=tx.today).save()
    await _write_decision(tx, applicant, "accepted", steward)
    await _release_identifiers(applicant.id, released=False)
    tx.record(
        "identity-accepted",
        {"how": how, "band": applicant.band},
        organisation=applicant.id,
        by="steward",
    )
    await start_waiting_room(tx, applicant.id)


async def _refuse(tx: Ledger, applicant: Organisation, reason: str, steward: UUID) -> None:
    if not reason.strip():
        raise ReasonNeeded("Say why, so that the applicant can put it right or appeal.")
    await _write_decision(tx, applicant, "refused", steward, refusal=reason.strip())
    # A refused application must not keep the true bearer of an identifier out of the register.
    await _release_identifiers(applicant.id, released=True)
    tx.record("application-refused", {}, by="steward")


async def _write_decision(
    tx: Ledger, applicant: Organisation, state: str, steward: UUID, *, refusal: str = ""
) -> None:
    await Organisation.update(
        {
            Organisation.state: state,
            Organisation.decided_at: tx.now,
            Organisation.decided_by: steward,
            Organisation.refusal: refusal or applicant.refusal,
        }
    ).where(Organisation.id == applicant.id)


async def _release_identifiers(organisation: UUID, *, released: bool) -> None:
    await Identifier.update({Identifier.released: released}).where(
        Identifier.organisation == organisation
    )


async def _meet_hub_decision(tx: Ledger, organisation: UUID) -> None:
    waiting = await Obligation.objects().where(
        (Obligation.subject == organisation)
        & Obligation.kind.is_in(["identity-decision", "identity-appeal"])
        & (Obligation.state == "open")
    )
    for obligation in waiting:
        await meet_obligation(tx, obligation)


def already_registered() -> rules.AlreadyRegistered:
    """Return the refusal of an identifier that another organisation carries (rule 2)."""
    return rules.AlreadyRegistered(
        "An organisation with this register number is here already."
        " Ask its lead to add you, or tell the hub if it is not yours."
    )
