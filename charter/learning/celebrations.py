"""Celebrations: told by anyone, confirmed by a community group alone (rule 28).

What an organisation tells of itself is shown at once, as its own word. What anybody else tells
is held until a steward has read it. Neither makes it true: a checked community group does.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column

from charter.errors import FieldError, InvalidInput, NotFound
from charter.learning import rules
from charter.learning.proposals import decided, owe_decision
from charter.learning.rules import CelebrationProposal
from charter.learning.tables import Celebration
from charter.ledger import Ledger, Words, transaction
from charter.organisations.queries import role_in
from charter.organisations.tables import Organisation
from charter.plans.codesign_rules import GroupNotChecked
from charter.plans.tables import CommunityGroup, Pledge
from charter.scheme import Scheme


async def celebrate_own(scheme: Scheme, *, celebration: CelebrationProposal) -> int:
    """Show what an organisation says of itself, not confirmed yet. Raises `InvalidInput`."""
    async with transaction(scheme) as tx:
        row = await _written_down(tx, celebration, "organisation")
        await row.save()
        await _show(tx, row, celebration.words())
        number: int = row.id
        return number


async def propose_celebration(scheme: Scheme, *, celebration: CelebrationProposal) -> int:
    """Hold what somebody without an account tells until a steward has read it.

    Raises `InvalidInput`.
    """
    return await _hold(scheme, celebration, "public")


async def celebrate_as_group(
    scheme: Scheme, *, celebration: CelebrationProposal, account: UUID
) -> int:
    """Hold what a checked group tells; once released, it stands as confirmed by that group.

    Raises `InvalidInput`, `GroupNotChecked`, `OwnCelebration`.
    """
    await _require_no_part(account, celebration.organisation)
    return await _hold(scheme, celebration, "community-group")


async def release_celebration(scheme: Scheme, *, celebration: int) -> None:
    """Show a celebration that was held. Raises `ProposalDecided`."""
    async with transaction(scheme) as tx:
        row = await _lock_proposed(tx, celebration)
        await _show(tx, row, msgspec.json.decode(row.draft))
        await decided(tx, row.obligation)
        if row.proposed_by == "community-group":
            await _confirm(tx, row, row.group)


async def refuse_celebration(scheme: Scheme, *, celebration: int) -> None:
    """Let a proposal go: its words are deleted unread by the public. Raises `ProposalDecided`."""
    async with transaction(scheme) as tx:
        row = await _lock_proposed(tx, celebration)
        await _change(row, {Celebration.state: "refused", Celebration.draft: None})
        await decided(tx, row.obligation)


async def confirm_celebration(
    scheme: Scheme, *, celebration: int, group: UUID, account: UUID
) -> None:
    """Put a community group's word behind a celebration; `account` is who speaks for the group.

    Raises `AlreadyCelebrated`, `GroupNotChecked`, `OwnCelebration`.
    """
    async with transaction(scheme) as tx:
        row = await _lock_shown(tx, celebration)
        await _require_no_part(account, row.organisation)
        if row.confirmed_by is not None:
            raise rules.AlreadyCelebrated("A community group has confirmed this already.")
        await _require_checked(group)
        await _confirm(tx, row, group)


async def let_celebration_be(scheme: Scheme, *, celebration: int, group: UUID) -> None:
    """Take a group's no, or its wish not to answer: no reason is asked and nobody is told."""
    async with transaction(scheme) as tx:
        row = await _lock_shown(tx, celebration)
        if row.group == group and row.confirmed_by is None:
            await _change(row, {Celebration.declined_at: tx.now})


async def take_confirmation_back(scheme: Scheme, *, celebration: int, group: UUID) -> None:
    """Take a group's word back: the celebration reads as not confirmed again.

    Raises `NotConfirmedByThem`.
    """
    async with transaction(scheme) as tx:
        row = await _lock_shown(tx, celebration)
        if row.confirmed_by != group:
            raise rules.NotConfirmedByThem("Your group has not confirmed this.")
        await _change(row, {Celebration.confirmed_by: None, Celebration.confirmed_at: None})
        tx.record(
            "celebration-confirmation-withdrawn",
            {"celebration": row.id, "group": str(group)},
            organisation=row.organisation,
            by="community-group",
        )


