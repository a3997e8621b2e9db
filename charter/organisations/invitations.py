"""Use cases of invitations: a part is offered, and taken or not by the person asked (rule 1)."""

from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.organisations import people_rules as rules
from charter.organisations.people import end_role, parts_held, write_member
from charter.organisations.people_rules import Asked, Part
from charter.organisations.rules import decide_people
from charter.organisations.tables import Invitation, Membership, Organisation
from charter.scheme import Scheme


async def invite_person(
    scheme: Scheme, *, organisation: UUID, account: UUID, asked: Asked, invited_by_role: str
) -> UUID:
    """Ask a person to take a part, and return the invitation. Nothing changes before they accept.

    Raises `InvalidInput`, `AlreadyMember`, `TooManyAddresses` and `OnePersonTwoRoles`.
    """
    errors = rules.check_asked(asked, scheme.today())
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    taken = rules.AlreadyMember("This person has been asked already.")
    with refuse_when_taken(invitation_once=taken):
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(organisation)
            parts = await parts_held(organisation) | await _parts_offered(tx, organisation)
            rules.decide_invitation(account, asked, parts, body.band, scheme.pack)
            invitation = Invitation(
                id=tx.new_id(),
                organisation=organisation,
                account=account,
                role=asked.role,
                sponsor_role=asked.sponsor_role.strip(),
                invited_by_role=invited_by_role,
                sent_at=tx.now,
                expires_on=rules.last_day_to_answer(tx.today, scheme.pack),
                covers_from=asked.covers_from,
                covers_until=asked.covers_until,
            )
            await invitation.save()
            return invitation.id


async def accept_invitation(scheme: Scheme, *, invitation: UUID, account: UUID) -> None:
    """Take the part one was asked to take; a new sponsor takes it in the old one's place.

    Raises `NotFound`, `InvitationClosed`, `AlreadyMember`, `TooManyAddresses` and
    `OnePersonTwoRoles`.
    """
    async with transaction(scheme) as tx:
        row, body = await _lock(tx, invitation, account)
        rules.decide_answer(row.answer, row.expires_on, tx.today)
        await _answer(tx, row, "accepted")
        if not rules.begins_later(row.covers_from, tx.today):
            await _take_part(tx, row, body)


async def decline_invitation(scheme: Scheme, *, invitation: UUID, account: UUID) -> None:
    """Say no; no reason is asked. Raises `NotFound` and `InvitationClosed`."""
    async with transaction(scheme) as tx:
        row, _body = await _lock(tx, invitation, account)
        rules.decide_answer(row.answer, row.expires_on, tx.today)
        await _answer(tx, row, "declined")


async def take_back_invitation(scheme: Scheme, *, invitation: UUID, organisation: UUID) -> None:
    """Take an open invitation of one's organisation back. Raises `NotFound`, `InvitationClosed`."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await Invitation.objects().where(Invitation.id == invitation).first()
        if row is None or row.organisation != organisation:
            raise NotFound("There is no such invitation.")
        rules.decide_answer(row.answer, row.expires_on, tx.today)
        await _answer(tx, row, "withdrawn")


async def lapse_invitations(scheme: Scheme) -> int:
    """Let unanswered invitations run out; return how many. Safe to run twice."""
    rows = await Invitation.objects().where(
        (Invitation.answer == "") & (Invitation.expires_on < scheme.today())
    )
    for row in rows:
        async with transaction(scheme) as tx:
            await _answer(tx, row, "lapsed")
    return len(rows)


async def begin_covers(scheme: Scheme) -> int:
    """Give delegates their part on the first day of their cover; return how many. Safe twice."""
    rows = await Invitation.objects().where(
        (Invitation.answer == "accepted")
        & (Invitation.covers_from <= scheme.today())
        & (Invitation.covers_until >= scheme.today())
    )
    begun = 0
    for row in rows:
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(row.organisation)
            if not await _was_taken(row):
                await _take_part(tx, row, body)
                begun += 1
    return begun


async def _was_taken(row: Invitation) -> bool:
    """Say whether the cover has begun before: ended early, it does not begin again."""
    return await Membership.exists().where(
        (Membership.organisation == row.organisation)
        & (Membership.account == row.account)
        & (Membership.role == row.role)
        & (
            Membership.ended_at.is_null()
            | ((Membership.covers_until == row.covers_until) & (Membership.since >= row.sent_at))
        )
    )


async def _take_part(tx: Ledger, row: Invitation, body: Organisation) -> None:
    parts = await parts_held(body.id)
    if Part(row.account, row.role) in parts:
        raise rules.AlreadyMember(f"You are {row.role} here already.")
    rules.decide_addresses(row.account, row.role, parts, tx.scheme.pack)
    one_person = rules.is_one_person(row.account, row.role, parts)
    decide_people(body.band, one_person=one_person, pack=tx.scheme.pack)
    if row.role == "sponsor":
        await end_role(tx, body.id, "sponsor")
        await Organisation.update({Organisation.sponsor_role: row.sponsor_role}).where(
            Organisation.id == body.id
        )
    await write_member(tx, body.id, row.account, row.role, one_person=one_person, invitation=row)


async def _parts_offered(tx: Ledger, organisation: UUID) -> frozenset[Part]:
    rows = await Invitation.select(Invitation.account, Invitation.role).where(
        (Invitation.organisation == organisation)
        & (Invitation.answer == "")
        & (Invitation.expires_on >= tx.today)
    )
    return frozenset(Part(row["account"], row["role"]) for row in rows)


async def _lock(tx: Ledger, invitation: UUID, account: UUID) -> tuple[Invitation, Organisation]:
    """Return an invitation of this person and its organisation, locked. Raises `NotFound`."""
    row = await Invitation.objects().where(Invitation.id == invitation).first()
    if row is None or row.account != account:
        raise NotFound("There is no such invitation.")
    body = await tx.lock_organisation(row.organisation)
    again = await Invitation.objects().where(Invitation.id == invitation).first()
    return again or row, body


async def _answer(tx: Ledger, row: Invitation, answer: str) -> None:
    await Invitation.update({Invitation.answer: answer, Invitation.answered_at: tx.now}).where(
        (Invitation.id == row.id) & (Invitation.answer == "")
    )
