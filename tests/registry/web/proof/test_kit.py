"""The badge kit: what is printed, where it hangs, who looked, and how it comes down again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar import Litestar

from badges.queries import placements_of
from badges.service import add_placement
from badges.sightings import places_seen, sites_seen
from badges.tables import Badge, Placement, Sighting
from registry.bootstrap import Registry
from registry.web.sightings import write_down
from tests.charter.acting import LEAD
from tests.registry.web.people import sign_in
from tests.registry.web.proof.proving import Harbour, code_of
from tests.registry.web.visitor import Visitor

KIT = "/my/harbour-lights-theatre/badge"
MONTH = timedelta(days=30)


@pytest.fixture
async def lead(registry: Registry, new_visitor: Callable[[], Visitor]) -> Visitor:
    """Sign in the EDI lead of Harbour Lights."""
    return await sign_in(registry, new_visitor(), LEAD)


async def hang(harbour: Harbour, badge: Badge, label: str, kind: str) -> Placement:
    scheme = harbour.world.scheme
    return await add_placement(scheme, organisation=badge.organisation, label=label, kind=kind)


async def badge_of(harbour: Harbour) -> Badge:
    badge = await Badge.objects().get(Badge.code == await harbour.has_badge())
    assert badge is not None
    return badge


async def test_each_place_gets_what_suits_it(lead: Visitor, harbour: Harbour) -> None:
    badge = await badge_of(harbour)
    door = await hang(harbour, badge, "Stage door", "door")
    site = await hang(harbour, badge, "What is on", "web-page")
    page = (await lead.get(KIT)).text
    assert f"/b/{badge.code}/poster.pdf?placement={door.code}" in page
    assert f"/b/{badge.code}/certificate.pdf" in page
    assert f"&lt;a href=&#34;{lead.origin}/b/{badge.code}/{site.code}&#34;&gt;" in page
    assert "Print the code at least 25 mm wide" in page
    for printed in (f"poster.pdf?placement={door.code}", "certificate.pdf"):
        answer = await lead.get(f"/b/{badge.code}/{printed}")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")


async def test_before_a_plan_there_is_a_code_and_no_kit(lead: Visitor, harbour: Harbour) -> None:
    code = await code_of(await harbour.signs())
    page = (await lead.get(KIT)).text
    assert code in page
    assert "come when your plan is published" in page
    assert "poster.pdf" not in page
    assert (await lead.get(f"/b/{code}/certificate.pdf")).status_code == 409


async def test_a_suspension_turns_the_kit_into_a_list_to_take_it_down(
    registry: Registry, new_visitor: Callable[[], Visitor], harbour: Harbour
) -> None:
    badge = await badge_of(harbour)
    door = await hang(harbour, badge, "Stage door", "door")
    gone = await hang(harbour, badge, "Old van", "van")
    await harbour.falls_late(badge.organisation, days=100)
    lead = await sign_in(registry, new_visitor(), LEAD)
    ended = await lead.fill(KIT, {}, at=f"{KIT}/{gone.code}/end")
    assert ended.status_code == 303
    page = (await lead.get(KIT)).text
    assert "Take your badge down" in page
    assert "Stage door (door or wall, printed" in page
    assert "Old van (" not in page
    assert "poster.pdf" not in page
    assert "“suspended” by itself" in page
    await lead.fill(KIT, {}, at=f"{KIT}/{door.code}/end")
    assert all(place.ended_on for place in await placements_of(badge.id))


async def test_looks_are_counted_by_day_and_place_and_sites_by_name(
    visitor: Visitor, lead: Visitor, harbour: Harbour, app: Litestar
) -> None:
    badge = await badge_of(harbour)
    door = await hang(harbour, badge, "Stage door", "door")
    for _ in range(6):
        await visitor.get(f"/b/{badge.code}/{door.code}")
    await visitor.get(f"/b/{badge.code}")
    await visitor.client.head(f"/b/{badge.code}")
    for site in ("www.harbour-lights.example", "strange.example"):
        await visitor.get(f"/b/{badge.code}/live.svg", referer=f"https://{site}/page?of=somebody")
    today = harbour.world.scheme.today()
    for _ in range(2):
        await write_down(app.state.sightings, today)

    since = today - MONTH
    counts = [(seen.place, seen.times) for seen in await places_seen(badge.id, since=since)]
    assert counts == [(door.code, 6), ("", 1)]
    assert [site.host for site in await sites_seen(badge.id, since=since)] == [
        "strange.example",
        "www.harbour-lights.example",
    ]
    kept = {column for row in await Sighting.select() for column in row}
    assert kept == {"id", "badge", "place", "host", "day", "seen"}
    page = (await lead.get(KIT)).text
    assert "Stage door: 6 times" in page
    assert "With no place in the code: fewer than 5 times" in page
    assert page.count("This is none of your own sites.") == 1
