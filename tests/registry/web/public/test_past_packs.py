"""Where another pack was taken up, a past day is read by the one in force then (rule 29)."""

from dataclasses import replace
from datetime import timedelta

from charter.framework.adoption import adopt_pack
from tests.charter.framework.packs import a_stricter_pack
from tests.registry.web.public.conftest import Town
from tests.registry.web.public.test_addresses import HERE
from tests.world import the_pack

RULES = "/how-standing-is-decided"


async def take_up_stricter_rules(town: Town) -> str:
    """Take up the shipped pack and, a day after it, a stricter one; return the day before that."""
    await adopt_pack(town.world.scheme)
    before = town.world.scheme.today()
    town.world.clock.set(town.world.clock.at + timedelta(days=1))
    await adopt_pack(replace(town.world.scheme, pack=a_stricter_pack()))
    return before.isoformat()


async def test_a_past_day_names_and_follows_the_pack_in_force_then(own_town: Town) -> None:
    said = await own_town.json(f"{HERE}/standing.json")
    before = await take_up_stricter_rules(own_town)
    today = own_town.world.scheme.today().isoformat()
    own_town.app.state.registry.clock.set(own_town.world.clock.at)

    past = await own_town.json(f"{HERE}/standing.json?as_of={before}")
    present = await own_town.json(f"{HERE}/standing.json?as_of={today}")

    assert past["pack"] == said["pack"] == {"id": "lcr-2025", "digest": the_pack().digest}
    assert (past["standing"], past["since"]) == (said["standing"], said["since"])
    assert present["pack"]["digest"] == a_stricter_pack().digest


async def test_the_rules_of_a_past_day_can_be_read(own_town: Town) -> None:
    before = await take_up_stricter_rules(own_town)
    own_town.app.state.registry.clock.set(own_town.world.clock.at)
    past = await own_town.json(f"{RULES}.json?as_of={before}")
    now = await own_town.json(f"{RULES}.json")
    assert (past["as_of"], past["pack"]["digest"]) == (before, the_pack().digest)
    assert (now["as_of"], now["pack"]["digest"]) == (None, a_stricter_pack().digest)
    page = (await own_town.get(f"{RULES}?as_of={before}")).text
    assert "These are the rules that were in force at the end of" in page
    assert f"{RULES}?as_of={before}" in (await own_town.get(f"{HERE}?as_of={before}")).text


async def test_rules_of_a_day_that_is_none_are_refused(town: Town) -> None:
    for day in ("tomorrow", "2026-13-01", "2099-01-01"):
        for address in (RULES, f"{RULES}.json"):
            answer = await town.get(f"{address}?as_of={day}", accept="application/json")
            assert answer.status_code == 400, (address, day)
            assert answer.json()["errors"][0]["field"] == "as_of"
