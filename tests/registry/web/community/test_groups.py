"""A community group: registered, asked, free to say no, heard, and able to close its door."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from charter.clock import SetClock
from charter.plans.ask_rules import Ask
from charter.plans.groups import ask_group, check_group
from charter.plans.tables import CommunityGroup, Confirmation, RequestToTakePart
from registry.bootstrap import Registry
from tests.charter.acting import hold_session, published
from tests.registry.web.people import OUTSIDER, sign_in, world_of
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

SPEAKER = UUID(int=0xC1, version=4)
"""Who answers for the group."""

YES = {"happened": "yes", "paid": "paid", "agrees": "yes", "employed": "no"}


async def a_group(registry: Registry, visitor: Visitor, world: World) -> tuple[UUID, str]:
    await sign_in(registry, visitor, SPEAKER)
    typed = {"name": "Docks Drum Circle", "borough": "liverpool", "people": "9"}
    made = await visitor.fill("/groups/register", typed)
    rows = await CommunityGroup.select(CommunityGroup.id)
    await check_group(world.scheme, group=rows[0]["id"], accept=True)
    return rows[0]["id"], made.headers["location"]


async def asked(world: World, organisation: UUID, group: UUID) -> UUID:
    day = world.scheme.today() + timedelta(days=20)
    ask = Ask("Look at our panels with us.", 2, Decimal(3), 0, day)
    return await ask_group(world.scheme, organisation=organisation, group=group, ask=ask)


async def test_a_group_declines_without_a_reason(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation = await published(world)
    group, address = await a_group(registry, visitor, world)
    request = await asked(world, organisation, group)
    page = await visitor.get(address)
    assert "Look at our panels with us." in page.text
    assert "<strong>not paid</strong>" in page.text
    fields = hidden_fields(page.text) | {"answer": "decline"}
    for _press in range(2):
        sent = await visitor.send(f"{address}/asks/{request}", fields)
        assert sent.headers["location"] == address
    row = await RequestToTakePart.objects().first()
    assert row is not None
    assert row.state == "declined"


async def test_a_group_confirms_a_session_and_takes_it_back(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation = await published(world)
    group, address = await a_group(registry, visitor, world)
    await hold_session(world, organisation, group=group)
    rows = await Confirmation.raw("SELECT id FROM codesign_session")
    place = f"{address}/sessions/{rows[0]['id']}"
    assert place in (await visitor.get(address)).text
    assert (await visitor.fill(place, YES)).headers["location"] == address
    assert "You confirmed it and agreed." in (await visitor.get(address)).text
    await visitor.fill(f"{place}/withdraw", {})
    assert "You took your agreement back." in (await visitor.get(address)).text


async def test_a_group_closes_its_door_and_opens_it(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    _group, address = await a_group(registry, visitor, world)
    until = {"until-day": "1", "until-month": "3", "until-year": "2026"}
    await visitor.fill(f"{address}/door", until)
    assert "Closed until 1 March 2026." in (await visitor.get(address)).text
    await visitor.fill(f"{address}/door", dict.fromkeys(until, ""))
    assert "Open: organisations may ask you." in (await visitor.get(address)).text


async def test_nobody_else_sees_a_group(
    visitor: Visitor, new_visitor: Callable[[], Visitor], registry: Registry, clock: SetClock
) -> None:
    _group, address = await a_group(registry, visitor, world_of(registry, clock))
    other = await sign_in(registry, new_visitor(), OUTSIDER)
    assert (await other.get(address)).status_code == 404
    assert (await other.get(f"{address}/door")).status_code == 404


async def test_a_group_sees_what_was_asked_whether_it_was_paid_and_what_changed(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation = await published(world)
    group, address = await a_group(registry, visitor, world)
    place = f"{address}/changed"
    assert place in (await visitor.get(address)).text
    assert "Nobody has asked your group for anything yet." in (await visitor.get(place)).text
    await asked(world, organisation, group)
    await hold_session(world, organisation, group=group, pledges=(1, 3))
    [session] = await Confirmation.raw("SELECT id FROM codesign_session")
    before = (await visitor.get(place)).text
    assert "You have not said whether you were paid." in before
    await visitor.fill(f"{address}/sessions/{session['id']}", YES | {"paid": "unpaid"})

    story = (await visitor.get(place)).text

    assert "Look at our panels with us." in story
    assert "You were not paid. You agreed." in story
    assert "A fair say in internalised matters" in story
    assert "A fair say in interpersonal matters" not in story
    assert "Harbour Lights Theatre" in story
    world.pass_days(130)
    await sign_in(registry, visitor, SPEAKER)
    assert "days late" in (await visitor.get(place)).text
