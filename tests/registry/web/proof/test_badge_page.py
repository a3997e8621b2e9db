"""What somebody sees who has scanned a badge."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from badges.service import add_placement, end_placement
from badges.tables import Badge
from charter.evidence.tables import Report
from charter.plans.tables import Pledge
from tests.registry.web.proof.proving import Harbour, code_of
from tests.registry.web.visitor import Visitor


def first_heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return found[1].strip()


async def test_the_first_line_is_the_verdict_in_words(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    page = await visitor.get(f"/b/{code}")
    assert page.status_code == 200
    assert first_heading(page.text) == (
        "Harbour Lights Theatre has signed the charter and reports on time."
    )
    for shown in ("Seaham Docks", "harbour-lights.example", "01234567", "127.0.0.1:8400"):
        assert shown in page.text


async def test_it_says_what_comes_next_for_each_type(visitor: Visitor, harbour: Harbour) -> None:
    page = (await visitor.get(f"/b/{await harbour.has_badge()}")).text
    rows = re.findall(r'<th scope="row".*?</tr>', page, re.DOTALL)
    assert len(rows) == 5
    assert all("Pledged." in row and "Next date:" in row for row in rows)


async def test_reports_that_were_read_are_listed_with_what_did_not_work(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    badge = await Badge.objects().get(Badge.code == code)
    assert badge is not None
    for milestone, (worked, state) in enumerate(
        [("fully", "accepted"), ("not", "accepted"), ("partly", "not-accepted")], start=1
    ):
        await report(badge.organisation, milestone, worked, state)
    await report(badge.organisation, 4, "fully", "received")
    page = (await visitor.get(f"/b/{code}")).text
    assert "milestone 1</a>: it worked." in page
    assert "milestone 2</a>: it did not work, and they said so openly." in page
    assert "milestone 3</a>: what they reported was not borne out." in page
    assert "milestone 4" not in page


async def report(organisation: UUID, milestone: int, worked: str, state: str) -> None:
    """Keep a report on the first pledge, as it stands once it was read."""
    pledge = await Pledge.objects().get(
        (Pledge.organisation == organisation) & (Pledge.number == 1)
    )
    assert pledge is not None
    await Report(
        id=uuid4(),
        organisation=organisation,
        pledge=pledge.id,
        milestone=milestone,
        worked=worked,
        words=uuid4(),
        received_at=datetime.now(UTC),
        state=state,
    ).save()


async def test_the_page_sets_no_cookie_and_asks_nobody_else(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    page = await visitor.get(f"/b/{code}")
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "public, max-age=60"
    assert page.headers["vary"] == "Accept"
    assert not re.search(r'(?:src|href)="https?://(?!127\.0\.0\.1)(?!harbour)', page.text)


async def test_a_code_page_is_there_from_the_signature_on(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await code_of(await harbour.signs())
    page = await visitor.get(f"/b/{code}")
    assert page.status_code == 200
    assert "Its first plan is due" in first_heading(page.text)
    assert (await visitor.get(f"/b/{code}/poster.pdf")).status_code == 409


async def test_codes_are_read_as_people_type_them(visitor: Visitor, harbour: Harbour) -> None:
    code = await harbour.has_badge()
    typed = code.upper().replace("0", "O").replace("1", "L")
    page = await visitor.get(f"/b/{typed[:5]}-{typed[5:]}")
    assert page.status_code == 200
    assert "Harbour Lights Theatre" in page.text


@pytest.mark.parametrize(
    ("code", "said"),
    [("0000000001", "slip"), ("abc", "10 characters"), ("0000000000", "No organisation")],
)
async def test_a_made_up_code_is_a_404_that_says_why(
    visitor: Visitor, code: str, said: str
) -> None:
    page = await visitor.get(f"/b/{code}")
    assert page.status_code == 404
    assert first_heading(page.text) == "This is not a registered badge"
    assert said in page.text
    assert "set-cookie" not in page.headers


async def test_a_place_says_where_its_code_belongs(visitor: Visitor, harbour: Harbour) -> None:
    organisation = await harbour.publishes()
    code = await code_of(organisation)
    door = await add_placement(
        harbour.world.scheme, organisation=organisation, label="Stage door", kind="door"
    )
    page = await visitor.get(f"/b/{code}/{door.code.upper()}")
    assert page.status_code == 200
    assert "Stage door" in page.text
    await end_placement(harbour.world.scheme, organisation=organisation, code=door.code)
    harbour.world.clock.set(harbour.world.clock.now() + timedelta(seconds=5))
    page = await visitor.get(f"/b/{code}/{door.code.upper()}")
    assert "says it no longer hangs there" in page.text
    other = "0000" if door.code != "0000" else "1111"
    unknown = await visitor.get(f"/b/{code}/{other}")
    assert unknown.status_code == 404
    assert "Harbour Lights Theatre has no place with this code" in unknown.text
    verdict = (await visitor.get(f"/api/v1/badges/{code}?placement={door.code}")).json()
    assert verdict["placement"]["label"] == "Stage door"
