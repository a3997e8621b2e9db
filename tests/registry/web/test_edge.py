"""What every answer has in common, whatever the page."""

import httpx
import pytest

from tests.registry.web.visitor import Visitor

PAGES = ("/accessibility", "/privacy", "/theme.css", "/static/registry.css", "/version")


@pytest.mark.parametrize("path", PAGES)
async def test_head_is_get_without_the_body(visitor: Visitor, path: str) -> None:
    for _twice in range(2):  # made, then kept
        got = await visitor.client.get(path)
        head = await visitor.client.head(path)
        assert got.status_code == head.status_code == 200
        assert head.content == b""
        assert head.headers["content-length"] == str(len(got.content))
        assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", [*PAGES, "/nothing-here", "/sign-in", "/inbox", "/sign-out"])
async def test_every_answer_carries_the_security_headers(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_page_already_known_is_not_sent_again(visitor: Visitor) -> None:
    first = await visitor.get("/privacy")
    tag = first.headers["etag"]
    for _twice in range(2):
        again = await visitor.get("/privacy", **{"if-none-match": tag})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert (await visitor.get("/privacy", **{"if-none-match": '"other"'})).status_code == 200


async def test_public_pages_set_no_cookie_and_may_be_kept(visitor: Visitor) -> None:
    for path in ("/privacy", "/accessibility"):
        answer = await visitor.get(path)
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "public, max-age=60"


async def test_pages_hold_no_inline_script_and_nothing_from_elsewhere(visitor: Visitor) -> None:
    for path in ("/privacy", "/sign-in", "/nothing-here"):
        page = (await visitor.get(path)).text
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert 'src="http' not in page
        assert "GOV.UK" not in page


async def test_an_unknown_page_is_a_page(visitor: Visitor) -> None:
    page = await visitor.get("/nothing-here")
    assert page.status_code == 404
    assert "<h1" in page.text
    assert "Page not found" in page.text


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/nothing.json", {}), ("/api/v1/nothing", {}), ("/nothing", {"accept": "application/json"})],
)
async def test_a_program_gets_a_problem_in_json(
    visitor: Visitor, path: str, headers: dict[str, str]
) -> None:
    answer = await visitor.get(path, **headers)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
    assert problem["type"] == "http://127.0.0.1:8400/problems/not-found"
    assert (problem["status"], problem["code"]) == (404, "not-found")


async def test_a_method_an_address_does_not_take_names_those_it_does(visitor: Visitor) -> None:
    answer = await visitor.client.put("/privacy", headers={"accept": "application/json"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/%00",
        "/organisations/%ff%fe",
        "/organisations/%e2%80%ae",
        "/privacy?q=%00",
        "/privacy?q=%ff",
        "/privacy?q=%ed%a0%80",
        "/privacy?" + "a" * 3_000,
    ],
)
async def test_a_hostile_address_is_turned_away(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(path)).status_code in {400, 404}


async def test_assets_are_a_strict_list(visitor: Visitor) -> None:
    for path in ("../app.py", "..%2fapp.py", "%2e%2e/authorisation.toml", "nothing.css", ""):
        answer: httpx.Response = await visitor.get(f"/static/{path}")
        assert answer.status_code in {400, 404}, path
