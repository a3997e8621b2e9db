"""Every public address answers, moved ones redirect, and no parameter makes one fall over."""

from collections.abc import Callable

import pytest

from tests.charter.acting import apply
from tests.registry.web.public.conftest import Town
from tests.registry.web.public.story import rename
from tests.registry.web.visitor import Visitor

SLUG = "harbour-lights-theatre"
HERE = f"/organisations/{SLUG}"
API = f"/api/v1/organisations/{SLUG}"

OF_THE_REGISTER = (
    *("/", "/organisations", "/organisations.json", "/organisations.csv", "/organisations.atom"),
    *("/feed.atom", "/late", "/late.json", "/statistics", "/statistics.json"),
    *("/charter", "/charter.json", "/charter/1.0", "/charter/1.0.json"),
    *("/framework", "/framework.json", "/framework/structural", "/framework/structural.json"),
    *("/learning", "/learning.json", "/how-standing-is-decided", "/how-standing-is-decided.json"),
    *("/open-data", "/open-data.json", "/open-data/datapackage.json"),
    *("/open-data/organisations.csv", "/open-data/organisations.jsonl"),
    *("/open-data/pledges.csv", "/open-data/pledges.jsonl"),
    *("/open-data/events.csv", "/open-data/events.jsonl"),
    *("/api/v1/organisations", "/api/v1/events", "/api/v1/statistics"),
    *("/api/v1/openapi.json", "/api/v1/docs", "/api/v1"),
)

OF_THE_ORGANISATION = (
    *(HERE, f"{HERE}.json", f"{HERE}.jsonld", f"{HERE}.atom"),
    *(f"{HERE}?as_of=2026-02-01", f"{HERE}.json?as_of=2026-02-01"),
    *(f"{HERE}/standing.json", f"{HERE}/standing.json?as_of=2026-02-01"),
    *(f"{HERE}/pledges/1", f"{HERE}/pledges/1.json", f"{HERE}/pledges/6"),
    *(f"{HERE}/history", f"{HERE}/history.json", f"{HERE}/history?after=20"),
    *(API, f"{API}/standing", f"{API}/pledges", f"{API}/events"),
)

HOSTILE = (
    "%00",
    "%ED%A0%80",
    "%FF",
    "9" * 40,
    "-1",
    "1e9",
    "' OR 1=1 --",
    "{}",
    "{{7*7}}",
    "2026-13-01",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "20260101",
    "WyJhIiwiYlx1MDAwMCJd",
    "WyJhIiwgIlx1ZDgwMCJd",
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "x" * 1500,
)

LISTS = ("/organisations", "/organisations.json", "/organisations.csv", "/organisations.atom")

READERS = {
    **dict.fromkeys(
        ("q", "borough", "sector", "standing", "level", "size", "sort", "cursor"), LISTS
    ),
    "type": ("/organisations", "/learning"),
    "action": ("/learning.json",),
    "as_of": (HERE, f"{HERE}.json", f"{HERE}/standing.json", f"{API}/pledges"),
    "after": ("/api/v1/events", f"{HERE}/history", f"{API}/events"),
}
"""Which addresses read which parameter."""


async def test_every_address_answers_get_and_head_alike_and_sets_no_cookie(town: Town) -> None:
    for address in (*OF_THE_REGISTER, *OF_THE_ORGANISATION):
        answer = await town.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.text[-600:])
        assert "set-cookie" not in answer.headers, address
        assert answer.headers["cache-control"].startswith("public, max-age="), address
        head = await town.visitor.client.head(address)
        assert (head.status_code, head.content) == (200, b""), address


async def test_an_empty_register_answers_everywhere_and_says_so(visitor: Visitor) -> None:
    for address in OF_THE_REGISTER:
        answer = await visitor.get(address)
        assert answer.status_code == 200, (address, answer.text[-600:])
    assert "Nothing has happened yet" in (await visitor.get("/")).text
    assert "No organisation fits" in (await visitor.get("/organisations")).text
    assert "No organisation is late" in (await visitor.get("/late")).text


