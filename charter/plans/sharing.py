"""Use cases of shared pledges: ask a partner, answer, leave. Each is an event (rule 15)."""

from dataclasses import dataclass
from uuid import UUID

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, NotFound
from charter.history.events import Fact
from charter.ledger import Ledger, Words, transaction
from charter.organisations.tables import Organisation
from charter.plans import ask_rules, sharing_rules
from charter.plans.answers import find_standing
from charter.plans.ask_rules import Door
from charter.plans.groups import lock_group
from charter.plans.pledges import find_live
from charter.plans.quiet import quiet_until
from charter.plans.sharing_rules import Invitation
from charter.plans.tables import Pledge, PledgePartner
from charter.scheme import Scheme

A_GROUP = "a-community-group"
"""What a group is called in an event: its name may be that of people."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """A partnership with the pledge and those it joins; `partner` is None for a group."""

    row: PledgePartner
    pledge: Pledge
    lead: Organisation
    partner: Organisation | None

    def tell_both(self, tx: Ledger, what: str, words: Words | None = None) -> None:
        """Record on the lead's page, and on the partner's where it has one, what became of it."""
        number = self.pledge.number
        tx.record(
            f"partner-{what}",
            {"pledge": number, "partner": self.partner.slug if self.partner else A_GROUP},
            organisation=self.lead.id,
            by="partner",
            words=words,
        )
        if self.partner is not None:
            tx.record(
                f"shared-pledge-{what}",
                {"number": number, "lead": self.lead.slug},
                organisation=self.partner.id,
                by="sponsor",
                words=words,
            )


async def ask_partner(
    scheme: Scheme, *, organisation: UUID, number: int, invitation: Invitation
) -> UUID:
    """Ask an organisation on the register or a checked group to share a live pledge.

    Nothing shows that somebody was asked but the fact. Raises `InvalidInput`, `NotSigned`,
    `NotSharable`, `PartnerAlready`, `PartnersMost`, and for a group what `ask_group` raises of
    its door and of quiet periods.
    """
    errors = sharing_rules.check_invitation(invitation)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    already = sharing_rules.PartnerAlready("They have been asked already. Wait for their answer.")
    with refuse_when_taken(pledge_partner_once=already):
        async with transaction(scheme) as tx:
            await tx.lock_organisation(organisation)
            await find_standing(tx, organisation)
            row = await find_live(organisation, number)
            known = await _known_partners(row)
            sharing_rules.decide_invitation(invitation, organisation, known, scheme.pack)
            await _require_askable(tx, invitation)
            words = await tx.publish_words(
                "partner", {"part": invitation.part.strip()}, organisation=organisation
            )
            asked = PledgePartner(
                id=tx.new_id(),
                pledge=row.id,
                organisation=invitation.organisation,
                group=invitation.group,
                version=row.version,
                words=words.id,
                asked_at=tx.now,
            )
            await asked.save()
            tx.record("partner-asked", {"pledge": number}, organisation=organisation, by="lead")
            return asked.id


async def answer_partnership(scheme: Scheme, *, partner: UUID, accept: bool) -> None:
    """Share a pledge from now on, or decline with no reason asked.

    Raises `NotSharable` where the pledge is not live any more, and `PartnershipAnswered`.
    """
    async with transaction(scheme) as tx:
        shared = await _lock(tx, partner)
        row, pledge = shared.row, shared.pledge
        if accept and pledge.state != "live":
            raise sharing_rules.NotSharable("This pledge is not live any more. Decline, then.")
        if accept and row.organisation is not None:
            await find_standing(tx, row.organisation)
        if not await _move(tx, row, "asked", "joined" if accept else "declined"):
            raise _answered()
        if accept:
            shared.tell_both(tx, "joined")
        else:
            facts: dict[str, Fact] = {"pledge": pledge.number}
            tx.record("partner-declined", facts, organisation=pledge.organisation, by="partner")


async def leave_partnership(scheme: Scheme, *, partner: UUID, reason: str) -> None:
    """Share a pledge no longer; that it was shared stays visible.

    An organisation says why in public; a community group need not. Raises `InvalidInput` and
    `PartnershipAnswered`.
    """
    async with transaction(scheme) as tx:
        shared = await _lock(tx, partner)
        row = shared.row
        errors = sharing_rules.check_reason(reason, needed=row.organisation is not None)
        if errors:
            raise InvalidInput("Say why you leave.", errors=errors)
        if not await _move(tx, row, "joined", "left"):
            raise _answered()
        words = None
        if reason.strip():
            words = await tx.publish_words(
                "partner-left", {"reason": reason.strip()}, organisation=row.organisation
            )
            await PledgePartner.update({PledgePartner.reason: words.id}).where(
                PledgePartner.id == row.id
            )
        shared.tell_both(tx, "left", words)


async def take_partners_over(tx: Ledger, *, pledge: UUID, into: UUID, lead: UUID) -> None:
    """Let the partners of a pledge share its copy with a successor of the lead (row 14).

    A partner that is itself the successor now leads it, and shares it with nobody but the others.
    """
    for row in await PledgePartner.objects().where(
        (PledgePartner.pledge == pledge) & PledgePartner.state.is_in(list(sharing_rules.OPEN))
    ):
        if row.organisation != lead:
            await _copy(tx, row, pledge=into, organisation=row.organisation)


async def hand_places_over(tx: Ledger, *, organisation: UUID, into: UUID) -> None:
    """Let a successor share what a merged organisation shared, or was asked to share (row 14).

    Where it leads the pledge, shares it or is asked already, the place only ends. Both
    organisations must be locked.
    """
    rows = await PledgePartner.objects().where(
        (PledgePartner.organisation == organisation)
        & PledgePartner.state.is_in(list(sharing_rules.OPEN))
    )
    for row in sorted(rows, key=lambda row: (row.asked_at, row.id)):
        pledge = await Pledge.objects().get(Pledge.id == row.pledge)
        if pledge is None:
            raise RuntimeError("a pledge that is shared cannot be gone")
        joined, has_a_place = (
            row.state == "joined",
            into
            in {
                pledge.organisation,
                *await _known_partners(pledge),
            },
        )
        await _move(tx, row, row.state, "left" if joined else "declined")
        if joined:
            (await _shared(row, pledge, organisation)).tell_both(tx, "left")
        if has_a_place or pledge.state != "live":
            continue
        handed = await _copy(tx, row, pledge=pledge.id, organisation=into)
        if joined:
            (await _shared(handed, pledge, into)).tell_both(tx, "joined")


async def _shared(row: PledgePartner, pledge: Pledge, partner: UUID) -> _Shared:
    wanted = {pledge.organisation, partner}
    found = await Organisation.objects().where(Organisation.id.is_in(list(wanted)))
    bodies = {body.id: body for body in found}
    return _Shared(row, pledge, bodies[pledge.organisation], bodies[partner])


async def _copy(
    tx: Ledger, row: PledgePartner, *, pledge: UUID, organisation: UUID | None
) -> PledgePartner:
    """Write a place in a pledge like another; another's is asked of, and taken up, from now on."""
    handed = organisation != row.organisation
    place = PledgePartner(
        id=tx.new_id(),
        pledge=pledge,
        organisation=organisation,
        group=row.group,
        version=row.version,
        words=row.words,
        state=row.state,
        asked_at=tx.now if handed else row.asked_at,
        answered_at=tx.now if handed and row.state == "joined" else row.answered_at,
    )
    await place.save()
    return place


