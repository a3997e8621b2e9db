"""Use cases of identity: apply, be accepted or refused, appeal, prove it again (rule 1)."""

from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, ReasonNeeded
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation, open_obligations
from charter.obligations.tables import Obligation
from charter.organisations import rules
from charter.organisations.names import free_slug
from charter.organisations.people import write_member
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
    with refuse_when_taken(organisation_identifier_once=_already_registered()):
        async with transaction(scheme) as tx:
            organisation = tx.new_id()
            await _write_application(tx, organisation, application)
            for role, account in (("lead", lead), ("sponsor", sponsor)):
                await write_member(tx, organisation, account, role, one_person=one_person)
            await open_obligation(tx, "identity-decision", organisation=None, subject=organisation)
            tx.record("application-received", {}, by="lead")
    return organisation


async def decide_identity(
    scheme: Scheme,
    *,
    organisation: UUID,
    accept: bool,
    how: str,
    reason: str,
    steward_employer_domain: str,
) -> None:
    """Accept or refuse who an applicant is (rule 1). A refusal needs a reason; it may be appealed.

    Raises `AlreadyDecided`, `OwnEmployer` and `ReasonNeeded`.
    """
    with refuse_when_taken(organisation_identifier_once=_already_registered()):
        async with transaction(scheme) as tx:
            applicant = await tx.lock_organisation(organisation)
            if applicant.state not in {"applied", "appealed"}:
                raise rules.AlreadyDecided("Who this organisation is has been decided already.")
            _refuse_own_employer(steward_employer_domain, applicant)
            await _meet_hub_decision(tx, organisation)
            if accept:
                await _accept(tx, applicant, how)
            else:
                await _refuse(tx, applicant, reason)


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
        await Organisation.update({Organisation.state: "appealed"}).where(
            Organisation.id == organisation
        )
        await open_obligation(tx, "identity-appeal", organisation=None, subject=organisation)


async def reopen_proof(scheme: Scheme, *, organisation: UUID) -> None:
    """Ask an organisation to prove again who it is, as when its domain lapsed (row 16).

    Asking twice is asking once.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if body.state != "accepted":
            raise rules.AlreadyDecided("Only an accepted identity can be asked for again.")
        if not await open_obligations(organisation, "proof-renewal"):
            await open_obligation(tx, "proof-renewal", organisation=organisation)


async def renew_proof(
    scheme: Scheme, *, organisation: UUID, how: str, steward_employer_domain: str
) -> None:
    """Accept a new proof of who an organisation is. Raises `OwnEmployer`."""
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        _refuse_own_employer(steward_employer_domain, body)
        await _write_proof(tx, body, how)
        tx.record("proof-renewed", {"how": how}, organisation=organisation, by="steward")
        for obligation in await open_obligations(organisation, "proof-renewal"):
            await meet_obligation(tx, obligation)


async def _write_application(tx: Ledger, organisation: UUID, application: Application) -> None:
    domain = application.domain.lower() if application.domain else None
    await Organisation(
        id=organisation,
        slug=await free_slug(application.name),
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


async def _accept(tx: Ledger, applicant: Organisation, how: str) -> None:
    await _write_proof(tx, applicant, how)
    await Organisation.update(
        {Organisation.state: "accepted", Organisation.decided_at: tx.now}
    ).where(Organisation.id == applicant.id)
    await _release_identifiers(applicant.id, released=False)
    tx.record(
        "identity-accepted",
        {"how": how, "band": applicant.band},
        organisation=applicant.id,
        by="steward",
    )
    await start_waiting_room(tx, applicant.id)


async def _refuse(tx: Ledger, applicant: Organisation, reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded("Say why, so that the applicant can put it right or appeal.")
    await Organisation.update(
        {
            Organisation.state: "refused",
            Organisation.decided_at: tx.now,
            Organisation.refusal: reason.strip(),
        }
    ).where(Organisation.id == applicant.id)
    # A refused application must not keep the true bearer of an identifier out of the register.
    await _release_identifiers(applicant.id, released=True)
    tx.record("application-refused", {}, by="steward")


async def _write_proof(tx: Ledger, body: Organisation, how: str) -> None:
    if how not in rules.PROOFS:
        raise InvalidInput("Choose how the organisation showed who it is.")
    await IdentityProof(organisation=body.id, how=how, proven_on=tx.today).save()


def _refuse_own_employer(steward_domain: str, body: Organisation) -> None:
    if rules.shares_employer(steward_domain, body.domain):
        raise rules.OwnEmployer(
            "You work for this organisation. Ask a steward from elsewhere to decide."
        )


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


def _already_registered() -> rules.AlreadyRegistered:
    return rules.AlreadyRegistered(
        "An organisation with this register number is here already."
        " Ask its lead to add you, or tell the hub if it is not yours."
    )
