"""A pledge's page on a past day: the same reading as its organisation's (rule 29)."""

from tests.registry.web.public.conftest import Town
from tests.registry.web.public.story import AMENDED, LATE
from tests.registry.web.public.test_addresses import HERE

PLEDGE = f"{HERE}/pledges/1"
THEN = "2026-01-10"


async def test_a_pledge_reads_as_it_stood_on_a_past_day(town: Town) -> None:
    then = await town.json(f"{PLEDGE}.json?as_of={THEN}")
    now = await town.json(f"{PLEDGE}.json")
    assert then["meta"]["as_of"] == THEN
    assert now["meta"]["as_of"] is None
    assert [version["version"] for version in then["versions"]] == [1]
    assert len(now["versions"]) > 1
    assert all(version["published_on"] <= THEN for version in then["versions"])
    assert then["reports"] == [] != now["reports"]
    assert all(chapter["on"] <= THEN for chapter in then["story"])
    assert then["story"] == now["story"][: len(then["story"])]
    assert then["organisation"]["standing"] == "on-track"
    assert then["holds_until"] is None


async def test_today_asked_about_is_today(town: Town) -> None:
    now = await town.json(f"{PLEDGE}.json")
    today = await town.json(f"{PLEDGE}.json?as_of={LATE.isoformat()}")
    for name in ("pledge", "versions", "sessions", "reports", "reviews", "story", "withdrawn"):
        assert now[name] == today[name], name


async def test_the_page_of_a_past_day_says_so_and_leads_to_today(town: Town) -> None:
    page = (await town.get(f"{PLEDGE}?as_of={THEN}")).text
    assert "This is how the pledge stood at the end of 10 January 2026" in page
    assert f'href="{PLEDGE}">See how it is today' in page
    assert f'href="{HERE}?as_of={THEN}"' in page
    assert "This is how the pledge stood" not in (await town.get(PLEDGE)).text
    assert f"{PLEDGE}?as_of={THEN}" in (await town.get(f"{HERE}?as_of={THEN}")).text


async def test_a_pledge_that_was_not_yet_published_or_withdrawn_reads_so(town: Town) -> None:
    numbers = [row["number"] for row in (await town.json(f"{HERE}.json"))["pledges"]]
    gone = [
        number
        for number in numbers
        if (await town.json(f"{HERE}/pledges/{number}.json"))["withdrawn"]
    ]
    assert gone
    for number in gone:
        then = await town.get(f"{HERE}/pledges/{number}.json?as_of={THEN}")
        assert then.status_code == 404 or then.json()["withdrawn"] is None
    assert (await town.get(f"{PLEDGE}?as_of=2025-12-31")).status_code == 404
    assert AMENDED.isoformat() > THEN


async def test_days_that_are_none_or_to_come_are_refused(town: Town) -> None:
    for day in ("tomorrow", "2026-02-30", "2099-01-01"):
        for address in (PLEDGE, f"{PLEDGE}.json"):
            answer = await town.get(f"{address}?as_of={day}", accept="application/json")
            assert answer.status_code == 400, (address, day)
            assert answer.json()["errors"][0]["field"] == "as_of"
