"""Telling the registry about a badge, and following what became of it, with no account."""

import re

from charter.concerns.tables import Concern
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor, hidden_fields


def receipt_on(page: str) -> str:
    found = re.search(r"<bdi>([^<]+)</bdi>", page)
    assert found is not None
    return found[1]


async def test_one_tap_says_that_a_badge_is_in_the_wrong_place(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    answer = await visitor.send(f"/b/{code}/wrong-place", {})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    [concern] = await Concern.objects()
    assert concern.about == "wrong-place"
    followed = await visitor.fill("/concerns/follow", {"receipt": receipt_on(answer.text)})
    assert "Harbour Lights Theatre" in followed.text


async def test_another_site_cannot_tap_for_its_visitors(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    answer = await visitor.send(f"/b/{code}/still-up", {}, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert await Concern.count() == 0


async def test_the_same_report_over_and_over_is_stopped(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    answers = [await visitor.send(f"/b/{code}/still-up", {}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


async def test_a_concern_is_raised_once_and_followed_by_its_receipt(
    visitor: Visitor, harbour: Harbour
) -> None:
    await harbour.has_badge()
    page = await visitor.get("/concerns/new?organisation=harbour-lights-theatre")
    assert "Harbour Lights Theatre" in page.text
    typed = hidden_fields(page.text) | {"about": "promise", "text": "The panel was never mixed."}
    first = await visitor.send("/concerns/new", typed)
    again = await visitor.send("/concerns/new", typed)
    assert await Concern.count() == 1
    assert "sent twice" in again.text
    for answer in (page, first, again):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
    followed = await visitor.fill("/concerns/follow", {"receipt": receipt_on(first.text)})
    assert "Nobody has read it yet" in followed.text


async def test_what_is_wrong_with_a_concern_is_said_by_field(visitor: Visitor) -> None:
    answer = await visitor.fill("/concerns/new", {"about": "promise", "text": ""})
    assert answer.status_code == 422
    assert "Tell us what happened" in answer.text
    wrong = await visitor.fill("/concerns/follow", {"receipt": "nothing-like-it"})
    assert wrong.status_code == 422
    assert "no concern with this receipt" in wrong.text
