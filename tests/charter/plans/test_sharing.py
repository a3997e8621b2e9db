"""A pledge shared by several: with consent, shown by all, counted once (rule 15)."""

from datetime import timedelta
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.organisations.service import merge_organisation
from charter.plans import ask_rules, sharing_rules
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.pledge_rules import PledgeNotLive
from charter.plans.rules import TypeWithoutPledge
from charter.plans.service import (
    answer_partnership,
    ask_partner,
    check_group,
    close_door,
    leave_partnership,
    open_quiet_period,
    publish_plan,
    register_group,
    save_pledge,
    withdraw_pledge,
)
from charter.plans.sharing_queries import led_by, partners_of, partnerships_of
from charter.plans.sharing_rules import Invitation
from charter.signing.service import sign_charter
from charter.standing.tables import CurrentStanding
from tests.charter.acting import (
    SPONSOR,
    TYPES,
    accept,
    answer_all,
    apply,
    draft_for,
    kinds_of,
    published,
)
from tests.world import World, the_pack

LEAD = UUID(int=1, version=4)
OTHER = UUID(int=2, version=4)
PART = "Lend rooms and staff time"


def test_a_partner_is_one_organisation_or_one_group_with_something_to_do() -> None:
    assert not sharing_rules.check_invitation(Invitation(PART, organisation=OTHER))
    for wrong, fields in (
        (Invitation(PART), ["partner"]),
        (Invitation(PART, organisation=OTHER, group=OTHER), ["partner"]),
        (Invitation(" ", group=OTHER), ["part"]),
    ):
        assert [error.field for error in sharing_rules.check_invitation(wrong)] == fields


