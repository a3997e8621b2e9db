"""The promised shape of `/framework.json`."""

import json

import pytest

from charter.framework.pack import FrameworkPack, load_pack
from charter.framework.queries import Plain, describe_charter, describe_framework
from tests.charter.framework.packs import SHIPPED


@pytest.fixture(scope="module")
def pack() -> FrameworkPack:
    return load_pack(SHIPPED)


@pytest.fixture(scope="module")
def payload(pack: FrameworkPack) -> Plain:
    return describe_framework(pack)


def test_the_payload_is_plain_json(payload: Plain) -> None:
    assert json.loads(json.dumps(payload)).keys() == payload.keys()


def test_every_promised_member_is_there(payload: Plain, pack: FrameworkPack) -> None:
    assert payload.keys() >= {
        "id",
        "name",
        "version",
        "digest",
        "source",
        "types",
        "boroughs",
        "sectors",
        "communities",
        "forms",
        "charter",
        "numbers",
    }
    assert payload["source"].keys() == {"title", "publisher"}
    assert payload["digest"] == pack.digest
    assert payload["charter"] == {
        "version": "1.0",
        "published_on": pack.charter.published_on.isoformat(),
        "resign_by": None,
        "digest": pack.charter.digest,
    }


def test_a_type_lists_its_impacts_actions_changes_challenges_and_practice(payload: Plain) -> None:
    for racism_type in payload["types"]:
        assert racism_type.keys() >= {"id", "name", "meaning", "aim"}
        for kind in ("impacts", "actions", "changes", "challenges", "practice"):
            assert all(entry.keys() >= {"id", "name", "text"} for entry in racism_type[kind])
    assert sum(len(each["actions"]) for each in payload["types"]) == 30


def test_links_of_an_action_are_marked_as_editorial(payload: Plain) -> None:
    for racism_type in payload["types"]:
        for action in racism_type["actions"]:
            assert action["links"]
            assert all(link["editorial"] is True for link in action["links"])
            assert len(action["worked_pledges"]) == 2


def test_the_numbers_come_with_ladders_bands_and_obligations(payload: Plain) -> None:
    numbers = payload["numbers"]
    assert numbers["signing"]["plan_days"] == 90
    assert numbers["mail"]["quiet_from"] == "20:00:00"
    assert {ladder["name"] for ladder in numbers["ladders"]} >= {"long", "short", "hub", "auditor"}
    assert [band["id"] for band in numbers["bands"]] == ["tiny", "small", "standard"]
    assert {kind["kind"] for kind in numbers["obligations"]} >= {"plan", "evidence", "review"}


def test_the_charter_is_told_whole(pack: FrameworkPack) -> None:
    charter = describe_charter(pack.charter)
    numbers = [undertaking["number"] for undertaking in charter["undertakings"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert charter["full_text"] == pack.charter.full_text
    assert json.loads(json.dumps(charter)) == charter
