"""What an organisation does with others: shared pledges, asks, and one continuing the other."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from charter.organisations.service import merge_organisation
from charter.plans.ask_rules import Ask
from charter.plans.service import (
    answer_partnership,
    answer_request,
    ask_group,
    ask_partner,
    leave_partnership,
)
from charter.plans.sharing_rules import Invitation
from charter.plans.tables import PledgePartner, RequestToTakePart
from tests.charter.lives.town import NOBODY, Town, named, picked

BEGINNINGS = ("signed", "published", "agreed")


async def _meet_a_neighbour(town: Town, pick: int, _more: int) -> None:
    await town.neighbour(BEGINNINGS[pick % len(BEGINNINGS)])


async def _merge(town: Town, pick: int, more: int) -> None:
    """Have one continue the other; where the neighbour does, life goes on as the neighbour."""
    other = await town.neighbour(BEGINNINGS[pick % len(BEGINNINGS)])
    own = town.organisation
    if more % 3 == 0:
        await merge_organisation(town.world.scheme, organisation=other, into=own)
    elif more % 3 == 1:
        await merge_organisation(town.world.scheme, organisation=own, into=other)
        town.organisation = other


async def _share(town: Town, pick: int, more: int) -> None:
    """Ask somebody to share a pledge: the neighbour, the group, or the other way round."""
    other = await town.neighbour("published")
    lead, partner = (other, town.organisation) if more % 3 == 0 else (town.organisation, other)
    group = await town.known_group() if more % 3 == 1 else None
    asked = await ask_partner(
        town.world.scheme,
        organisation=lead,
        number=picked(await town.numbers(lead), pick),
        invitation=Invitation(
            "Lend rooms and staff time", organisation=None if group else partner, group=group
        ),
    )
    if more % 2:
        await answer_partnership(town.world.scheme, partner=asked, accept=more % 4 == 1)


async def _answer_a_partner(town: Town, pick: int, more: int) -> None:
    await answer_partnership(
        town.world.scheme, partner=await _a_partnership(pick), accept=more % 4 > 0
    )


async def _leave_a_partner(town: Town, pick: int, more: int) -> None:
    reason = "The rooms are let." if more % 4 else ""
    await leave_partnership(town.world.scheme, partner=await _a_partnership(pick), reason=reason)


async def _ask_a_group(town: Town, pick: int, _more: int) -> None:
    held_on = town.world.scheme.today() + timedelta(days=40 + pick)
    await ask_group(
        town.world.scheme,
        organisation=town.organisation,
        group=await town.known_group(),
        ask=Ask("An evening on recruiting", 2, Decimal(4), 20_000, held_on),
    )


async def _answer_an_ask(town: Town, pick: int, more: int) -> None:
    rows = await RequestToTakePart.select(RequestToTakePart.id).order_by(
        RequestToTakePart.answer_by, RequestToTakePart.id
    )
    request = rows[pick % len(rows)]["id"] if rows else NOBODY
    await answer_request(town.world.scheme, request=request, accept=more % 2 == 0)


async def _a_partnership(pick: int) -> UUID:
    rows = await PledgePartner.select(PledgePartner.id).order_by(
        PledgePartner.asked_at, PledgePartner.id
    )
    return rows[pick % len(rows)]["id"] if rows else NOBODY


ACTS = named(
    *(_meet_a_neighbour, _merge, _share, _answer_a_partner, _leave_a_partner),
    *(_ask_a_group, _answer_an_ask),
)
