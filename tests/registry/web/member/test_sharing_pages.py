"""A pledge shared over the pages: asked, agreed to, shown by all, late for all, left (rule 15)."""

from collections.abc import Callable
from uuid import UUID

import pytest
from litestar import Litestar

from charter.clock import SetClock
from charter.organisations.service import rename_organisation
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import answer_partnership, check_group, register_group
from charter.plans.sharing_queries import partnerships_of
from registry.bootstrap import Registry
from registry.web.freshness import Follower
from tests.charter.acting import LEAD, SPONSOR, published
from tests.charter.plans.test_sharing import another, ask
from tests.registry.web.people import sign_in, world_of
from tests.registry.web.visitor import Visitor, hidden_fields

SPEAKER = UUID(int=0xC2, version=4)
PLEDGE = "/my/harbour-lights-theatre/pledges/2/partners"
PART = "Lend rooms and staff time"


@pytest.fixture
async def follower(app: Litestar) -> Follower:
    """Keep the pages of the application true, at each look, as its process does each second."""
    follower = Follower(app.state.pages, app.state.notices)
    await follower.look()
    return follower


async def test_partners_agree_and_one_breach_shows_on_every_page(
    *,
    visitor: Visitor,
    new_visitor: Callable[[], Visitor],
    registry: Registry,
    clock: SetClock,
    follower: Follower,
) -> None:
    world = world_of(registry, clock)
    await published(world)
    partner = await another(world)
    await sign_in(registry, visitor, LEAD)
    nobody = await visitor.fill(PLEDGE, {"part": PART})
    assert "Choose an organisation or a community group." in nobody.text
    wrong = await visitor.fill(PLEDGE, {"part": PART, "organisation": "nowhere"})
    assert "There is no organisation at this address." in wrong.text
    assert PART in wrong.text
    typed = {
        "part": PART,
        "organisation": "https://register.example/organisations/mill-road-surgery",
    }
    assert (await visitor.fill(PLEDGE, typed)).headers["location"] == PLEDGE
    sponsor = await sign_in(registry, new_visitor(), SPONSOR)
    address = "/my/mill-road-surgery/shared"
    [asked] = await partnerships_of(partner)
    page = await sponsor.get(address)
    fields = hidden_fields(page.text) | {"answer": "accept"}

    assert (await sponsor.send(f"{address}/{asked.id}", fields)).headers["location"] == address

    public = (await visitor.get("/organisations/harbour-lights-theatre/pledges/2")).text
    assert "Mill Road Surgery" in public
    assert PART in public
    world.pass_days(130)
    theirs = await visitor.get("/organisations/mill-road-surgery")
    assert "Pledges it shares with others" in theirs.text
    assert "Harbour Lights Theatre" in theirs.text
    [shared] = (await visitor.get("/organisations/mill-road-surgery.json")).json()["shared_pledges"]
    harbour = (await visitor.get("/organisations/harbour-lights-theatre.json")).json()
    [led] = [pledge for pledge in harbour["pledges"] if pledge["number"] == 2]
    assert shared["pledge"] == led
    assert led["days_late"] > 0
    assert f"A report is {led['days_late']} days late" in theirs.text
    await sign_in(registry, sponsor, SPONSOR)
    left = await sponsor.fill(f"{address}/{asked.id}/leave", {"reason": "The rooms were sold."})
    assert left.headers["location"] == address
    await follower.look()
    assert (
        "The rooms were sold."
        in (await visitor.get("/organisations/harbour-lights-theatre/pledges/2")).text
    )
    assert "Pledges it shares" not in (await visitor.get("/organisations/mill-road-surgery")).text


async def test_a_group_that_never_signed_shares_a_pledge_and_leaves_without_a_reason(
    *,
    visitor: Visitor,
    new_visitor: Callable[[], Visitor],
    registry: Registry,
    clock: SetClock,
    follower: Follower,
) -> None:
    world = world_of(registry, clock)
    await published(world)
    speaker = await sign_in(registry, new_visitor(), SPEAKER)
    group = await register_group(
        world.scheme,
        group=GroupRegistration("Quayside Voices", "liverpool", people=5),
        account=SPEAKER,
    )
    await check_group(world.scheme, group=group, accept=True)
    await sign_in(registry, visitor, LEAD)
    await visitor.fill(PLEDGE, {"part": "Tell us what you see", "group": str(group)})
    [asked] = await partnerships_of(group)
    place = f"/groups/{group}/shared/{asked.id}"
    assert place in (await speaker.get(f"/groups/{group}")).text

    await speaker.fill(place, {"answer": "accept"})

    public = "/organisations/harbour-lights-theatre/pledges/2"
    assert "Quayside Voices, a community group" in (await visitor.get(public)).text
    await speaker.fill(place, {"reason": ""}, at=f"{place}/leave")
    await follower.look()
    assert "left on" in (await visitor.get(public)).text
    assert "You left it." in (await speaker.get(f"/groups/{group}")).text


async def test_a_kept_page_of_a_shared_pledge_ends_when_a_partner_is_renamed(
    visitor: Visitor, registry: Registry, clock: SetClock, follower: Follower
) -> None:
    world = world_of(registry, clock)
    lead = await published(world)
    partner = await another(world)
    asked = await ask(world, lead, organisation=partner)
    await answer_partnership(world.scheme, partner=asked, accept=True)
    await follower.look()
    public = "/organisations/harbour-lights-theatre/pledges/2"
    assert "Mill Road Surgery" in (await visitor.get(public)).text

    await rename_organisation(world.scheme, organisation=partner, name="Mill Road Health Centre")
    await follower.look()

    assert "Mill Road Health Centre" in (await visitor.get(public)).text
