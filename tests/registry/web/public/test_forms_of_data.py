"""Pages, feeds and files show the same data, each in its own form."""

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree as ET

from charter.ledger import transaction
from charter.obligations.service import open_obligation
from charter.standing.rules import ROWS
from charter.standing.words import Standing
from registry.web.freshness import Follower
from registry.web.notices import Notices
from registry.web.page_cache import PageCache
from registry.web.public.flat import neutralise
from registry.web.public.how_decided import MEANINGS, WHEN
from registry.web.public.word_diff import compare_words
from tests.registry.web.public.conftest import Town
from tests.registry.web.public.story import rename
from tests.registry.web.public.test_addresses import API, HERE

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_the_first_line_of_the_page_is_the_public_sentence(town: Town) -> None:
    answer = await town.json(f"{HERE}/standing.json")
    page = words_of((await town.get(HERE)).text)
    start = page.index("Harbour Lights Theatre", page.index("All organisations"))
    assert answer["sentence"] in page[start : start + 120]


async def test_the_page_says_what_its_twin_says(town: Town) -> None:
    twin = await town.json(f"{HERE}.json")
    page = words_of((await town.get(HERE)).text)
    for pledge in twin["pledges"]:
        assert pledge["title"] in page
    for row in twin["obligations"]:
        if row["days_late"]:
            assert f"{row['title']} : {row['days_late']} days late" in page
    assert page.index("What is late") < page.index("The five types of racism")
    assert twin["reviews"][0]["reply"] in page
    assert twin["next"]["what"] in page
    for reason in (await town.json(f"{HERE}/standing.json"))["reasons"]:
        assert reason["text"] in page


async def test_other_pages_say_what_their_twins_say(town: Town) -> None:
    late = await town.json("/late.json")
    page = words_of((await town.get("/late")).text)
    for row in late["organisations"]:
        assert row["title"] in page
        assert f"{row['days_late']} days" in page
    history = await town.json(f"{HERE}/history.json")
    told = words_of((await town.get(f"{HERE}/history")).text)
    assert all(event["summary"] in told for event in history["events"])
    framework = await town.json("/framework/structural.json")
    shown = words_of((await town.get("/framework/structural")).text)
    assert all(row["text"] in shown for row in framework["impacts"])
    pledge = words_of((await town.get(f"{HERE}/pledges/1")).text)
    assert "Nobody joined from the night shift." in pledge
    assert "Casting was missing from the promise." in pledge
    learnt = words_of((await town.get("/learning?type=internalised")).text)
    assert "We met in the evening only." in learnt


async def test_a_list_is_the_same_in_every_form(town: Town) -> None:
    [listed] = (await town.json("/organisations.json"))["organisations"]
    [row] = csv.DictReader(io.StringIO((await town.get("/organisations.csv")).text))
    assert (row["slug"], row["sentence"]) == (listed["slug"], listed["sentence"])
    assert row["late"] == str(listed["results"]["late"])
    assert listed["sentence"] in words_of((await town.get("/organisations")).text)


async def test_a_search_finds_by_name_identifier_place_type_and_standing(town: Town) -> None:
    for query in (
        *("q=harbour", "q=01234567", "q=gb-coh-01234567", "borough=liverpool"),
        *("sector=arts-and-culture", "type=systemic", "standing=suspended", "size=standard"),
        *("sort=signed", "sort=updated"),
    ):
        assert (await town.json(f"/organisations.json?{query}"))["meta"]["total"] == 1, query
    for query in ("q=100%25", "q=_", "borough=wirral", "standing=on-track"):
        assert (await town.json(f"/organisations.json?{query}"))["meta"]["total"] == 0, query


async def test_bulk_files_hold_everything_and_run_nothing(town: Town) -> None:
    pledges = list(csv.DictReader(io.StringIO((await town.get("/open-data/pledges.csv")).text)))
    assert [row["number"] for row in pledges] == ["1", "2", "3", "4", "5", "6"]
    assert pledges[5]["title"] == "'=SUM(A1) is not a formula here"
    lines = (await town.get("/open-data/pledges.jsonl")).text.splitlines()
    assert json.loads(lines[5])["title"] == "=SUM(A1) is not a formula here"
    events = (await town.get("/open-data/events.jsonl")).text.splitlines()
    newest = json.loads(events[-1])["id"]
    assert (await town.json(f"/api/v1/events?after={newest}"))["events"] == []
    package = await town.json("/open-data/datapackage.json")
    for resource in package["resources"]:
        address = resource["path"].removeprefix(town.visitor.origin)
        header = (await town.get(address)).text.split("\r\n", 1)[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]


