"""Use cases of identity and of an organisation's people: rules 1, 2 and 10a."""

from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation
from charter.organisations import rules
from charter.organisations.rules import Application
from charter.organisations.tables import (
    FormerName,
    FormerSlug,
    Identifier,
    IdentityProof,
    Membership,
    Organisation,
)
from charter.scheme import Scheme
from charter.signing.service import leave, start_waiting_room

ADDRESS_LOCK = 4_011
"""The advisory lock under which slugs are chosen: no two use cases may find the same one free."""


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
                await _write_member(tx, organisation, account, role, one_person=one_person)
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
            if rules.shares_employer(steward_employer_domain, applicant.domain):
                raise rules.OwnEmployer(
                    "You work for this organisation. Ask a steward from elsewhere to decide."
                )
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
            raise rules.ReasonNeeded("Say why the decision should be looked at again.")
        await Organisation.update({Organisation.state: "appealed"}).where(
            Organisation.id == organisation
        )
        await open_obligation(tx, "identity-appeal", organisation=None, subject=organisation)


async def add_member(
    scheme: Scheme, *, organisation: UUID, account: UUID, role: str, invited_by_role: str = ""
) -> UUID:
    """Give a person a part in an organisation and return the membership.

    Raises `InvalidInput`, `AlreadyMember`, `OnePersonTwoRoles` and, for a second sponsor,
    `SponsorNeeded`.
    """
    if role not in rules.ROLES:
        raise InvalidInput(f"Choose one of {', '.join(rules.ROLES)}.")
    with refuse_when_taken(membership_once=_already_member(role)):
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(organisation)
            if role == "sponsor" and await _holders(organisation, "sponsor"):
                raise rules.SponsorNeeded(
                    "There is a sponsor already. Replace the sponsor instead of adding a second."
                )
            one_person = await _holds_the_other_role(organisation, account, role)
            rules.decide_people(body.band, one_person=one_person, pack=scheme.pack)
            return await _write_member(
                tx, organisation, account, role, one_person=one_person, invited_by=invited_by_role
            )


async def end_membership(scheme: Scheme, *, organisation: UUID, account: UUID, role: str) -> None:
    """End a person's part. Raises `LastLead` and `SponsorNeeded` where nobody would take over."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        holders = await _holders(organisation, role)
        leaver = next((row for row in holders if row.account == account), None)
        if leaver is None:
            raise NotFound("This person does not hold that role.")
        rules.decide_leaving(role, len(holders))
        await _end(tx, leaver)


async def replace_sponsor(
    scheme: Scheme, *, organisation: UUID, account: UUID, sponsor_role: str
) -> None:
    """Put a new sponsor in the old one's place, under the office that will answer from now on."""
    if not sponsor_role.strip():
        raise InvalidInput("Enter the sponsor's role, such as Chief Executive.")
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        one_person = await _holds_the_other_role(organisation, account, "sponsor")
        rules.decide_people(body.band, one_person=one_person, pack=scheme.pack)
        for row in await _holders(organisation, "sponsor"):
            await _end(tx, row)
        await _write_member(tx, organisation, account, "sponsor", one_person=one_person)
        await Organisation.update({Organisation.sponsor_role: sponsor_role.strip()}).where(
            Organisation.id == organisation
        )


async def change_band(scheme: Scheme, *, organisation: UUID, band: str) -> None:
    """Put an organisation into another size band (rule 10a). Raises `OnePersonTwoRoles`."""
    if band not in {each.id for each in scheme.pack.bands}:
        raise InvalidInput("Choose a size from the list.")
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if body.band == band:
            return
        sponsors = {row.account for row in await _holders(organisation, "sponsor")}
        leads = {row.account for row in await _holders(organisation, "lead")}
        rules.decide_people(band, one_person=bool(sponsors & leads), pack=scheme.pack)
        await Organisation.update({Organisation.band: band}).where(Organisation.id == organisation)
        if body.state == "accepted":
            tx.record("band-changed", {"band": band}, organisation=organisation, by="lead")


async def rename_organisation(scheme: Scheme, *, organisation: UUID, name: str) -> str:
    """Give an organisation a new name and address; the old ones stay for ever (rule 2).

    Returns the slug now in use.
    """
    name = name.strip()
    if not name or len(name) > 200:  # noqa: PLR2004 - the length of the column
        raise InvalidInput("Enter a name of at most 200 characters.")
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if body.name == name:
            return body.slug
        slug = body.slug
        if rules.make_slug(name) != rules.make_slug(body.name):
            slug = await _free_slug(name)
            await FormerSlug(slug=body.slug, organisation=organisation).save()
        await FormerName(organisation=organisation, name=body.name, until=tx.today).save()
        await Organisation.update({Organisation.name: name, Organisation.slug: slug}).where(
            Organisation.id == organisation
        )
        words = await tx.publish_words(
            "name", {"was": body.name, "name": name}, organisation=organisation
        )
        tx.record("renamed", {}, organisation=organisation, by="lead", words=words)
        return slug


