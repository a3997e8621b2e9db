"""An organisation shows who it is, and changes its name, its address and its size."""

import re
from uuid import UUID

import pytest

from charter.history.queries import events_of
from charter.obligations.service import open_obligations
from charter.organisations.identifiers import carried
from charter.organisations.places import details_changed
from charter.organisations.proofs import domains_to_look_at
from charter.organisations.queries import find_by_identifier, find_organisation
from charter.organisations.rules import AlreadyRegistered
from charter.organisations.service import change_identifiers, record_look
from registry.accounts.post import newest_letters
from registry.bootstrap import Registry
from tests.charter import acting
from tests.charter.acting import LEAD, owes
from tests.registry.web.people import sign_in
from tests.registry.web.visitor import Visitor
from tests.world import World

HOME = "/my/harbour-lights-theatre"
PROOF = f"{HOME}/proof"


async def test_the_domain_is_shown_by_a_code_that_only_its_keepers_read(
    registry: Registry, lead: Visitor, world: World
) -> None:
    await acting.apply(world)
    assert f"{PROOF}" in (await lead.get(HOME)).text
    without = await lead.fill(PROOF, {}, at=f"{PROOF}/mail")
    assert without.status_code == 422
    assert "Choose where to send the code" in without.text
    await lead.fill(PROOF, {"mailbox": "postmaster"}, at=f"{PROOF}/mail")

    letter = (await newest_letters(registry.desk))[0].letter
    assert letter.to == "postmaster@harbour-lights.example"
    (code,) = re.findall(r"^\w{5} \w{5}$", letter.text, re.MULTILINE)
    wrong = await lead.fill(PROOF, {"code": "no idea"}, at=f"{PROOF}/code")
    assert wrong.status_code == 422
    assert "no idea" in wrong.text
    await lead.fill(PROOF, {"code": code}, at=f"{PROOF}/code")

    assert "Shown on" in (await lead.get(PROOF)).text
    assert "Your sponsor signs the charter" in (await lead.get(HOME)).text


async def test_the_line_for_the_dns_is_told_and_looked_for(lead: Visitor, world: World) -> None:
    await acting.apply(world)
    await lead.fill(PROOF, {}, at=f"{PROOF}/record")
    (question,) = await domains_to_look_at(world.scheme, most=10)

    page = (await lead.get(PROOF)).text
    assert question.name in page
    assert question.text in page
    await record_look(world.scheme, proof=question.proof, look="missing")
    assert "it was not there yet" in (await lead.get(PROOF)).text
    await lead.fill(PROOF, {}, at=f"{PROOF}/record")
    await record_look(world.scheme, proof=question.proof, look="found")

    assert "Leave the line where it is" in (await lead.get(PROOF)).text


async def test_a_new_name_keeps_old_addresses_and_is_shown_again(
    lead: Visitor, world: World
) -> None:
    organisation = await acting.signed(world)
    renamed = await lead.fill(f"{HOME}/details/name", {"name": "Tideway Arts"})

    assert renamed.headers["location"] == "/my/tideway-arts/details"
    assert "Tideway Arts" in (await lead.get("/my/tideway-arts/details")).text
    assert await owes(organisation, "proof-renewal") == [("proof-renewal", None, None)]
    assert "/my/tideway-arts/proof" in (await lead.get("/my/tideway-arts")).text
    empty = await lead.fill("/my/tideway-arts/details/name", {"name": ""})
    assert empty.status_code == 422


async def test_a_new_domain_has_to_show_what_the_old_one_showed(
    lead: Visitor, world: World
) -> None:
    organisation = await acting.signed(world)
    address = f"{HOME}/details/domain"
    wrong = await lead.fill(address, {"domain": "no domain", "website": "ftp://x"})
    assert wrong.status_code == 422
    assert "Start the web address with https://" in wrong.text
    await lead.fill(address, {"domain": "Tideway.example", "website": "https://tideway.example"})

    own = await find_organisation(organisation)
    assert own is not None
    assert own.domain == "tideway.example"
    assert await owes(organisation, "proof-renewal") == [("proof-renewal", None, None)]
    await acting.show(world, organisation)
    assert await owes(organisation, "proof-renewal") == []


async def test_a_new_size_is_chosen_from_the_list(lead: Visitor, world: World) -> None:
    organisation = await acting.signed(world)
    address = f"{HOME}/details/size"
    assert (await lead.fill(address, {"band": "huge"})).status_code == 422
    await lead.fill(address, {"band": "small"})

    own = await find_organisation(organisation)
    assert own is not None
    assert own.band == "small"
    assert "Small" in (await lead.get(f"{HOME}/details")).text