async def _require_askable(tx: Ledger, invitation: Invitation) -> None:
    """Raise where the one to be asked takes no part in the scheme, or takes no requests now."""
    if invitation.organisation is not None:
        body = (
            await Organisation.objects()
            .where(
                (Organisation.id == invitation.organisation)
                & Organisation.public_since.is_not_null()
            )
            .first()
        )
        if body is None:
            raise NotFound("There is no such organisation on the register.")
    elif invitation.group is not None:
        ask_rules.decide_asking(await quiet_until(tx.today))
        group = await lock_group(invitation.group)
        ask_rules.decide_approach(
            Door(group.checked_at, group.closed_until, group.people), tx.today
        )


async def _known_partners(pledge: Pledge) -> set[UUID]:
    rows = await PledgePartner.objects().where(
        (PledgePartner.pledge == pledge.id) & PledgePartner.state.is_in(list(sharing_rules.OPEN))
    )
    return {each for row in rows for each in (row.organisation, row.group)} - {None}


async def _lock(tx: Ledger, partner: UUID) -> _Shared:
    """Return a partnership with its lead and its partner locked. Raises `NotFound`."""
    row = await PledgePartner.objects().where(PledgePartner.id == partner).first()
    pledge = await Pledge.objects().where(Pledge.id == row.pledge).first() if row else None
    if row is None or pledge is None:
        raise NotFound("There is no such pledge to share.")
    # Always in the same order, so that two partnerships cannot wait for each other.
    wanted = sorted({pledge.organisation, row.organisation} - {None})
    bodies = {each: await tx.lock_organisation(each) for each in wanted}
    return _Shared(row, pledge, bodies[pledge.organisation], bodies.get(row.organisation))


async def _move(tx: Ledger, row: PledgePartner, was: str, to: str) -> bool:
    at = PledgePartner.left_at if to == "left" else PledgePartner.answered_at
    moved = (
        await PledgePartner.update({PledgePartner.state: to, at: tx.now})
        .where((PledgePartner.id == row.id) & (PledgePartner.state == was))
        .returning(PledgePartner.id)
    )
    return bool(moved)


def _answered() -> sharing_rules.PartnershipAnswered:
    return sharing_rules.PartnershipAnswered("This was answered already. Look at what stands now.")