async def _hold(scheme: Scheme, celebration: CelebrationProposal, proposed_by: str) -> int:
    async with transaction(scheme) as tx:
        row = await _written_down(tx, celebration, proposed_by)
        row.draft = msgspec.json.encode(celebration.words()).decode()
        row.obligation = await owe_decision(tx)
        await row.save()
        number: int = row.id
        return number


async def _written_down(
    tx: Ledger, celebration: CelebrationProposal, proposed_by: str
) -> Celebration:
    """Return the row of a proposal that has nothing wrong with it, about a public organisation."""
    organisation = await tx.lock_organisation(celebration.organisation)
    await _require_public(organisation)
    pledges = await _published_pledges(celebration.organisation)
    errors = rules.check_celebration(celebration, pledges, tx.scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    if celebration.group is not None:
        await _require_checked(celebration.group)
    return Celebration(
        organisation=celebration.organisation,
        pledge=celebration.pledge,
        type=pledges.get(celebration.pledge or 0, celebration.type),
        proposed_by=proposed_by,
        group=celebration.group,
        proposed_at=tx.now,
    )


async def _show(tx: Ledger, row: Celebration, words: Mapping[str, Any]) -> None:
    published: Words = await tx.publish_words("celebration", words, organisation=row.organisation)
    await _change(
        row,
        {
            Celebration.state: "shown",
            Celebration.shown_at: tx.now,
            Celebration.words: published.id,
            Celebration.draft: None,
        },
    )
    tx.record(
        "celebration-shown",
        {
            "celebration": row.id,
            "proposed_by": row.proposed_by,
            "pledge": row.pledge,
            "type": row.type or None,
        },
        organisation=row.organisation,
        by=row.proposed_by,
        words=published,
    )


async def _confirm(tx: Ledger, row: Celebration, group: UUID) -> None:
    await _change(row, {Celebration.confirmed_by: group, Celebration.confirmed_at: tx.now})
    tx.record(
        "celebration-confirmed",
        {"celebration": row.id, "group": str(group)},
        organisation=row.organisation,
        by="community-group",
    )


async def _change(row: Celebration, changes: dict[Column | str, Any]) -> None:
    await Celebration.update(changes).where(Celebration.id == row.id)


async def _require_public(organisation: Organisation) -> None:
    if organisation.public_since is None:
        sentence = "Choose an organisation of the register."
        raise InvalidInput(sentence, errors=[FieldError("organisation", sentence)])


async def _require_checked(group: UUID) -> None:
    known = await CommunityGroup.exists().where(
        (CommunityGroup.id == group) & (CommunityGroup.state == "checked")
    )
    if not known:
        raise GroupNotChecked("The hub has not checked this group yet.")


async def _require_no_part(account: UUID, organisation: UUID) -> None:
    if await role_in(account, organisation):
        raise rules.OwnCelebration(
            "You have a part in this organisation. Ask somebody else in your group to answer."
        )


async def _published_pledges(organisation: UUID) -> dict[int, str]:
    rows = await Pledge.select(Pledge.number, Pledge.type).where(
        (Pledge.organisation == organisation) & (Pledge.version > 0)
    )
    return {row["number"]: row["type"] for row in rows}


async def _lock_proposed(tx: Ledger, celebration: int) -> Celebration:
    row = await _lock(tx, celebration)
    if row.state != "proposed":
        raise rules.ProposalDecided("Somebody at the hub has decided this already.")
    return row


async def _lock_shown(tx: Ledger, celebration: int) -> Celebration:
    row = await _lock(tx, celebration)
    if row.state != "shown":
        raise NotFound("There is no such celebration.")
    return row


async def _lock(tx: Ledger, celebration: int) -> Celebration:
    """Lock the organisation first, as everybody does, then the celebration."""
    known = await Celebration.objects().where(Celebration.id == celebration).first()
    if known is None:
        raise NotFound("There is no such celebration.")
    await tx.lock_organisation(known.organisation)
    row = (
        await Celebration.objects().where(Celebration.id == celebration).lock_rows("UPDATE").first()
    )
    if row is None:
        raise NotFound("There is no such celebration.")
    return row
