"""Use cases of an organisation's people: parts that are held, ended and handed over (rule 1)."""

from uuid import UUID

from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.obligations.service import look_again, meet_obligation, open_obligation
from charter.obligations.tables import Notice, Obligation
from charter.organisations import people_rules, rules
from charter.organisations.people_rules import Part
from charter.organisations.tables import Invitation, Membership, Organisation
from charter.scheme import Scheme


async def end_membership(
    scheme: Scheme, *, organisation: UUID, account: UUID, role: str, successor: UUID | None = None
) -> None:
    """End a person's part; what waits for them goes to their successor, where one is named.

    Where nobody leads or sponsors any more, the hub has to find who takes over, in so many days.
    Raises `NotFound` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        leaver = await _holder(organisation, account, role)
        parts = await parts_held(organisation)
        people_rules.decide_successor(successor, account, parts)
        await _end(tx, leaver)
        if successor is not None:
            await _hand_over(tx, body, Part(account, role), Part(successor, role))
        await open_handover(tx, organisation)


async def change_band(scheme: Scheme, *, organisation: UUID, band: str) -> None:
    """Put an organisation into another size band, from today on (rule 10a).

    Ladders follow the new size from the next step on; what was told already stays told. Raises
    `OnePersonTwoRoles`.
    """
    if band not in {each.id for each in scheme.pack.bands}:
        raise InvalidInput("Choose a size from the list.")
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if body.band == band:
            return
        parts = await parts_held(organisation)
        one_person = any(
            people_rules.is_one_person(part.account, part.role, parts) for part in parts
        )
        rules.decide_people(band, one_person=one_person, pack=scheme.pack)
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
    invitation: Invitation | None = None,
) -> UUID:
    """Write down a person's part, as one step of a use case, and return the membership."""
    membership = Membership(
        id=tx.new_id(),
        organisation=organisation,
        account=account,
        role=role,
        since=tx.now,
        one_person=one_person,
        invited_by_role=invitation.invited_by_role if invitation else "",
        covers_until=invitation.covers_until if invitation else None,
    )
    await membership.save()
    await _meet_handover(tx, organisation)
    return membership.id


async def end_role(tx: Ledger, organisation: UUID, role: str) -> None:
    """End the parts of all who hold a role, as one step of a use case."""
    for row in await Membership.objects().where(
        (Membership.organisation == organisation)
        & (Membership.role == role)
        & Membership.ended_at.is_null()
    ):
        await _end(tx, row)


async def end_covers(scheme: Scheme) -> int:
    """End the parts whose last day has passed; return how many. Safe to run twice."""
    rows = await Membership.objects().where(
        (Membership.covers_until < scheme.today()) & Membership.ended_at.is_null()
    )
    for row in rows:
        async with transaction(scheme) as tx:
            await _end(tx, row)
    return len(rows)


async def parts_held(organisation: UUID) -> frozenset[Part]:
    """Return the parts that people hold in an organisation now."""
    rows = await Membership.select(Membership.account, Membership.role).where(
        (Membership.organisation == organisation) & Membership.ended_at.is_null()
    )
    return frozenset(Part(row["account"], row["role"]) for row in rows)


async def open_handover(tx: Ledger, organisation: UUID) -> None:
    """Have the hub find who takes over where a part stands empty that must not (rule 1).

    Nothing of it is public but the hub's own date. Asking twice is asking once.
    """
    roles = {part.role for part in await parts_held(organisation)}
    if people_rules.empty_roles(roles) and not await _handovers(organisation):
        await open_obligation(tx, "handover", organisation=None, subject=organisation)


async def _meet_handover(tx: Ledger, organisation: UUID) -> None:
    roles = {part.role for part in await parts_held(organisation)}
    if not people_rules.empty_roles(roles):
        for case in await _handovers(organisation):
            await meet_obligation(tx, case)


async def _handovers(organisation: UUID) -> list[Obligation]:
    return await Obligation.objects().where(
        (Obligation.subject == organisation)
        & (Obligation.kind == "handover")
        & (Obligation.state == "open")
    )


async def _hand_over(tx: Ledger, body: Organisation, was: Part, now: Part) -> None:
    """Give a successor the leaver's part, and the notices that wait to be told."""
    parts = await parts_held(body.id)
    if now not in parts:
        one_person = people_rules.is_one_person(now.account, now.role, parts)
        rules.decide_people(body.band, one_person=one_person, pack=tx.scheme.pack)
        await write_member(tx, body.id, now.account, now.role, one_person=one_person)
    await Notice.raw(
        "UPDATE notice n SET account = {} FROM obligation o WHERE o.id = n.obligation"
        " AND o.organisation = {} AND n.account = {} AND n.role = {} AND n.state = 'queued'"
        " AND NOT EXISTS (SELECT 1 FROM notice t WHERE t.obligation = n.obligation"
        " AND t.due_on = n.due_on AND t.step = n.step AND t.account = {})",
        now.account,
        body.id,
        was.account,
        was.role,
        now.account,
    )


async def _holder(organisation: UUID, account: UUID, role: str) -> Membership:
    row = (
        await Membership.objects()
        .where(
            (Membership.organisation == organisation)
            & (Membership.account == account)
            & (Membership.role == role)
            & Membership.ended_at.is_null()
        )
        .first()
    )
    if row is None:
        raise NotFound("This person does not hold that role.")
    return row


async def _end(tx: Ledger, membership: Membership) -> None:
    await Membership.update({Membership.ended_at: tx.now}).where(Membership.id == membership.id)
