"""Somebody points a phone at the badge on a theatre's screen."""

import io

import pytest
import zxingcpp
from PIL import Image

from badges.tables import Badge
from charter.organisations.queries import OrganisationSeen, find_by_slug
from tests.journeys.acting import Past
from tests.journeys.conftest import NewPerson
from tests.journeys.region import Region


@pytest.mark.usefixtures("world")
async def test_the_code_on_the_screen_leads_to_the_verdict(
    new_person: NewPerson, region: Region
) -> None:
    theatre = await find_by_slug("harbour-lights-theatre")
    assert isinstance(theatre, OrganisationSeen)
    badge = await Badge.objects().get(Badge.organisation == theatre.id)
    assert badge is not None
    address = f"{region.address}/b/{badge.code}"
    host = await new_person()
    await host.go(f"/b/{badge.code}")
    screen = Image.open(io.BytesIO(await host.page.screenshot(full_page=True)))
    assert [found.text for found in zxingcpp.read_barcodes(screen)] == [address]

    passer_by = await new_person()
    await passer_by.go(zxingcpp.read_barcodes(screen)[0].text)
    assert "Harbour Lights Theatre" in await passer_by.heading()
    assert await passer_by.page.context.cookies() == []
    await passer_by.follow("Read every promise")
    assert await passer_by.heading() == "Harbour Lights Theatre"


async def test_a_copy_in_the_wrong_place_is_told_in_one_tap(
    new_person: NewPerson, past: Past
) -> None:
    member = await past.published("Pier Head Ferries")
    lead = await new_person()
    await lead.sign_in(member.address("lead"), going_to=f"{member.home}/badge")
    await lead.press("Add the place")
    assert await lead.reads("There is a problem")
    await lead.fill({"label": "Ticket hall", "kind": "door"})
    await lead.press("Add the place")
    assert await lead.reads("Ticket hall")
    scanned = await lead.page.locator("a", has_text="code").last.get_attribute("href")
    assert scanned is not None

    passer_by = await new_person()
    await passer_by.go(scanned)
    assert member.name in await passer_by.heading()
    assert await passer_by.reads("This code was made for one place: Ticket hall")
    await passer_by.press("This badge is in the wrong place")
    assert await passer_by.reads("Your receipt")
    assert await passer_by.page.context.cookies() == []

    await lead.go(f"{member.home}/badge")
    await lead.press("It no longer hangs there")
    assert await lead.reads("taken down")
    await passer_by.go(f"{scanned}?again")
    assert await passer_by.reads("says it no longer hangs there")


async def test_somebody_with_a_made_up_code_is_told_so_and_can_check_another(
    new_person: NewPerson,
) -> None:
    passer_by = await new_person()
    await passer_by.page.goto("/b/0000000001")
    assert await passer_by.heading() == "This is not a registered badge"
    await passer_by.go("/verify")
    await passer_by.press("Check")
    assert await passer_by.reads("Type a code")