async def test_what_nobody_knows_is_a_page_or_a_problem_never_a_fault(town: Town) -> None:
    for address in (
        *("/organisations/nobody", "/organisations/nobody/history", "/charter/9.9"),
        *("/framework/nothing", "/open-data/people.csv", f"{HERE}/pledges/99", f"{HERE}/pledges/x"),
        *("/organisations/nobody/pledges/1", f"{HERE}/pledges/{'9' * 30}"),
    ):
        answer = await town.get(address)
        assert answer.status_code == 404, address
        assert "Page not found" in answer.text
    for address in ("/organisations/nobody.json", "/api/v1/organisations/nobody/standing"):
        answer = await town.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (
            404,
            "application/problem+json",
        )
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("parameter", READERS)
async def test_no_value_of_a_parameter_makes_an_address_fall_over(
    town: Town, parameter: str
) -> None:
    for value in HOSTILE:
        for address in READERS[parameter]:
            answer = await town.get(f"{address}?{parameter}={value}")
            assert answer.status_code in {200, 400}, (address, parameter, value)


async def test_an_unknown_filter_names_the_allowed_values(town: Town) -> None:
    answer = await town.get("/organisations.json?standing=bogus&sort=level")
    assert answer.status_code == 400
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
    assert {error["field"] for error in problem["errors"]} == {"standing", "sort"}
    assert "not-reporting" in problem["errors"][0]["message"] + problem["errors"][1]["message"]
    page = await town.get("/organisations?standing=bogus&q=Harbour")
    assert page.status_code == 400
    assert "<title>Error: Organisations" in page.text
    assert 'value="Harbour"' in page.text


@pytest.mark.parametrize("day", ["2027-01-01", "yesterday", "2026-02-30"])
async def test_a_day_that_has_not_come_or_is_none_is_refused_by_name(town: Town, day: str) -> None:
    for address in (f"{HERE}/standing.json", f"{HERE}.json", f"{API}/standing"):
        answer = await town.get(f"{address}?as_of={day}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "as_of"


async def test_an_old_address_moves_for_ever_and_an_identifier_points_to_its_bearer(
    own_town: Town,
) -> None:
    slug = await rename(own_town.world, own_town.organisation)
    assert slug == "harbour-lights-playhouse"
    for ending in ("", ".json", "/standing.json", "/history?after=3", "/pledges/1.json"):
        moved = await own_town.get(f"{HERE}{ending}")
        assert moved.status_code == 301, ending
        assert moved.headers["location"] == f"/organisations/{slug}{ending}"
    for identifier in ("GB-COH-01234567", "gb-coh-01234567"):
        seen = await own_town.get(f"/organisations/{identifier}.json?as_of=2026-02-01")
        assert seen.status_code == 303
        assert seen.headers["location"] == f"/organisations/{slug}.json?as_of=2026-02-01"
    members = await own_town.json(f"/organisations/{slug}.json")
    assert members["previous_names"] == [
        {"name": "Harbour Lights Theatre", "until": own_town.world.scheme.today().isoformat()}
    ]


async def test_an_applicant_is_in_no_answer(own_town: Town) -> None:
    await apply(own_town.world, name="Quayside Kitchen", identifiers=(("GB-COH", "07654321"),))
    found = await own_town.json("/organisations.json?q=quayside")
    assert (found["organisations"], found["meta"]["total"]) == ([], 0)
    for address in ("quayside-kitchen", "quayside-kitchen/history", "GB-COH-07654321"):
        assert (await own_town.get(f"/organisations/{address}")).status_code == 404
    for address in ("/api/v1/events", "/open-data/organisations.csv", "/feed.atom"):
        assert "uayside" not in (await own_town.get(address)).text


async def test_standing_json_is_one_statement(
    town: Town, count_statements: Callable[[], int]
) -> None:
    await town.json(f"{HERE}/standing.json")
    before = count_statements()
    await town.get(f"{HERE}/standing.json?fresh=1")
    assert count_statements() - before == 1
