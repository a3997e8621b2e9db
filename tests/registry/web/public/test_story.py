"""The story of a pledge: everything recorded about it, in order, on its own page."""

from html import unescape

from charter.history.queries import events_of
from tests.registry.web.public.conftest import Town
from tests.registry.web.public.test_addresses import HERE


async def test_a_pledge_s_story_is_told_in_order_and_nothing_of_it_is_left_out(town: Town) -> None:
    story = (await town.json(f"{HERE}/pledges/1.json"))["story"]
    told = [chapter["event"] for chapter in story]
    assert told == sorted(told)
    events = await events_of(town.organisation)
    owed = {
        event.data["obligation"]
        for event in events
        if event.kind == "obligation-opened" and event.data["pledge"] == 1
    }
    about = [
        event.id
        for event in events
        if event.data.get("pledge") == 1
        or 1 in (event.data.get("pledges") or [])
        or event.data.get("obligation") in owed
    ]
    assert told == about
    kinds = {chapter["kind"] for chapter in story}
    assert {"pledge-published", "obligation-opened", "codesign-confirmed"} <= kinds


async def test_everybody_reads_the_story_as_sentences_with_their_days(town: Town) -> None:
    story = (await town.json(f"{HERE}/pledges/1.json"))["story"]
    page = unescape((await town.get(f"{HERE}/pledges/1")).text)
    page = page[page.index("What happened, in order") :]
    for chapter in story:
        assert f'<time datetime="{chapter["on"]}">' in page
        assert chapter["summary"] in page


async def test_of_another_pledge_nothing_is_told(town: Town) -> None:
    one = (await town.json(f"{HERE}/pledges/1.json"))["story"]
    two = (await town.json(f"{HERE}/pledges/2.json"))["story"]
    published = {"pledge-published"}
    own = [{each["event"] for each in story if each["kind"] in published} for story in (one, two)]
    assert all(own)
    assert not own[0] & own[1]
