"""Proposing to the library, reading proposals at the hub, and a group's word on celebrations."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from charter.clock import SetClock
from charter.learning.celebration_queries import find_celebrations
from charter.learning.queries import LibrarySearch
from charter.learning.resource_queries import find_resources
from charter.learning.tables import Celebration, Resource
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import check_group, register_group
from registry.accounts.limits import PROPOSE_PER_NETWORK
from registry.accounts.roles import grant_role
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, published
from tests.registry.web.people import OUTSIDER, sign_in, world_of
from tests.registry.web.visitor import Visitor, hidden_fields

NewVisitor = Callable[[], Visitor]

AWHILE = timedelta(seconds=10)
"""Longer than any page is kept without a word from the database."""

SLUG = "harbour-lights-theatre"
SPEAKER = UUID(int=0xD3, version=4)
STEWARD = UUID(int=0xD4, version=4)

RESOURCE = {
    "kind": "guide",
    "title": "How to ask",
    "owner": "Seaham Docks Library",
    "link": "https://library.example/ask",
    "licence": "cc-by-4.0",
    "summary": "For people who call meetings.",
}

TOLD = {"title": "The night shift has a say", "text": "Two cleaners join every panel."}


async def at_the_hub(registry: Registry, visitor: Visitor) -> Visitor:
    await sign_in(registry, visitor, STEWARD)
    await grant_role(registry.desk, account=STEWARD, role="steward")
    return visitor


async def test_anybody_signed_in_proposes_a_resource_and_a_steward_releases_it(
    registry: Registry, new_visitor: NewVisitor
) -> None:
    reader = await sign_in(registry, new_visitor(), OUTSIDER)
    sent = await reader.fill("/learning/resources/new", RESOURCE | {"types": ["systemic"]})
    assert sent.headers["location"] == "/learning/resources/new#yours"
    assert "waits to be read" in (await reader.get("/learning/resources/new")).text
    steward = await at_the_hub(registry, new_visitor())
    page = await steward.get("/hub/library")
    assert "How to ask" in page.text
    assert 'href="/hub/library"' in (await steward.get("/hub")).text
    [row] = await Resource.objects()
    place = f"/hub/library/resources/{row.id}/release"
    fields = hidden_fields(page.text)
    done = await steward.send(place, fields)
    assert done.headers["location"] == "/hub/library"
    assert (await find_resources(LibrarySearch(type="systemic"))).total == 1
    again = await steward.send(place, fields | {"idempotency_key": "another press"})
    assert again.status_code == 422
    assert "decided this already" in again.text


async def test_whoever_proposed_a_resource_takes_it_out_and_its_page_stays(
    registry: Registry, clock: SetClock, new_visitor: NewVisitor, visitor: Visitor
) -> None:
    reader = await sign_in(registry, new_visitor(), OUTSIDER)
    await reader.fill("/learning/resources/new", RESOURCE)
    [row] = await Resource.objects()
    place = f"/learning/resources/{row.id}"
    assert (await visitor.get(place)).status_code == 404
    assert (await reader.get(f"{place}/retire")).status_code == 404
    steward = await at_the_hub(registry, new_visitor())
    await steward.fill("/hub/library", {}, at=f"/hub/library/resources/{row.id}/release")
    other = await sign_in(registry, new_visitor(), SPEAKER)
    assert (await other.get(f"{place}/retire")).status_code == 404
    assert RESOURCE["link"] in (await visitor.get(place)).text

    asked = await reader.fill(f"{place}/retire", {})
    assert asked.status_code == 422
    assert "Choose why it is taken out" in asked.text
    done = await reader.fill(f"{place}/retire", {"why": "link-broken"})
    assert done.headers["location"] == place
    clock.set(clock.at + AWHILE)

    page = (await steward.get(place)).text
    assert "Its address leads nowhere any more" in page
    assert RESOURCE["link"] not in page
    assert "How to ask" not in (await visitor.get("/learning/resources?q=ask")).text
    assert "taken out of the library" in (await reader.get("/learning/resources/new")).text
    assert "was taken out of the library on" in (await steward.get(f"{place}/retire")).text


async def test_a_steward_takes_any_resource_out(
    registry: Registry, new_visitor: NewVisitor
) -> None:
    reader = await sign_in(registry, new_visitor(), OUTSIDER)
    await reader.fill("/learning/resources/new", RESOURCE)
    [row] = await Resource.objects()
    steward = await at_the_hub(registry, new_visitor())
    await steward.fill("/hub/library", {}, at=f"/hub/library/resources/{row.id}/release")

    done = await steward.fill(f"/learning/resources/{row.id}/retire", {"why": "not-right"})

    assert done.status_code == 303
    feed = (await steward.get("/feed.atom")).text
    assert "taken out of the library: not right" in feed


async def test_a_refusal_needs_a_reason_and_its_proposer_reads_it(
    registry: Registry, new_visitor: NewVisitor
) -> None:
    reader = await sign_in(registry, new_visitor(), OUTSIDER)
    await reader.fill("/learning/resources/new", RESOURCE)
    steward = await at_the_hub(registry, new_visitor())
    [row] = await Resource.objects()
    place = f"/hub/library/resources/{row.id}/refuse"
    empty = await steward.fill("/hub/library", {"reason": ""}, at=place)
    assert "Enter why" in empty.text
    await steward.fill("/hub/library", {"reason": "The page asks for a name."}, at=place)
    page = await reader.get("/learning/resources/new")
    assert "The page asks for a name." in page.text


async def test_everything_typed_is_kept_and_every_error_shown(
    registry: Registry, new_visitor: NewVisitor
) -> None:
    reader = await sign_in(registry, new_visitor(), OUTSIDER)
    wrong = await reader.fill(
        "/learning/resources/new", RESOURCE | {"link": "not a link", "sector": "bogus"}
    )
    assert wrong.status_code == 422
    assert "Enter the whole address of a page" in wrong.text
    assert "Choose a sector from the list." in wrong.text
    assert 'value="not a link"' in wrong.text
    blank = await reader.fill("/learning/resources/new", {})
    assert blank.text.count("govuk-error-message") >= 6


async def test_anybody_tells_something_without_an_account_and_it_is_held(
    visitor: Visitor, registry: Registry, clock: SetClock, new_visitor: NewVisitor
) -> None:
    await published(world_of(registry, clock))
    place = f"/learning/celebrations/new?organisation={SLUG}"
    sent = await visitor.fill(place, TOLD | {"pledge": "2"}, at="/learning/celebrations/new")
    assert sent.headers["location"] == "/learning/celebrations/received"
    assert "Thank you" in (await visitor.get("/learning/celebrations/received")).text
    assert not visitor.client.cookies
    assert (await find_celebrations(LibrarySearch())).total == 0
    steward = await at_the_hub(registry, new_visitor())
    assert "Two cleaners join every panel." in (await steward.get("/hub/library")).text
    [row] = await Celebration.objects()
    await steward.fill("/hub/library", {}, at=f"/hub/library/celebrations/{row.id}/release")
    [shown] = (await find_celebrations(LibrarySearch())).rows
    assert (shown.pledge, shown.confirmed_by) == (2, None)


async def test_a_celebration_of_nobody_is_refused_and_kept(visitor: Visitor) -> None:
    page = await visitor.get("/learning/celebrations/new")
    assert "Look it up" in page.text
    fields = hidden_fields((await visitor.get("/concerns/new")).text)
    sent = await visitor.send("/learning/celebrations/new", fields | TOLD)
    assert sent.status_code == 422
    assert "Go to the page of the organisation first" in sent.text


async def test_telling_too_often_from_one_network_is_stopped(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    await published(world_of(registry, clock))
    place = f"/learning/celebrations/new?organisation={SLUG}"
    for _ in range(PROPOSE_PER_NETWORK.most):
        assert (await visitor.fill(place, TOLD, at="/learning/celebrations/new")).is_redirect
    sent = await visitor.fill(place, TOLD, at="/learning/celebrations/new")
    assert sent.status_code == 429


async def test_an_organisation_tells_and_a_group_confirms_and_takes_back(
    registry: Registry, clock: SetClock, new_visitor: NewVisitor
) -> None:
    world = world_of(registry, clock)
    await published(world)
    group = await register_group(
        world.scheme, group=GroupRegistration("Dock Road Elders", "sefton", 12), account=SPEAKER
    )
    await check_group(world.scheme, group=group, accept=True)
    lead = await sign_in(registry, new_visitor(), LEAD)
    room = f"/my/{SLUG}/celebrations"
    assert room in (await lead.get(f"/my/{SLUG}")).text
    sent = await lead.fill(room, TOLD | {"pledge": "1", "group": str(group)})
    assert sent.headers["location"] == room
    assert "Not confirmed by a community group." in (await lead.get(room)).text
    speaker = await sign_in(registry, new_visitor(), SPEAKER)
    [row] = await Celebration.objects()
    place = f"/groups/{group}/celebrations/{row.id}"
    assert place in (await speaker.get(f"/groups/{group}")).text
    assert (await speaker.fill(place, {})).status_code == 422
    sent = await speaker.fill(place, {"answer": "confirm"})
    assert sent.headers["location"] == f"/groups/{group}"
    public = f"/community-groups/{group}"
    assert f'Confirmed by <a class="govuk-link" href="{public}">' in (await lead.get(room)).text
    assert TOLD["title"] in (await lead.get(public)).text
    await speaker.fill(place, {}, at=f"{place}/withdraw")
    clock.set(clock.at + AWHILE)
    assert (await lead.get(public)).status_code == 404
    assert "Not confirmed by a community group." in (await lead.get(room)).text
    await speaker.fill(place, {"answer": "let-be"})
    assert "You are asked whether this is so." not in (await speaker.get(f"/groups/{group}")).text


async def test_a_group_tells_something_itself(
    registry: Registry, clock: SetClock, new_visitor: NewVisitor
) -> None:
    world = world_of(registry, clock)
    await published(world)
    group = await register_group(
        world.scheme, group=GroupRegistration("Dock Road Elders", "sefton", 12), account=SPEAKER
    )
    await check_group(world.scheme, group=group, accept=True)
    speaker = await sign_in(registry, new_visitor(), SPEAKER)
    place = f"/groups/{group}/celebrations/new"
    wrong = await speaker.fill(place, TOLD | {"slug": "nobody"})
    assert wrong.status_code == 422
    sent = await speaker.fill(place, TOLD | {"slug": SLUG})
    assert sent.headers["location"] == f"/groups/{group}"
    steward = await at_the_hub(registry, new_visitor())
    [row] = await Celebration.objects()
    await steward.fill("/hub/library", {}, at=f"/hub/library/celebrations/{row.id}/release")
    [shown] = (await find_celebrations(LibrarySearch())).rows
    assert shown.confirmed_by == "Dock Road Elders"
