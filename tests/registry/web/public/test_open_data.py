"""Open data has no end that a program could run into, and unchanged answers keep their tags."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from charter.organisations.tables import Organisation
from registry.accounts.limits import FOLLOW_PER_NETWORK
from registry.web.page_cache import etag_beside, etag_of, matches
from registry.web.public import bulk
from registry.web.public.feeds import LENGTH
from tests.registry.web.public.conftest import Town
from tests.registry.web.public.test_addresses import API, HERE

ATOM = "{http://www.w3.org/2005/Atom}"

MANY = """
INSERT INTO organisation SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', gen_random_uuid(), 'slug', 'copy-' || n, 'name', 'Copy ' || n))).*
FROM organisation o, generate_series(1, 1200) n
"""

STANDINGS = """
INSERT INTO current_standing SELECT (jsonb_populate_record(s, jsonb_build_object(
    'organisation', o.id))).* FROM current_standing s, organisation o WHERE o.slug LIKE 'copy-%'
"""


async def settle_many() -> int:
    """Fill the register with copies, more than any page shows; return how many there are."""
    await Organisation.raw(MANY)
    await Organisation.raw(STANDINGS)
    return int(await Organisation.count())


def links_of(feed: ET.Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in feed.findall(f"{ATOM}link")}


async def test_the_list_as_csv_is_whole_and_keeps_its_filters(own_town: Town) -> None:
    organisations = await settle_many()
    text = (await own_town.get("/organisations.csv")).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == organisations > 1_000
    assert len({row["slug"] for row in rows}) == organisations
    some = (await own_town.get("/organisations.csv?q=Copy%20120")).text
    assert len(some.splitlines()) == 1 + 2
    assert (await own_town.get("/organisations.csv?borough=bogus")).status_code == 400


async def test_the_list_as_csv_is_not_sent_again_while_nothing_changed(own_town: Town) -> None:
    first = await own_town.get("/organisations.csv")
    tag = first.headers["etag"]
    again = await own_town.get("/organisations.csv", **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = await own_town.get("/organisations.csv?sort=signed", **{"if-none-match": tag})
    assert other.status_code == 200
    own_town.world.clock.set(own_town.world.clock.at + timedelta(days=1))
    tomorrow = await own_town.get("/organisations.csv", **{"if-none-match": tag})
    assert tomorrow.status_code == 200


async def test_the_bulk_rows_come_in_batches(
    own_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 7)
    organisations = await settle_many()
    text = (await own_town.get("/organisations.csv?sort=updated")).text
    assert len(text.splitlines()) == 1 + organisations


@pytest.mark.parametrize("start", ["/feed.atom", f"{HERE}.atom", "/organisations.atom?q=harbour"])
async def test_a_feed_goes_on_page_by_page_to_the_first_event(town: Town, start: str) -> None:
    known = set()
    for address in (f"{API}/events", f"{API}/events?after=100", f"{API}/events?after=200"):
        known |= {event["id"] for event in (await town.json(address))["events"]}
    seen: list[int] = []
    address, pages = start, 0
    while address:
        feed = ET.fromstring((await town.get(address)).text)  # noqa: S314 - our own feed
        entries = [entry.findtext(f"{ATOM}id") or "" for entry in feed.findall(f"{ATOM}entry")]
        assert 0 < len(entries) <= LENGTH
        seen += [int(entry.rpartition(":")[2]) for entry in entries]
        links = links_of(feed)
        assert links["first"].endswith(start)
        assert links["self"].endswith(address)
        parts = urlsplit(links.get("next", ""))
        address = f"{parts.path}?{parts.query}" if parts.query else ""
        pages += 1
    assert pages > 1
    assert seen == sorted(set(seen), reverse=True)
    assert known <= set(seen)


async def test_a_place_in_a_feed_that_is_none_is_refused_by_name(town: Town) -> None:
    for address in ("/feed.atom", "/organisations.atom"):
        answer = await town.get(f"{address}?before=x", accept="application/json")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "before")


@pytest.mark.parametrize(
    "address",
    [
        *("/organisations.json", f"{HERE}.json", f"{HERE}/standing.json", "/late.json"),
        *("/statistics.json", f"{HERE}/pledges/1.json", "/learning.json", "/boroughs.json"),
        f"{API}/pledges",
    ],
)
async def test_an_unchanged_answer_keeps_its_tag_though_it_is_made_anew(
    own_town: Town, address: str
) -> None:
    first = await own_town.get(address)
    own_town.world.clock.set(own_town.world.clock.at + timedelta(seconds=90))
    again = await own_town.get(address)
    assert again.content != first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["etag"].startswith('W/"')
    known = await own_town.get(f"{address}", **{"if-none-match": first.headers["etag"]})
    assert known.status_code == 304


def test_only_the_member_that_tells_the_time_is_left_out_of_the_tag() -> None:
    one, other = b'{"at":"2026-01-01","n":1}', b'{"at":"2027-01-01","n":1}'
    assert etag_beside("at", one) == etag_beside("at", other)
    assert etag_beside("at", one) != etag_beside("at", one.replace(b"1}", b"2}"))
    quoted = b'{"words":"\\"at\\":\\"x\\"","at":"2026-01-01"}'
    assert etag_beside("at", quoted) != etag_beside("at", quoted.replace(b"x", b"y"))
    assert etag_beside("at", b'{"n":1}') == etag_of(b'{"n":1}')
    tag = etag_beside("at", one)
    assert matches(tag, tag)
    assert matches(b'"nothing", ' + tag, tag)
    assert not matches(b'"nothing"', tag)


async def test_the_description_names_the_badge_the_library_and_the_boroughs(town: Town) -> None:
    api = await town.json("/api/v1/openapi.json")
    badge = api["paths"]["/api/v1/badges/{code}"]["get"]
    assert {"200", "304", "404"} <= set(badge["responses"])
    assert "checked_at" in api["components"]["schemas"]["BadgePayload"]["properties"]
    notes = api["paths"]["/learning.json"]["get"]["parameters"]
    assert [each["name"] for each in notes][-1] == "cursor"
    assert next(each for each in notes if each["name"] == "worked")["schema"]["enum"] == [
        "fully",
        "partly",
        "not",
    ]
    assert api["paths"]["/boroughs/{place}.json"]["get"]["parameters"][0]["in"] == "path"


async def test_whoever_asks_too_often_is_told_the_limit_and_when_to_come_back(town: Town) -> None:
    for _ in range(FOLLOW_PER_NETWORK.most):
        await town.visitor.fill("/concerns/follow", {"receipt": "none"})
    page = await town.visitor.fill("/concerns/follow", {"receipt": "none"})
    assert page.status_code == 429
    wait = int(page.headers["retry-after"])
    limit = FOLLOW_PER_NETWORK
    seconds = int(limit.window.total_seconds())
    assert page.headers["ratelimit-policy"] == f'"{limit.name}";q={limit.most};w={seconds}'
    assert page.headers["ratelimit"] == f'"{limit.name}";r=0;t={wait}'