async def merge_organisation(scheme: Scheme, *, organisation: UUID, into: UUID) -> None:
    """Let another organisation continue this one; its page stays and says so (row 14).

    Raises `NotMergeable`.
    """
    if organisation == into:
        raise rules.NotMergeable("An organisation cannot be merged into itself.")
    async with transaction(scheme) as tx:
        # Always in the same order, so that two merges cannot wait for each other.
        bodies = {each: await tx.lock_organisation(each) for each in sorted((organisation, into))}
        successor = bodies[into]
        if successor.state != "accepted" or _is_continued(successor):
            raise rules.NotMergeable("Merge into an organisation that is in the register itself.")
        if _is_continued(bodies[organisation]):
            raise rules.NotMergeable("This organisation has been merged already.")
        await Organisation.update({Organisation.continued_by: into}).where(
            Organisation.id == organisation
        )
        tx.record("merged", {"into": successor.slug}, organisation=organisation, by="steward")
        await leave(tx, organisation, why="merged")


async def _write_application(tx: Ledger, organisation: UUID, application: Application) -> None:
    domain = application.domain.lower() if application.domain else None
    await Organisation(
        id=organisation,
        slug=await _free_slug(application.name),
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
    for scheme, identifier in application.identifiers:
        await Identifier(
            organisation=organisation,
            scheme=scheme,
            identifier=rules.normalise_identifier(identifier),
        ).save()


async def _write_member(
    tx: Ledger,
    organisation: UUID,
    account: UUID,
    role: str,
    *,
    one_person: bool,
    invited_by: str = "",
) -> UUID:
    membership = Membership(
        id=tx.new_id(),
        organisation=organisation,
        account=account,
        role=role,
        since=tx.now,
        one_person=one_person,
        invited_by_role=invited_by,
    )
    await membership.save()
    return membership.id


async def _accept(tx: Ledger, applicant: Organisation, how: str) -> None:
    if how not in rules.PROOFS:
        raise InvalidInput("Choose how the organisation showed who it is.")
    await Organisation.update(
        {Organisation.state: "accepted", Organisation.decided_at: tx.now}
    ).where(Organisation.id == applicant.id)
    await _release_identifiers(applicant.id, released=False)
    await IdentityProof(organisation=applicant.id, how=how, proven_on=tx.today).save()
    tx.record(
        "identity-accepted",
        {"how": how, "band": applicant.band},
        organisation=applicant.id,
        by="steward",
    )
    await start_waiting_room(tx, applicant.id)


async def _refuse(tx: Ledger, applicant: Organisation, reason: str) -> None:
    if not reason.strip():
        raise rules.ReasonNeeded("Say why, so that the applicant can put it right or appeal.")
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


def _is_continued(body: Organisation) -> bool:
    return body.continued_by is not None


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


async def _holders(organisation: UUID, role: str) -> list[Membership]:
    return await Membership.objects().where(
        (Membership.organisation == organisation)
        & (Membership.role == role)
        & Membership.ended_at.is_null()
    )


async def _holds_the_other_role(organisation: UUID, account: UUID, role: str) -> bool:
    other = {"lead": "sponsor", "sponsor": "lead"}.get(role)
    if other is None:
        return False
    return account in {row.account for row in await _holders(organisation, other)}


async def _end(tx: Ledger, membership: Membership) -> None:
    await Membership.update({Membership.ended_at: tx.now}).where(Membership.id == membership.id)


async def _free_slug(name: str) -> str:
    await Organisation.raw("SELECT pg_advisory_xact_lock({})", ADDRESS_LOCK)
    alike = f"{rules.make_slug(name)[:60]}%"
    now = await Organisation.select(Organisation.slug).where(Organisation.slug.like(alike))
    once = await FormerSlug.select(FormerSlug.slug).where(FormerSlug.slug.like(alike))
    return rules.choose_slug(name, [row["slug"] for row in (*now, *once)])


def _already_registered() -> rules.AlreadyRegistered:
    return rules.AlreadyRegistered(
        "An organisation with this register number is here already."
        " Ask its lead to add you, or tell the hub if it is not yours."
    )


def _already_member(role: str) -> rules.AlreadyMember:
    return rules.AlreadyMember(f"This person is {role} here already.")