def test_a_cell_that_a_spreadsheet_would_run_is_shown_instead() -> None:
    for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        assert neutralise(cell) == f"'{cell}"
    assert neutralise("1+1") == "1+1"


async def test_feeds_are_atom_and_their_ids_are_those_of_the_events(town: Town) -> None:
    known = {str(event["id"]) for event in (await town.json(f"{API}/events"))["events"]}
    known |= {str(event["id"]) for event in (await town.json(f"{API}/events?after=100"))["events"]}
    for address in ("/feed.atom", f"{HERE}.atom", "/organisations.atom?borough=liverpool"):
        feed = ET.fromstring((await town.get(address)).text)  # noqa: S314 - our own feed
        assert feed.tag == f"{{{ATOM['a']}}}feed"
        for needed in ("id", "title", "updated"):
            assert feed.findtext(f"a:{needed}", namespaces=ATOM), address
        entries = feed.findall("a:entry", ATOM)
        ids = [entry.findtext("a:id", namespaces=ATOM) or "" for entry in entries]
        assert len(ids) == len(set(ids)) == 50
        assert all(entry.findtext("a:updated", namespaces=ATOM) for entry in entries)
        if address.startswith(HERE):
            assert {each.rsplit(":", 1)[-1] for each in ids} <= known


async def test_linked_data_names_the_register_an_identifier_is_from(town: Town) -> None:
    document = await town.json(f"{HERE}.jsonld")
    assert document["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "GB-COH", "value": "01234567"}
    ]


async def test_nothing_is_sent_past_the_instant_until_which_it_holds(own_town: Town) -> None:
    standing = await own_town.json(f"{HERE}/standing.json")
    assert standing["days_late"] == 105
    midnight = "2026-05-20T23:00:00Z"
    assert standing["holds_until"] == midnight
    own_town.world.clock.set(own_town.world.clock.at.replace(hour=22, minute=59, second=50))
    for address in (HERE, f"{HERE}.json", f"{HERE}/standing.json", "/late", "/organisations.json"):
        answer = await own_town.get(f"{address}?late-evening")
        age = int(answer.headers["cache-control"].rpartition("=")[2])
        assert age <= 10, address
    own_town.world.clock.set(own_town.world.clock.at + timedelta(seconds=20))
    after = await own_town.json(f"{HERE}/standing.json")
    assert after["days_late"] == 106
    assert after["holds_until"] > midnight


async def test_a_change_by_another_process_ends_the_kept_pages(own_town: Town) -> None:
    pages: PageCache = own_town.app.state.pages
    follower = Follower(pages, Notices())
    await follower.look()
    before = await own_town.get(f"{HERE}.json")
    await follower.look()
    own_town.world.clock.set(own_town.world.clock.at + timedelta(seconds=3))
    assert (await own_town.get(f"{HERE}.json")).headers["etag"] == before.headers["etag"]
    async with transaction(own_town.world.scheme) as tx:
        await open_obligation(tx, "concern-response", organisation=own_town.organisation)
    await follower.look()
    kinds = {row["kind"] for row in (await own_town.json(f"{HERE}.json"))["obligations"]}
    assert "concern-response" in kinds


async def test_the_page_of_an_old_name_ends_with_the_name(own_town: Town) -> None:
    follower = Follower(own_town.app.state.pages, Notices())
    await follower.look()
    assert (await own_town.get(HERE)).status_code == 200
    await rename(own_town.world, own_town.organisation)
    await follower.look()
    assert (await own_town.get(HERE)).status_code == 301


def test_every_row_and_every_standing_is_explained() -> None:
    assert {row.number for row in ROWS} == set(WHEN)
    assert set(MEANINGS) == set(Standing)


def test_a_difference_is_told_in_whole_words() -> None:
    pieces = compare_words("Every panel by May", "Every panel, by June")
    assert [(piece.change, piece.text) for piece in pieces] == [
        ("same", "Every panel"),
        ("added", ","),
        ("same", " by "),
        ("removed", "May"),
        ("added", "June"),
    ]
    long = "word " * 3000
    assert [piece.change for piece in compare_words(long, long + "more")] == ["removed", "added"]
