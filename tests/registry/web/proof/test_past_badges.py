"""A badge on a past day: told as the past, never as a verdict on today (rule 29)."""

import re
from datetime import timedelta

from charter.organisations.service import rename_organisation
from tests.registry.web.proof.proving import Harbour, code_of
from tests.registry.web.visitor import Visitor


async def late_harbour(harbour: Harbour) -> tuple[str, str]:
    """Let Harbour Lights fall late; return the code and a day on which it was still on track."""
    organisation = await harbour.publishes()
    await harbour.worker_signs(organisation)
    then = harbour.world.scheme.today().isoformat()
    harbour.world.pass_days(1)
    await rename_organisation(harbour.world.scheme, organisation=organisation, name="Quay Theatre")
    await harbour.falls_late(organisation, days=3)
    return await code_of(organisation), then


async def test_the_past_is_told_as_the_past_and_leads_to_today(
    visitor: Visitor, harbour: Harbour
) -> None:
    code, then = await late_harbour(harbour)
    now = (await visitor.get(f"/b/{code}")).text
    past = await visitor.get(f"/b/{code}?as_of={then}")
    assert past.status_code == 200
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", past.text, re.DOTALL)
    assert heading is not None
    assert re.match(r"On \d+ \w+ \d{4}: Harbour Lights Theatre has signed", heading[1].strip())
    assert "It does not say how it stands now" in past.text
    assert f'href="/b/{code}">Check the badge as it is today' in past.text
    assert "verdict--plain" in past.text
    assert "verdict--good" not in past.text
    assert "is late with what it promised" in now
    assert len(past.text.encode()) <= 20_000


async def test_the_interface_tells_the_same_with_the_day(
    visitor: Visitor, harbour: Harbour
) -> None:
    code, then = await late_harbour(harbour)
    past = (await visitor.get(f"/api/v1/badges/{code}?as_of={then}")).json()
    now = (await visitor.get(f"/api/v1/badges/{code}")).json()
    assert (past["as_of"], past["verdict"], past["standing"]) == (then, "current", "on-track")
    assert (now["as_of"], now["verdict"]) == (None, "overdue")
    assert past["organisation"]["name"] == "Harbour Lights Theatre"
    assert past["edition"]["n"] == 1


async def test_before_its_first_day_and_on_no_day_there_is_no_badge(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    before = (harbour.world.scheme.today() - timedelta(days=400)).isoformat()
    assert (await visitor.get(f"/b/{code}?as_of={before}")).status_code == 404
    missing = await visitor.get(f"/api/v1/badges/{code}?as_of={before}")
    assert missing.status_code == 404
    assert missing.json()["type"].endswith("/unknown-badge")
    for day in ("tomorrow", "2026-13-01", "2999-01-01"):
        for address in (f"/b/{code}", f"/api/v1/badges/{code}"):
            refused = await visitor.get(f"{address}?as_of={day}")
            assert refused.status_code == 400, (address, day)
