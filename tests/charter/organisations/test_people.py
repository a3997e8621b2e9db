"""People: asked, accepting, covering, leaving, and handing over (rules 1 and 36)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.obligations.tables import Notice, Obligation
from charter.organisations import people_rules as rules
from charter.organisations.people_rules import Asked
from charter.organisations.queries import (
    find_organisation,
    invitations_of,
    invitations_to,
    members_of,
    memberships_of,
    role_in,
)
from charter.organisations.rules import OnePersonTwoRoles
from charter.organisations.service import (
    accept_invitation,
    begin_covers,
    decline_invitation,
    end_covers,
    end_membership,
    invite_person,
    lapse_invitations,
    take_back_invitation,
)
from tests.charter.acting import LEAD, SPONSOR, apply, join, kinds_of, signed
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

SOMEBODY = UUID(int=0xC1, version=4)
OTHER = UUID(int=0xC2, version=4)


async def invite(world: World, organisation: UUID, account: UUID, asked: Asked) -> UUID:
    return await invite_person(
        world.scheme,
        organisation=organisation,
        account=account,
        asked=asked,
        invited_by_role="lead",
    )


async def handovers(state: str = "open") -> list[Obligation]:
    return await Obligation.objects().where(
        (Obligation.kind == "handover") & (Obligation.state == state)
    )


async def leave(
    world: World,
    organisation: UUID,
    account: UUID,
    role: str,
    *,
    successor: UUID | None = None,
) -> None:
    await end_membership(
        world.scheme, organisation=organisation, account=account, role=role, successor=successor
    )


async def test_nobody_has_a_part_before_they_accept_it() -> None:
    world = World()
    organisation = await signed(world)
    invitation = await invite(world, organisation, SOMEBODY, Asked("member"))

    assert await role_in(SOMEBODY, organisation) == frozenset()
    assert [each.id for each in await invitations_to(SOMEBODY, world.scheme.today())] == [
        invitation
    ]
    with pytest.raises(NotFound):
        await accept_invitation(world.scheme, invitation=invitation, account=OTHER)
    await accept_invitation(world.scheme, invitation=invitation, account=SOMEBODY)

    assert await role_in(SOMEBODY, organisation) == {"member"}
    assert await invitations_to(SOMEBODY, world.scheme.today()) == ()
    with pytest.raises(rules.InvitationClosed):
        await accept_invitation(world.scheme, invitation=invitation, account=SOMEBODY)


async def test_an_invitation_can_be_declined_taken_back_or_run_out() -> None:
    world = World()
    organisation = await signed(world)

    declined = await invite(world, organisation, SOMEBODY, Asked("member"))
    await decline_invitation(world.scheme, invitation=declined, account=SOMEBODY)
    back = await invite(world, organisation, SOMEBODY, Asked("member"))
    with pytest.raises(NotFound):
        await take_back_invitation(world.scheme, invitation=back, organisation=OTHER)
    await take_back_invitation(world.scheme, invitation=back, organisation=organisation)
    late = await invite(world, organisation, SOMEBODY, Asked("member"))
    assert [each.id for each in await invitations_of(organisation, world.scheme.today())] == [late]
    world.pass_days(15)

    for invitation in (declined, back, late):
        with pytest.raises(rules.InvitationClosed):
            await accept_invitation(world.scheme, invitation=invitation, account=SOMEBODY)
    assert await invitations_of(organisation, world.scheme.today()) == ()
    assert await lapse_invitations(world.scheme) == 1
    assert await lapse_invitations(world.scheme) == 0
    await join(world, organisation, SOMEBODY, "member")


async def test_a_person_is_asked_and_holds_a_part_once() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(rules.AlreadyMember):
        await invite(world, organisation, LEAD, Asked("lead"))
    await invite(world, organisation, SOMEBODY, Asked("member"))
    with pytest.raises(rules.AlreadyMember):
        await invite(world, organisation, SOMEBODY, Asked("member"))


async def test_at_most_five_people_of_one_organisation_are_written_to() -> None:
    world = World()
    organisation = await signed(world)
    for number in range(3):
        await join(world, organisation, UUID(int=number, version=4), "member")

    with pytest.raises(rules.TooManyAddresses):
        await invite(world, organisation, SOMEBODY, Asked("member"))
    # A second part of the same person is no new address; nor is a sponsor in the old one's place.
    await join(world, organisation, UUID(int=1, version=4), "delegate")
    await join(world, organisation, SOMEBODY, "sponsor", sponsor_role="Chair")

    assert len({member.account for member in await members_of(organisation)}) == 5


async def test_open_invitations_count_among_the_five() -> None:
    world = World()
    organisation = await signed(world)
    asked = [
        await invite(world, organisation, UUID(int=number, version=4), Asked("member"))
        for number in range(3)
    ]
    with pytest.raises(rules.TooManyAddresses):
        await invite(world, organisation, SOMEBODY, Asked("member"))

    await take_back_invitation(world.scheme, invitation=asked[0], organisation=organisation)
    await invite(world, organisation, SOMEBODY, Asked("member"))


async def test_a_new_sponsor_stands_in_the_old_ones_place_once_they_accept() -> None:
    world = World()
    organisation = await signed(world)
    invitation = await invite(world, organisation, SOMEBODY, Asked("sponsor", "Chair"))
    assert await role_in(SPONSOR, organisation) == {"sponsor"}
    await accept_invitation(world.scheme, invitation=invitation, account=SOMEBODY)

    held = {member.role: member.account for member in await members_of(organisation)}
    assert held == {"lead": LEAD, "sponsor": SOMEBODY}
    own = await find_organisation(organisation)
    assert own is not None
    assert own.sponsor_role == "Chair"
    assert await handovers() == []


async def test_a_lead_of_a_larger_body_does_not_become_its_sponsor() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(OnePersonTwoRoles):
        await invite(world, organisation, LEAD, Asked("sponsor", "Chair"))


TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked("boss"), "role"),
        (Asked("sponsor"), "sponsor_role"),
        (Asked("sponsor", " " * 5), "sponsor_role"),
        (Asked("member", covers_until=TODAY), "covers_until"),
        (Asked("delegate", covers_from=TODAY), "covers_until"),
        (Asked("delegate", covers_until=TODAY - timedelta(days=1)), "covers_until"),
        (
            Asked("delegate", covers_from=TODAY + timedelta(days=9), covers_until=TODAY),
            "covers_until",
        ),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_field(asked: Asked, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await invite(World(), OTHER, SOMEBODY, asked)

    assert [error.field for error in refused.value.errors] == [field]


async def test_a_delegate_covers_from_one_day_to_another_and_no_longer() -> None:
    world = World()
    organisation = await signed(world)
    first, last = TODAY + timedelta(days=5), TODAY + timedelta(days=9)
    asked = Asked("delegate", covers_from=first, covers_until=last)
    invitation = await invite(world, organisation, SOMEBODY, asked)
    await accept_invitation(world.scheme, invitation=invitation, account=SOMEBODY)
    covered = []
    for _ in range(15):
        await begin_covers(world.scheme)
        await end_covers(world.scheme)
        if "delegate" in await role_in(SOMEBODY, organisation):
            covered.append(world.scheme.today())
        world.pass_days(1)

    assert (covered[0], covered[-1], len(covered)) == (first, last, 5)


async def test_a_cover_that_was_ended_early_does_not_begin_again() -> None:
    world = World()
    organisation = await signed(world)
    asked = Asked("delegate", covers_until=TODAY + timedelta(days=30))
    invitation = await invite(world, organisation, SOMEBODY, asked)
    await accept_invitation(world.scheme, invitation=invitation, account=SOMEBODY)
    await leave(world, organisation, SOMEBODY, "delegate")
    world.pass_days(1)

    assert await begin_covers(world.scheme) == 0


@pytest.mark.parametrize(("account", "role"), [(LEAD, "lead"), (SPONSOR, "sponsor")])
async def test_the_last_lead_or_the_sponsor_leaving_opens_a_handover_case(
    account: UUID, role: str
) -> None:
    world = World()
    organisation = await signed(world)
    before = await kinds_of(organisation)
    await leave(world, organisation, account, role)

    assert await memberships_of(account) == ()
    (case,) = await handovers()
    assert (case.owner, case.subject) == ("hub", organisation)
    assert await Obligation.exists().where(
        (Obligation.id == case.id) & Obligation.organisation.is_null()
    )
    assert case.due_on == date(2026, 1, 19)
    assert await kinds_of(organisation) == before
    await join(world, organisation, SOMEBODY, role, sponsor_role="Chair" * (role == "sponsor"))
    assert await handovers() == []
    assert len(await handovers("met")) == 1


async def test_one_case_is_open_until_both_lead_and_sponsor_are_found() -> None:
    world = World()
    organisation = await signed(world)
    await leave(world, organisation, LEAD, "lead")
    await leave(world, organisation, SPONSOR, "sponsor")
    assert len(await handovers()) == 1

    await join(world, organisation, SOMEBODY, "lead")
    assert len(await handovers()) == 1
    await join(world, organisation, OTHER, "sponsor", sponsor_role="Chair")
    assert await handovers() == []


async def test_a_lead_with_another_beside_them_leaves_without_a_case() -> None:
    world = World()
    organisation = await signed(world)
    await join(world, organisation, SOMEBODY, "lead")
    await leave(world, organisation, LEAD, "lead")

    assert await handovers() == []
    with pytest.raises(NotFound):
        await leave(world, organisation, LEAD, "lead")
    await join(world, organisation, LEAD, "lead")


async def test_what_waits_for_a_leaver_goes_to_their_successor() -> None:
    world = World()
    organisation = await signed(world)
    await join(world, organisation, SOMEBODY, "member")
    owed = await Obligation.objects().where(Obligation.organisation == organisation).first()
    assert owed is not None
    for step, state in ((-30, "sent"), (-7, "queued"), (-1, "queued")):
        await Notice(
            obligation=owed.id,
            due_on=owed.due_on,
            step=step,
            name=f"remind{step}",
            account=LEAD,
            role="lead",
            state=state,
            queued_at=world.scheme.now(),
        ).save()

    with pytest.raises(InvalidInput):
        await leave(world, organisation, LEAD, "lead", successor=OTHER)
    with pytest.raises(InvalidInput):
        await leave(world, organisation, LEAD, "lead", successor=LEAD)
    await leave(world, organisation, LEAD, "lead", successor=SOMEBODY)

    assert await role_in(SOMEBODY, organisation) == {"member", "lead"}
    assert await handovers() == []
    rows = await Notice.select(Notice.step, Notice.account).order_by(Notice.step)
    assert [(row["step"], row["account"]) for row in rows] == [
        (-30, LEAD),
        (-7, SOMEBODY),
        (-1, SOMEBODY),
    ]


async def test_a_sponsor_does_not_hand_over_to_the_lead_of_a_larger_body() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(OnePersonTwoRoles):
        await leave(world, organisation, SPONSOR, "sponsor", successor=LEAD)
    assert await role_in(SPONSOR, organisation) == {"sponsor"}


async def test_in_a_tiny_body_one_person_may_be_asked_to_be_both() -> None:
    world = World()
    organisation = await apply(world, band="tiny")
    await join(world, organisation, LEAD, "sponsor", sponsor_role="Chair")

    own = await find_organisation(organisation)
    assert own is not None
    assert own.one_person
