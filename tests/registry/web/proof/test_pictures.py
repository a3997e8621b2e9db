"""Pictures of a badge as other pages and cameras get them."""

import pytest

from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor


@pytest.mark.parametrize("size", ["strip", "card", "plate"])
async def test_the_live_picture_is_safe_on_other_peoples_pages(
    visitor: Visitor, harbour: Harbour, size: str
) -> None:
    code = await harbour.has_badge()
    answer = await visitor.get(f"/b/{code}/live.svg?size={size}")
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in answer.headers
    assert "Harbour Lights Theatre" in answer.text
    same = await visitor.get(
        f"/b/{code}/live.svg?size={size}", **{"if-none-match": answer.headers["etag"]}
    )
    assert same.status_code == 304


async def test_an_unknown_code_is_a_picture_that_says_so(visitor: Visitor) -> None:
    answer = await visitor.get("/b/0000000000/live.svg")
    assert answer.status_code == 404
    assert "not a registered badge" in answer.text


async def test_a_size_nobody_drew_is_refused_by_name(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    answer = await visitor.get(f"/b/{code}/live.svg?size=huge", accept="application/json")
    assert answer.status_code == 422
    assert "strip, card, plate" in answer.json()["errors"][0]["message"]
