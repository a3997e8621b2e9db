"""The library and the pages of boroughs and sectors, read by anybody."""

import re
from html import unescape

import pytest

from charter.learning.rules import CelebrationProposal, ResourceProposal
from charter.learning.service import celebrate_own, propose_resource, release_resource
from registry.web.learning.pages import SHELVES
from registry.web.learning.shelves import LABELS, library_values
from tests.registry.web.public.conftest import Town
from tests.world import the_pack

SLUG = "harbour-lights-theatre"

EMPTY = {
    "/learning?sector=housing": "Leave out sector: Housing",
    "/learning?q=zebra&borough=liverpool": "Leave out words: zebra",
    "/learning/resources": "Nobody has added a resource",
    "/learning/celebrations": "Nobody has told anything yet",
    "/boroughs/wirral": "No organisation of the register is here yet",
    "/sectors/housing": "No organisation of the register is here yet",
}


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_a_note_is_found_by_every_filter_and_the_address_keeps_them(town: Town) -> None:
    for query in (
        *("q=noon", "type=internalised", "sector=arts-and-culture", "borough=liverpool"),
        *("form=anti-black", "worked=partly", f"organisation={SLUG}", "q=noon&worked=partly"),
        f"action={the_pack().catalogue.types[0].actions[0].id}",
    ):
        page = await town.get(f"/learning?{query}")
        assert "We meet at noon as well." in page.text, query
        assert f'href="/learning.json?{query}"'.replace("&", "&amp;") in page.text
        assert (await town.json(f"/learning.json?{query}"))["meta"]["total"] == 1, query


async def test_a_note_tells_what_was_learnt_and_where_it_comes_from(town: Town) -> None:
    [note] = (await town.json("/learning.json"))["notes"]
    assert note["organisation"] == SLUG
    assert note["pledge_url"].endswith(f"/organisations/{SLUG}/pledges/1")
    assert note["why"] == "We met in the evening only."
    assert len(note["published_on"]) == len("2026-05-01")
    for entry in note["actions"]:
        page = await town.get(f"/framework/{note['type']}")
        assert f'/learning?action={entry}"' in page.text
        assert "(1 note)" in words_of(page.text)


@pytest.mark.parametrize("address", EMPTY)
async def test_what_has_nothing_says_so_and_helps_on(town: Town, address: str) -> None:
    page = await town.get(address)
    assert page.status_code == 200
    assert EMPTY[address] in words_of(page.text)


async def test_a_filter_nobody_knows_is_named_beside_the_form(town: Town) -> None:
    for shelf in SHELVES:
        page = await town.get(f"{shelf.path}?type=bogus&q=kept")
        assert page.status_code == 400
        assert "Error: " in page.text
        assert 'value="kept"' in page.text
        answer = await town.get(f"{shelf.path}.json?type=bogus&cursor=x&organisation=%21")
        fields = {error["field"] for error in answer.json()["errors"]}
        assert fields >= {"type", "cursor"}
    assert (await town.get(f"/learning?q={'a' * 201}")).status_code == 400


def test_every_filter_has_a_label_and_what_it_may_be() -> None:
    known = {*library_values(the_pack()), "q", "organisation"}
    for shelf in SHELVES:
        assert set(shelf.filters) <= known & set(LABELS)


async def test_a_borough_joins_up_who_is_there(town: Town) -> None:
    page = words_of((await town.get("/boroughs/liverpool")).text)
    assert "1 organisation of the register" in page
    assert "Harbour Lights Theatre" in page
    assert "We meet at noon as well." in page
    assert "hub@charter.example" in page
    members = await town.json("/boroughs/liverpool.json")
    assert [row["slug"] for row in members["organisations"]] == [SLUG]
    assert members["organisations"][0]["pledges"] == dict.fromkeys(the_pack().type_ids, 1)
    assert members["notes"][0]["organisation"] == SLUG
    assert members["contact"] == {"name": "The charter hub", "email": "hub@charter.example"}
    assert (await town.json("/sectors/arts-and-culture.json"))["kind"] == "sector"
    listed = await town.json("/boroughs.json")
    assert {row["id"]: row["organisations"] for row in listed["places"]}["liverpool"] == 1


async def test_places_are_linked_and_unknown_ones_are_not_found(town: Town) -> None:
    for address in ("/", "/organisations", f"/organisations/{SLUG}"):
        page = (await town.get(address)).text
        assert 'href="/boroughs' in page, address
        assert 'href="/sectors' in page, address
    for address in ("/boroughs/atlantis", "/sectors/atlantis.json", "/boroughs/.json"):
        assert (await town.get(address)).status_code == 404
    assert (await town.get("/boroughs/liverpool?cursor=x")).status_code == 400


def test_no_borough_bears_the_name_of_a_sector() -> None:
    region = the_pack().region
    assert not {row.id for row in region.boroughs} & {row.id for row in region.sectors}


async def test_the_library_shows_licence_owner_and_who_confirmed(own_town: Town) -> None:
    scheme = own_town.world.scheme
    number = await propose_resource(
        scheme,
        resource=ResourceProposal(
            kind="guide",
            title="A guide to noon <meetings>",
            owner="Seaham Docks Library",
            link="https://library.example/noon?a=1&b=2",
            licence="cc-by-4.0",
            summary="For people who call meetings.",
        ),
        account=own_town.organisation,
    )
    assert "noon" not in (await own_town.get("/learning/resources")).text
    await release_resource(scheme, resource=number)
    own_town.app.state.pages.forget_everything()
    page = await own_town.get("/learning/resources")
    for told in ("CC BY 4.0", "Seaham Docks Library", "A guide to noon &lt;meetings&gt;"):
        assert told in page.text
    assert 'rel="nofollow noopener external"' in page.text
    [resource] = (await own_town.json("/learning/resources.json?type=systemic"))["resources"]
    assert resource["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"
    await celebrate_own(
        scheme,
        celebration=CelebrationProposal(
            own_town.organisation, "The night shift has a say", "Two cleaners join panels.", 1
        ),
    )
    own_town.app.state.pages.forget_everything()
    for address in ("/learning/celebrations", f"/organisations/{SLUG}", "/boroughs/liverpool"):
        page = await own_town.get(address)
        assert "The night shift has a say" in page.text, address
        assert "Not confirmed by a community group." in page.text
    [told_] = (await own_town.json("/learning/celebrations.json?confirmed=no"))["celebrations"]
    assert (told_["told_by"], told_["confirmed_by"]) == ("organisation", None)
