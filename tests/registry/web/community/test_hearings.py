"""The group that agreed a pledge is heard before a panel moves its date (rule 13)."""

from datetime import timedelta
from uuid import UUID

import pytest

from charter.clock import SetClock
from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.obligations.tables import ExtensionRequest, Obligation
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import (
    check_group,
    confirm_session_as_group,
    open_quiet_period,
    register_group,
    withdraw_agreement_as_group,
)
from charter.plans.tables import Session
from charter.reviews.hearings import HearingClosed, hearings_in, hearings_of
from charter.reviews.service import ask_for_more_time, say_nothing, say_to_panel
from charter.reviews.tables import Case, Hearing, Seat
from registry.bootstrap import Registry
from tests.charter.acting import YES, hold_session, published
from tests.registry.web.people import sign_in, world_of
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor
from tests.world import World

SPEAKER = UUID(int=0xC3, version=4)
WORDS = "We would rather wait than have it done badly."


async def agreed(world: World) -> tuple[UUID, UUID]:
    """Bring Harbour Lights to a published plan that a group agreed; return it and the group."""
    organisation = await published(world)
    group = await register_group(
        world.scheme,
        group=GroupRegistration("Quayside Voices", "liverpool", people=5),
        account=SPEAKER,
    )
    await check_group(world.scheme, group=group, accept=True)
    await hold_session(world, organisation, group=group, contributors=0)
    [session] = await Session.objects()
    await confirm_session_as_group(world.scheme, group=group, session=session.id, answer=YES)
    return organisation, group


async def ask(world: World, organisation: UUID, *, after: int = 80) -> None:
    """Ask, after so many days, for more time for the first milestone of pledge 1."""
    world.pass_days(after)
    owed = (
        await Obligation.objects()
        .where((Obligation.kind == "evidence") & (Obligation.pledge == 1))
        .order_by(Obligation.milestone)
        .first()
    )
    assert owed is not None
    await ask_for_more_time(
        world.scheme,
        organisation=organisation,
        obligation=owed.id,
        days=20,
        reason="The trainer is ill.",
    )


@pytest.mark.usefixtures("database")
async def test_the_group_is_asked_and_only_the_panel_reads_what_it_says() -> None:
    world = World()
    organisation, group = await agreed(world)
    await ask(world, organisation)
    [hearing] = await hearings_of(group)
    assert (hearing.open, hearing.pledge, hearing.days) == (True, 1, 20)
    with pytest.raises(InvalidInput):
        await say_to_panel(world.scheme, group=group, hearing=hearing.id, words=" ")
    with pytest.raises(NotFound):
        await say_to_panel(world.scheme, group=SPEAKER, hearing=hearing.id, words=WORDS)

    await say_to_panel(world.scheme, group=group, hearing=hearing.id, words=WORDS)

    [case] = await Case.objects().where(Case.kind == "extension")
    [heard] = await hearings_in(case.number)
    assert (heard.state, heard.words) == ("said", WORDS)
    told = await events_of(organisation)
    assert [event.kind for event in told].count("hearing-asked") == 1
    assert all(WORDS not in str(event.data) for event in told)
    with pytest.raises(HearingClosed):
        await say_nothing(world.scheme, group=group, hearing=hearing.id)


@pytest.mark.usefixtures("database")
async def test_a_group_that_says_nothing_leaves_no_trace_in_public() -> None:
    world = World()
    organisation, group = await agreed(world)
    await ask(world, organisation)
    [hearing] = await hearings_of(group)
    before = await events_of(organisation)

    await say_nothing(world.scheme, group=group, hearing=hearing.id)

    assert await events_of(organisation) == before
    [silent] = await hearings_of(group)
    assert (silent.state, silent.open) == ("silent", False)


@pytest.mark.usefixtures("database")
async def test_nobody_is_heard_who_took_agreement_back_or_in_a_quiet_period() -> None:
    world = World()
    organisation, group = await agreed(world)
    [session] = await Session.objects()
    await withdraw_agreement_as_group(world.scheme, group=group, session=session.id)
    await ask(world, organisation)
    assert not await Hearing.exists()


@pytest.mark.usefixtures("database")
async def test_in_a_quiet_period_no_group_is_asked_about_a_date() -> None:
    world = World()
    organisation, _group = await agreed(world)
    world.pass_days(80)
    until = world.scheme.today() + timedelta(days=20)
    await open_quiet_period(world.scheme, reason="After the attack.", until=until)
    await ask(world, organisation, after=0)
    assert await ExtensionRequest.exists()
    assert not await Hearing.exists()


async def test_a_group_speaks_to_the_panel_over_its_page(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation, group = await agreed(world)
    await ask(world, organisation)
    await sign_in(registry, visitor, SPEAKER)
    [hearing] = await hearings_of(group)
    place = f"/groups/{group}/hearings/{hearing.id}"
    assert place in (await visitor.get(f"/groups/{group}")).text
    assert "The trainer is ill." in (await visitor.get(place)).text
    empty = await visitor.fill(place, {"words": "", "next": "say"})
    assert "or choose to say nothing" in empty.text

    sent = await visitor.fill(place, {"words": WORDS, "next": "say"})

    assert sent.headers["location"] == f"/groups/{group}"
    assert WORDS in (await visitor.get(place)).text
    assert WORDS not in (await visitor.get("/organisations/harbour-lights-theatre")).text
    offices = Offices(registry, clock)
    for number in range(3):
        await offices.hire(number)
    await offices.stage.draw()
    seat = await Seat.objects().first()
    assert seat is not None
    address = await offices.enter_seat(visitor, seat)
    await visitor.fill(address, {"answer": "accept", "tie": "none"}, at=f"{address}/answer")
    case = (await visitor.get(address)).text
    assert WORDS in case
    assert "Quayside Voices, who agreed this pledge" in case
