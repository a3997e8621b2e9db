"""Use cases of an organisation's people: who leads, who answers for it, who may leave (rule 1)."""

from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.obligations.service import look_again
from charter.organisations import rules
from charter.organisations.tables import Membership, Organisation
from charter.scheme import Scheme


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
            return await write_member(
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
    if not 0 < len(sponsor_role.strip()) <= rules.SPONSOR_ROLE_MOST:
        raise InvalidInput("Enter the sponsor's role in a few words, such as Chief Executive.")
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        one_person = await _holds_the_other_role(organisation, account, "sponsor")
        rules.decide_people(body.band, one_person=one_person, pack=scheme.pack)
        for row in await _holders(organisation, "sponsor"):
            await _end(tx, row)
        await write_member(tx, organisation, account, "sponsor", one_person=one_person)
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
            await look_again(tx, organisation)


async def write_member(
    tx: Ledger,
    organisation: UUID,
    account: UUID,
    role: str,
    *,
    one_person: bool,
    invited_by: str = "",
) -> UUID:
    """Write down a person's part, as one step of a use case, and return the membership."""
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


def _already_member(role: str) -> rules.AlreadyMember:
    return rules.AlreadyMember(f"This person is {role} here already.")