@pytest.mark.parametrize(
    ("whom", "known", "refusal"),
    [
        (LEAD, (), sharing_rules.NotSharable),
        (OTHER, (OTHER,), sharing_rules.PartnerAlready),
        (OTHER, [UUID(int=n, version=4) for n in range(9, 29)], sharing_rules.PartnersMost),
    ],
)
def test_whom_a_lead_cannot_ask(
    whom: UUID, known: tuple[UUID, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        sharing_rules.decide_invitation(
            Invitation(PART, organisation=whom), LEAD, known, the_pack()
        )


async def another(world: World, name: str = "Mill Road Surgery") -> UUID:
    """Bring one more organisation into the register: accepted and signed, without a plan."""
    domain = f"{name.lower().replace(' ', '-')}.example"
    organisation = await apply(world, name=name, domain=domain, identifiers=())
    await accept(world, organisation)
    await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)
    return organisation


async def a_group(world: World) -> UUID:
    group = await register_group(
        world.scheme,
        group=GroupRegistration("Quayside Voices", "liverpool", people=4),
        account=OTHER,
    )
    await check_group(world.scheme, group=group, accept=True)
    return group


async def ask(world: World, lead: UUID, **whom: UUID) -> UUID:
    return await ask_partner(
        world.scheme, organisation=lead, number=2, invitation=Invitation(PART, **whom)
    )


async def results_of(organisation: UUID) -> str:
    row = (
        await CurrentStanding.objects().where(CurrentStanding.organisation == organisation).first()
    )
    assert row is not None
    return str(row.results)


database = pytest.mark.usefixtures("database")


@database
async def test_a_partner_that_agrees_shares_the_pledge_and_both_histories_say_so() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    asked = await ask(world, lead, organisation=partner)
    [seen] = await partnerships_of(partner)
    assert (seen.state, seen.part, seen.lead_name) == ("asked", PART, "Harbour Lights Theatre")
    assert not seen.shared_at(world.scheme.now())

    await answer_partnership(world.scheme, partner=asked, accept=True)

    [joined] = await partners_of(lead, 2)
    assert joined.shared_at(world.scheme.now())
    assert not joined.shared_at(world.scheme.now() - timedelta(days=1))
    assert (await kinds_of(lead))[-2:] == ["partner-asked", "partner-joined"]
    last = (await events_of(partner))[-1]
    assert (last.kind, last.data) == (
        "shared-pledge-joined",
        {"number": 2, "lead": "harbour-lights-theatre"},
    )
    with pytest.raises(sharing_rules.PartnershipAnswered):
        await answer_partnership(world.scheme, partner=asked, accept=False)
    with pytest.raises(sharing_rules.PartnerAlready):
        await ask(world, lead, organisation=partner)


@database
async def test_a_shared_pledge_is_counted_for_its_lead_and_fills_no_row_of_a_partner() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    results = await results_of(lead)
    await answer_all(world, partner)
    for type_id in TYPES[1:]:
        await save_pledge(
            world.scheme, organisation=partner, number=None, draft=draft_for(world, type_id)
        )
    asked = await ask_partner(
        world.scheme, organisation=lead, number=1, invitation=Invitation(PART, partner)
    )
    await answer_partnership(world.scheme, partner=asked, accept=True)

    with pytest.raises(TypeWithoutPledge) as refused:
        await publish_plan(world.scheme, organisation=partner)

    assert [error.field for error in refused.value.errors] == [TYPES[0]]
    assert await results_of(lead) == results
    assert '"not_yet_due": 0' in await results_of(partner)


@database
async def test_nobody_is_named_a_partner_who_declined() -> None:
    world = World()
    lead, group = await published(world), await a_group(world)
    asked = await ask(world, lead, group=group)

    await answer_partnership(world.scheme, partner=asked, accept=False)

    [seen] = await led_by(lead)
    assert (seen.state, seen.slug) == ("declined", None)
    assert not seen.shared_at(world.scheme.now())
    last = (await events_of(lead))[-1]
    assert (last.kind, last.data) == ("partner-declined", {"pledge": 2})
    await ask(world, lead, group=group)


@database
async def test_a_partner_leaves_and_that_it_shared_stays() -> None:
    world = World()
    lead, partner, group = await published(world), await another(world), await a_group(world)
    for asked in (
        await ask(world, lead, organisation=partner),
        await ask(world, lead, group=group),
    ):
        await answer_partnership(world.scheme, partner=asked, accept=True)
    theirs, the_groups = await partners_of(lead, 2)
    with pytest.raises(InvalidInput):
        await leave_partnership(world.scheme, partner=theirs.id, reason=" ")

    await leave_partnership(world.scheme, partner=theirs.id, reason="The rooms were sold.")
    await leave_partnership(world.scheme, partner=the_groups.id, reason="")

    left, also = await partners_of(lead, 2)
    assert (left.state, left.reason, also.state, also.reason) == (
        *("left", "The rooms were sold."),
        *("left", ""),
    )
    assert (await kinds_of(partner))[-1] == "shared-pledge-left"
    with pytest.raises(sharing_rules.PartnershipAnswered):
        await leave_partnership(world.scheme, partner=theirs.id, reason="Again.")


@database
async def test_a_group_is_not_asked_behind_a_closed_door_or_in_a_quiet_period() -> None:
    world = World()
    lead, group = await published(world), await a_group(world)
    until = world.scheme.today() + timedelta(days=3)
    await close_door(world.scheme, group=group, until=until)
    with pytest.raises(ask_rules.DoorClosed):
        await ask(world, lead, group=group)
    await close_door(world.scheme, group=group, until=None)
    await open_quiet_period(world.scheme, reason="After the attack.", until=until)
    with pytest.raises(ask_rules.QuietNow):
        await ask(world, lead, group=group)
    with pytest.raises(NotFound):
        await ask(world, lead, organisation=OTHER)


@database
async def test_a_withdrawn_pledge_can_be_declined_and_not_joined() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    asked = await ask(world, lead, organisation=partner)
    await withdraw_pledge(world.scheme, organisation=lead, number=2, reason="No money.")

    with pytest.raises(sharing_rules.NotSharable):
        await answer_partnership(world.scheme, partner=asked, accept=True)
    await answer_partnership(world.scheme, partner=asked, accept=False)
    with pytest.raises(PledgeNotLive):
        await ask(world, lead, organisation=partner)
    with pytest.raises(NotFound):
        await answer_partnership(world.scheme, partner=OTHER, accept=True)


@database
async def test_partners_go_on_sharing_with_a_successor_of_the_lead() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    successor = await another(world, "Dock Theatres Together")
    asked = await ask(world, lead, organisation=partner)
    await answer_partnership(world.scheme, partner=asked, accept=True)

    await merge_organisation(world.scheme, organisation=lead, into=successor)

    [seen] = await led_by(successor)
    assert (seen.name, seen.state, seen.title) == (
        *("Mill Road Surgery", "joined"),
        "A fair say in interpersonal matters",
    )


@database
async def test_a_merged_partner_hands_its_place_to_its_successor() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    successor = await another(world, "Dock Theatres Together")
    asked = await ask(world, lead, organisation=partner)
    await answer_partnership(world.scheme, partner=asked, accept=True)
    world.pass_days(1)

    await merge_organisation(world.scheme, organisation=partner, into=successor)

    before, after = await partners_of(lead, 2)
    assert (before.name, before.state, before.left_at) == (
        *("Mill Road Surgery", "left"),
        world.scheme.now(),
    )
    assert (after.name, after.state, after.part, after.answered_at) == (
        *("Dock Theatres Together", "joined", PART),
        world.scheme.now(),
    )
    assert [seen.name for seen in await partnerships_of(successor)] == ["Dock Theatres Together"]
    assert (await kinds_of(lead))[-2:] == ["partner-left", "partner-joined"]
    assert "shared-pledge-left" in await kinds_of(partner)
    assert "shared-pledge-joined" in await kinds_of(successor)


@database
async def test_what_a_merged_organisation_was_asked_is_asked_of_its_successor() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    successor = await another(world, "Dock Theatres Together")
    await ask(world, lead, organisation=partner)

    await merge_organisation(world.scheme, organisation=partner, into=successor)

    [seen] = await partnerships_of(successor)
    assert seen.state == "asked"
    await answer_partnership(world.scheme, partner=seen.id, accept=True)
    assert "partner-joined" in await kinds_of(lead)


@database
async def test_a_successor_with_a_place_of_its_own_takes_no_second_one() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    successor = await another(world, "Dock Theatres Together")
    for each in (partner, successor):
        asked = await ask(world, lead, organisation=each)
        await answer_partnership(world.scheme, partner=asked, accept=True)
    await merge_organisation(world.scheme, organisation=partner, into=successor)
    assert {seen.name: seen.state for seen in await partners_of(lead, 2)} == {
        "Mill Road Surgery": "left",
        "Dock Theatres Together": "joined",
    }

    await merge_organisation(world.scheme, organisation=successor, into=lead)
    assert {seen.state for seen in await partners_of(lead, 2)} == {"left"}


@database
async def test_a_partner_that_continues_its_lead_leads_and_does_not_share_with_itself() -> None:
    world = World()
    lead, partner = await published(world), await another(world)
    asked = await ask(world, lead, organisation=partner)
    await answer_partnership(world.scheme, partner=asked, accept=True)

    await merge_organisation(world.scheme, organisation=lead, into=partner)

    assert await led_by(partner) == ()