async def test_a_new_place_is_followed_everywhere_and_the_past_keeps_the_old(
    registry: Registry, lead: Visitor, world: World
) -> None:
    organisation = await acting.signed(world)
    then = world.scheme.today().isoformat()
    world.pass_days(2)
    await sign_in(registry, lead, LEAD)
    address = f"{HOME}/details/place"
    form = (await lead.get(address)).text
    assert 'value="Seaham Docks"' in form
    empty = await lead.fill(address, {"town": "Southport", "sector": "housing"})
    assert empty.status_code == 422
    assert "Choose at least one borough" in empty.text
    assert 'value="Southport"' in empty.text
    unknown = await lead.fill(
        address, {"town": "Southport", "sector": "moon", "boroughs": "sefton"}
    )
    assert "Choose a sector from the list" in unknown.text
    moved = {"town": "Southport", "sector": "housing", "boroughs": "sefton"}
    answer = await lead.fill(address, moved)
    assert answer.headers["location"] == f"{HOME}/details"
    assert "Southport" in (await lead.get(f"{HOME}/details")).text

    page = "/organisations/harbour-lights-theatre"
    now = (await lead.get(f"{page}.json")).json()
    past = (await lead.get(f"{page}.json?as_of={then}")).json()
    assert (now["town"], now["sector"], now["boroughs"]) == ("Southport", "housing", ["sefton"])
    assert (past["town"], past["sector"], past["boroughs"]) == (
        *("Seaham Docks", "arts-and-culture"),
        ["liverpool"],
    )
    assert page in (await lead.get("/boroughs/sefton")).text
    assert page not in (await lead.get("/boroughs/liverpool")).text
    [event] = [each for each in await events_of(organisation) if each.kind == "place-changed"]
    assert event.data == {
        "sector": "housing",
        "boroughs": ["sefton"],
        "was_sector": "arts-and-culture",
        "was_boroughs": ["liverpool"],
    }
    [told] = await details_changed()
    assert (told.slug, told.sentence) == (
        "harbour-lights-theatre",
        "The organisation changed its town, sector or boroughs.",
    )
    await lead.fill(address, moved)
    assert len(await details_changed()) == 1


async def test_a_wrong_register_number_is_put_right_and_the_past_keeps_the_old(
    registry: Registry, lead: Visitor, world: World
) -> None:
    organisation = await acting.signed(world)
    then = world.scheme.today().isoformat()
    world.pass_days(2)
    await sign_in(registry, lead, LEAD)
    address = f"{HOME}/details/identifiers"
    assert 'value="01234567"' in (await lead.get(address)).text
    wrong = {"identifiers-0-scheme": "GB-COH", "identifiers-0-identifier": "12"}
    refused = await lead.fill(address, wrong)
    assert refused.status_code == 422
    assert 'value="12"' in refused.text
    assert 'href="#identifiers-0"' in refused.text

    right = wrong | {"identifiers-0-identifier": "0765 4321"}
    answer = await lead.fill(address, right)
    assert answer.headers["location"] == f"{HOME}/details"
    assert "07654321" in (await lead.get(f"{HOME}/details")).text

    page = "/organisations/harbour-lights-theatre.json"
    now = (await lead.get(page)).json()["identifiers"]
    past = (await lead.get(f"{page}?as_of={then}")).json()["identifiers"]
    assert now == [{"scheme": "GB-COH", "id": "07654321"}]
    assert past == [{"scheme": "GB-COH", "id": "01234567"}]
    assert await find_by_identifier("GB-COH", "01234567") is None
    [event] = [each for each in await events_of(organisation) if each.kind == "identifiers-changed"]
    assert event.data == {"identifiers": ["GB-COH 07654321"], "was": ["GB-COH 01234567"]}
    [owed] = await open_obligations(organisation, "proof-renewal")
    assert owed.organisation == organisation

    await lead.fill(address, {**right, "identifiers-0-identifier": "01234567"})
    assert await carried(organisation) == {("GB-COH", "01234567")}


async def test_a_number_that_another_organisation_carries_is_refused_and_nothing_changes(
    registry: Registry, lead: Visitor, world: World
) -> None:
    organisation = await acting.signed(world)
    other = (("GB-COH", "07654321"),)
    await acting.apply(
        world, lead=UUID(int=7, version=4), sponsor=UUID(int=8, version=4), identifiers=other
    )
    await sign_in(registry, lead, LEAD)

    with pytest.raises(AlreadyRegistered):
        await change_identifiers(world.scheme, organisation=organisation, identifiers=other)

    assert await carried(organisation) == {("GB-COH", "01234567")}
    taken = {"identifiers-0-scheme": "GB-COH", "identifiers-0-identifier": "07654321"}
    refused = await lead.fill(f"{HOME}/details/identifiers", taken)
    assert refused.status_code == 422
    assert "is here already" in refused.text
    assert 'value="07654321"' in refused.text


async def test_who_is_not_accepted_yet_puts_no_number_right(
    registry: Registry, lead: Visitor, world: World
) -> None:
    organisation = await acting.apply(world)
    await sign_in(registry, lead, LEAD)
    right = {"identifiers-0-scheme": "GB-COH", "identifiers-0-identifier": "07654321"}
    refused = await lead.fill(f"{HOME}/details/identifiers", right)
    assert refused.status_code == 422
    assert "once the hub has accepted who you are" in refused.text
    assert await carried(organisation) == {("GB-COH", "01234567")}
