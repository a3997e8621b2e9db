"""Somebody points a phone at the badge on a theatre's screen."""

import io

import pytest
import zxingcpp
from PIL import Image

from badges.tables import Badge
from charter.organisations.queries import OrganisationSeen, find_by_slug
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
