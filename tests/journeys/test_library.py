"""Somebody looks for what others learnt; others tell and confirm what is worth celebrating."""

from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import check_group, register_group
from registry.accounts.roles import grant_role
from registry.accounts.service import account_for
from tests.journeys.acting import Past
from tests.journeys.conftest import NewPerson
from tests.journeys.people import Person

STEWARD = "librarian@hub.example"
READER = "reader@library.example"
SPEAKER = "speaker@dock-road.example"


async def test_anyone_finds_what_was_learnt_and_who_is_near(person: Person) -> None:
    await person.go("/learning")
    await person.fill({"q": "noon", "worked": "partly"})
    await person.press("Show")
    assert await person.reads("We meet at noon as well.")
    await person.fill({"q": "zebra"})
    await person.press("Show")
    assert await person.reads("Nothing fits")
    await person.follow("Leave out words: zebra")
    assert await person.reads("1 note")
    await person.follow("Guides and other resources")
    await person.go("/boroughs")
    await person.follow("Liverpool")
    assert await person.reads("Harbour Lights Theatre")
    await person.go("/boroughs/wirral")
    await person.go("/sectors")


async def test_a_resource_is_proposed_read_and_shown(new_person: NewPerson, past: Past) -> None:
    reader, steward = await new_person(), await new_person()
    account = await account_for(past.desk, email=STEWARD)
    await grant_role(past.desk, account=account, role="steward")
    await reader.sign_in(READER, going_to="/learning/resources/new")
    await reader.fill({"title": "How to ask", "link": "nowhere"})
    await reader.press("Propose it")
    assert "Choose what it is" in await reader.complaints()
    await reader.fill(
        {
            "kind": "guide",
            "owner": "Seaham Docks Library",
            "link": "https://library.example/ask",
            "licence": "cc-by-4.0",
            "summary": "For people who call meetings.",
            "types": ["institutional"],
        }
    )
    await reader.press("Propose it")
    assert await reader.reads("waits to be read")
    await steward.sign_in(STEWARD, going_to="/hub/library")
    await steward.press("Show it")
    await reader.go("/learning/resources?type=institutional")
    assert await reader.reads("CC BY 4.0")


async def test_a_celebration_is_told_and_confirmed_by_a_group(
    new_person: NewPerson, past: Past
) -> None:
    member = await past.published("Quay Street Clinic")
    scheme = past.world.scheme
    group = await register_group(
        scheme,
        group=GroupRegistration("Dock Road Elders", "sefton", 12),
        account=await account_for(past.desk, email=SPEAKER),
    )
    await check_group(scheme, group=group, accept=True)
    lead, speaker, anyone = await new_person(), await new_person(), await new_person()
    await lead.sign_in(member.address("lead"), going_to=f"{member.home}/celebrations")
    await lead.press("Publish it")
    assert await lead.reads("There is a problem")
    told = {"title": "The night shift has a say", "text": "Two cleaners join every panel."}
    await lead.fill(told | {"pledge": "1", "group": str(group)})
    await lead.press("Publish it")
    await anyone.go(f"/organisations/{member.slug}")
    assert await anyone.reads("Not confirmed by a community group.")
    await speaker.sign_in(SPEAKER, going_to=f"/groups/{group}")
    await speaker.follow("Quay Street Clinic: The night shift has a say")
    await speaker.fill({"answer": "confirm"})
    await speaker.press("Send")
    await speaker.follow("Quay Street Clinic: The night shift has a say")
    await speaker.go(f"/groups/{group}/celebrations/new")
    await anyone.go(f"/learning/celebrations?organisation={member.slug}&confirmed=yes")
    assert await anyone.reads("Confirmed by Dock Road Elders")
    await anyone.follow("Tell something worth celebrating")
    await anyone.fill(told)
    await anyone.press("Send it")
    assert await anyone.reads("Thank you")
    await anyone.go("/learning/celebrations/new")
