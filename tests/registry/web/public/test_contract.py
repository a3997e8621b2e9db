"""Every JSON member that outsiders rely on is there, under its promised name."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest

from registry.web.public.lateness import LatePayload
from registry.web.public.payloads import (
    EventsPayload,
    OrganisationDetailPayload,
    OrganisationsPayload,
    StandingPayload,
    StatisticsPayload,
)
from registry.web.public.pledge_page import PledgePagePayload
from tests.registry.web.public.conftest import Town
from tests.registry.web.public.story import AMENDED, LATE
from tests.registry.web.public.test_addresses import API, HERE, SLUG

LISTED = (
    *("slug", "name", "url", "identifiers", "sector", "boroughs", "size", "signed_on"),
    *("charter_version", "standing", "standing_since", "days_late", "level", "flags", "results"),
    *("sentence", "badge_url", "updated_at", "town", "website", "sponsor_role"),
)
RESULTS = ("kept", "partly_kept", "not_kept", "late", "not_yet_due", "withdrawn")

MEMBERS: dict[str, dict[str, tuple[str, ...]]] = {
    "/organisations.json": {
        "": ("meta", "organisations"),
        "meta": ("licence", "generated_at", "as_of", "total", "next"),
        "organisations.0": LISTED,
        "organisations.0.identifiers.0": ("scheme", "id"),
        "organisations.0.results": RESULTS,
    },
    f"{HERE}.json": {
        "": (
            *LISTED,
            *("previous_names", "proven_by", "types", "pledges", "reviews"),
            *("obligations", "chase", "next", "history_url"),
        ),
        "proven_by.0": ("how", "on"),
        "types.4": (
            *("type", "answer", "agreed", "expires_on", "level", "organisation_says"),
            *("community_found", "result"),
        ),
        "pledges.0": (
            *("number", "type", "secondary_types", "title", "version", "state", "first_due_on"),
            *("due_on", "days_late", "agreed_with_communities", "funding_pence", "milestones"),
            "url",
        ),
        "pledges.0.milestones.0": ("number", "title", "due_on", "state", "verdict"),
        "reviews.0": (
            *("id", "kind", "decided_on", "published_on", "verdict", "reasons", "reply"),
        ),
        "obligations.0": ("kind", "owner", "title", "due_on", "state", "days_late"),
        "chase.0": ("on", "step", "obligation"),
        "next": ("on", "what"),
    },
    f"{HERE}/standing.json": {
        "": (
            *("organisation", "at", "as_of", "standing", "since", "days_late", "level", "flags"),
            *("results", "sentence", "reasons", "holds_until", "pack"),
        ),
        "results": RESULTS,
        "reasons.0": ("rule", "text", "events"),
        "pack": ("id", "digest"),
    },
    "/framework.json": {
        "": (
            *("id", "name", "version", "digest", "source", "types", "boroughs", "sectors"),
            *("communities", "forms", "charter", "numbers"),
        ),
        "source": ("title", "publisher"),
        "types.0": (
            *("id", "name", "meaning", "aim", "impacts", "actions", "changes", "challenges"),
            "practice",
        ),
        "types.0.impacts.0": ("id", "name", "text"),
        "charter": ("version", "published_on", "resign_by", "digest"),
    },
    "/late.json": {
        "": ("meta", "organisations", "hub", "auditors"),
        "organisations.0": (
            *("slug", "name", "kind", "title", "due_on", "days_late", "paused", "next_step"),
        ),
        "organisations.0.next_step": ("on", "name"),
        "hub.0": ("kind", "count", "oldest_due_on", "days_late"),
        "auditors": ("waiting", "oldest_weeks"),
    },
    "/statistics.json": {
        "": (
            *("meta", "organisations", "types", "results", "obligations", "reviews", "pay"),
            *("concerns", "applications"),
        ),
        "organisations": (
            *("total", "by_standing", "by_level", "by_borough", "by_sector", "by_size"),
        ),
        "types.structural": ("applies", "does_not_apply", "unanswered", "live_pledges"),
        "results": RESULTS,
        "obligations": ("open", "late", "hub_late"),
        "reviews": ("decided", "median_days"),
        "pay": (
            *("median_days_to_pay", "unpaid_over_30_days", "hours_paid", "hours_declined"),
            "hours_unpaid",
        ),
        "concerns": (
            *("received", "decided", "upheld", "median_days"),
            *("appeals_lodged", "appeals_upheld", "appeals_waiting"),
        ),
        "applications": (
            *("received", "refused", "appeals_lodged", "appeals_upheld", "appeals_waiting"),
        ),
    },
    f"{HERE}/history.json": {
        "": ("meta", "events"),
        "events.0": (
            *("id", "kind", "organisation", "subject", "effective_at", "recorded_at", "summary"),
            *("from", "to", "log"),
        ),
    },
}

SAME = (
    ("/organisations.json", "/api/v1/organisations"),
    (f"{HERE}.json", API),
    (f"{HERE}/standing.json", f"{API}/standing"),
    (f"{HERE}/history.json", f"{API}/events"),
    ("/statistics.json", "/api/v1/statistics"),
)

STRICT: dict[str, Any] = {
    "/organisations.json": OrganisationsPayload,
    f"{HERE}.json": OrganisationDetailPayload,
    f"{HERE}/standing.json": StandingPayload,
    f"{HERE}/history.json": EventsPayload,
    f"{HERE}/pledges/1.json": PledgePagePayload,
    "/late.json": LatePayload,
    "/statistics.json": StatisticsPayload,
}


def member(document: Any, path: str) -> Any:
    for step in path.split(".") if path else ():
        document = document[int(step)] if step.isdigit() else document[step]
    return document


@pytest.mark.parametrize("address", MEMBERS)
async def test_every_promised_member_is_there(town: Town, address: str) -> None:
    document = await town.json(address)
    for path, names in MEMBERS[address].items():
        assert set(names) <= set(member(document, path)), (address, path)


@pytest.mark.parametrize("address", STRICT)
async def test_every_member_has_its_promised_kind(town: Town, address: str) -> None:
    answer = await town.get(address)
    msgspec.json.decode(answer.content, type=STRICT[address])


@pytest.mark.parametrize(("twin", "interface"), SAME)
async def test_the_interface_says_what_the_twin_says(town: Town, twin: str, interface: str) -> None:
    assert await town.json(twin) == await town.json(interface)


async def test_the_five_types_come_in_their_order_with_what_was_said(town: Town) -> None:
    types = (await town.json(f"{HERE}.json"))["types"]
    assert [row["type"] for row in types] == [
        *("internalised", "interpersonal", "institutional", "structural", "systemic"),
    ]
    assert {row["answer"] for row in types} == {"applies"}
    assert types[0]["reason"] == "Staff and audiences told us so in four open meetings."


async def test_a_pledge_keeps_its_first_words_beside_the_present_ones(town: Town) -> None:
    page = await town.json(f"{HERE}/pledges/1.json")
    first, second = page["versions"]
    assert first["words"]["target"] == "Every panel"
    assert (second["version"], second["published_on"]) == (2, AMENDED.isoformat())
    assert second["reason"] == "Casting was missing from the promise."
    [change] = second["changes"]
    assert change["field"] == "target"
    assert "".join(piece["text"] for piece in change["words"] if piece["change"] != "added") == (
        "Every panel"
    )
    assert "".join(piece["text"] for piece in change["words"] if piece["change"] != "removed") == (
        "Every panel, and every casting"
    )


async def test_a_withdrawn_pledge_leaves_a_tombstone_with_its_reason(town: Town) -> None:
    page = await town.json(f"{HERE}/pledges/6.json")
    assert page["pledge"]["state"] == "withdrawn"
    assert page["withdrawn"] == {
        "on": AMENDED.isoformat(),
        "reason": "Another theatre took it over.",
    }


async def test_what_agreed_means_is_told_apart(town: Town) -> None:
    pledges = (await town.json(f"{HERE}.json"))["pledges"]
    agreed = {row["number"]: row["agreed_with_communities"] for row in pledges}
    assert (agreed[1], agreed[3]) == ("confirmed", "no")
    page = await town.json(f"{HERE}/pledges/1.json")
    assert page["sessions"][0]["answer"] == "confirmed"


async def test_a_verdict_is_published_with_its_reasons_and_the_reply_and_no_note(
    town: Town,
) -> None:
    answer = await town.get(f"{HERE}.json")
    [review] = answer.json()["reviews"]
    assert (review["verdict"], review["pledge"], review["milestone"]) == ("accepted", 1, 1)
    assert "The note names six panel members by role." in review["reasons"]
    assert review["reply"] == "Thank you for looking."
    assert "never public" not in answer.text


async def test_the_past_reads_as_it_did_then(town: Town) -> None:
    then = await town.json(f"{HERE}.json?as_of=2026-01-10")
    assert then["meta"]["as_of"] == "2026-01-10"
    assert then["standing"] == "on-track"
    assert [row["number"] for row in then["pledges"]] == [1, 2, 3, 4, 5]
    assert then["pledges"][0]["version"] == 1
    assert then["reviews"] == []
    assert {row["state"] for row in then["obligations"] if row["owner"] == "organisation"} == {
        "met",
        "running",
    }
    now = await town.json(f"{HERE}.json")
    today = await town.json(f"{HERE}.json?as_of={LATE.isoformat()}")
    for name in ("standing", "results", "pledges", "types", "reviews", "obligations", "chase"):
        assert now[name] == today[name], name
    before = await town.get(f"{HERE}/standing.json?as_of=2025-12-31")
    assert before.status_code == 404


async def test_size_events_and_what_was_listed_read_as_they_did_then(town: Town) -> None:
    now = await town.json(f"{HERE}.json")
    then = await town.json(f"{HERE}.json?as_of=2026-01-10")
    assert then["size"] == now["size"]
    assert then["sponsor_role"] is not None
    events = await town.json(f"{HERE}/history.json?as_of=2026-01-10")
    assert events["meta"]["as_of"] == "2026-01-10"
    assert events["events"]
    assert all(event["recorded_at"] < "2026-01-11" for event in events["events"])
    unknown = await town.get(f"{HERE}/history.json?as_of=tomorrow")
    assert unknown.status_code == 400


async def test_the_standing_of_each_day_is_what_the_page_said_on_that_day(town: Town) -> None:
    for day in ("2026-01-06", "2026-02-06", "2026-03-20", "2026-05-06"):
        standing = await town.json(f"{HERE}/standing.json?as_of={day}")
        page = await town.json(f"{HERE}.json?as_of={day}")
        assert standing["as_of"] == day
        assert standing["sentence"] == page["sentence"]


async def test_next_is_in_the_future(town: Town) -> None:
    coming = (await town.json(f"{HERE}.json"))["next"]
    assert date.fromisoformat(coming["on"]) > LATE


async def test_all_that_comes_is_told_in_order_on_the_page_and_as_data(town: Town) -> None:
    own = await town.json(f"{HERE}.json")
    days = [step["on"] for step in own["coming"]]
    assert days == sorted(days)
    assert own["coming"][0] == own["next"]
    told = {step["what"] for step in own["coming"]}
    assert "From this day the five types of racism are to be answered again" in told
    assert any(what.startswith("The last pledges on internalised racism, ") for what in told)
    page = (await town.get(HERE)).text
    for step in own["coming"][:5]:
        assert step["what"] in page
    assert "later date" in page


async def test_a_list_goes_on_by_cursor_and_link(town: Town) -> None:
    seen: list[int] = []
    address: str | None = "/api/v1/events?after=0"
    while address:
        answer = await town.get(address)
        document = answer.json()
        seen += [event["id"] for event in document["events"]]
        following = document["meta"]["next"]
        assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
        address = following.removeprefix(town.visitor.origin) if following else None
    assert seen == sorted(set(seen))
    assert len(seen) > 100


async def test_instants_of_reviews_are_rounded_to_the_day(town: Town) -> None:
    document = await town.json(f"{API}/events?after=0")
    events = [*document["events"], *(await town.json(f"{API}/events?after=100"))["events"]]
    discreet = [event for event in events if event["kind"] in {"verdict-published", "panel-drawn"}]
    assert discreet
    for event in discreet:
        at = datetime.fromisoformat(event["recorded_at"])
        assert (at.hour, at.minute, at.second) in {(0, 0, 0), (23, 0, 0)}


async def test_the_description_of_the_interface_names_real_addresses(town: Town) -> None:
    document = await town.json("/api/v1/openapi.json")
    own = await town.json(f"/organisations/{SLUG}.json")
    code = own["badge_url"].rpartition("/")[2]
    places = {"/boroughs": own["boroughs"][0], "/sectors": own["sector"]}
    assert document["openapi"] == "3.1.0"
    for path, item in document["paths"].items():
        place = places.get(path.partition("/{place}")[0])
        answer = await town.json(path.format(slug=SLUG, code=code, place=place))
        name = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        schema = document["components"]["schemas"][name.rsplit("/", 1)[-1]]
        assert set(schema["required"]) <= set(answer), path


async def test_data_may_be_read_from_any_site_and_is_not_sent_twice(town: Town) -> None:
    for address in (*MEMBERS, "/organisations.csv", "/feed.atom", "/api/v1/openapi.json"):
        answer = await town.get(address)
        assert answer.headers["access-control-allow-origin"] == "*", address
        again = await town.get(address, **{"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), address
