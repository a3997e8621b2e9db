"""Two stewards remove published words; everywhere a note is left, and every fact (rule 40)."""

from datetime import timedelta

import httpx
import pytest

from badges.log.words_audit import audit_words
from charter.history.erasure import public_texts
from charter.history.queries import events_of
from charter.learning.service import propose_resource, release_resource
from charter.plans.tables import Pledge
from registry.proofs.log import append_events
from tests.charter.learning.test_resources import GUIDE, READER
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor, hidden_fields

NAMED = "Twelve interview panels met; nine had two panel members from the town."
NOTE = "[12 words removed on "


@pytest.fixture
async def text(offices: Offices) -> str:
    """Publish a report and its verdict, and return the id of the report's words."""
    report = await offices.stage.report("partly")
    await offices.stage.judge(report, "accepted", "accepted")
    await offices.stage.publish_after_reply_days()
    found = await public_texts(offices.stage.organisation)
    return next(str(each.id) for each in found if each.about == "report")


async def propose(offices: Offices, visitor: Visitor, text: str) -> str:
    """Let one steward propose to remove the report's summary; return where that is shown."""
    await offices.appoint(visitor, "one@hub.example", "steward")
    given = {"passages": "summary", "ground": "personal-data"}
    answer = await visitor.fill(f"/hub/erasures/words/{text}", given)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_steward_finds_an_organisation_s_words_and_must_choose(
    offices: Offices, visitor: Visitor, text: str
) -> None:
    await offices.appoint(visitor, "one@hub.example", "steward")
    listed = await visitor.get("/hub/erasures?organisation=harbour-lights")
    assert NAMED in listed.text
    assert f"/hub/erasures/words/{text}" in listed.text
    assert "no organisation at" in (await visitor.get("/hub/erasures?organisation=nobody")).text

    refused = await visitor.fill(f"/hub/erasures/words/{text}", {})
    assert refused.status_code == 422
    assert "Choose the text to remove" in refused.text
    assert "Choose why the words go" in refused.text


async def test_who_proposed_sees_what_would_be_left_and_cannot_confirm(
    offices: Offices, visitor: Visitor, text: str
) -> None:
    place = await propose(offices, visitor, text)
    page = (await visitor.get(place)).text
    assert NAMED in page
    assert NOTE in page
    assert "Another steward has to confirm it" in page
    assert "Remove the words</button>" not in page

    refused = await visitor.fill(place, {}, at=f"{place}/confirm")
    assert refused.status_code == 422
    assert "Ask another steward" in refused.text
    await visitor.fill(place, {}, at=f"{place}/drop")
    assert "Nothing was removed" in (await visitor.get(place)).text
    assert (await visitor.get("/hub/erasures/99")).status_code == 404


async def test_everybody_reads_the_note_and_every_fact_stays(
    offices: Offices, visitor: Visitor, text: str
) -> None:
    organisation = offices.stage.organisation
    before = await events_of(organisation)
    [number] = [row["number"] for row in await Pledge.select(Pledge.number)]
    places = [
        f"/organisations/harbour-lights/pledges/{number}",
        f"/organisations/harbour-lights/pledges/{number}.json",
        "/learning",
    ]
    seen = {each: await visitor.get(each) for each in places}
    assert any(NAMED in answer.text for answer in seen.values())
    place = await propose(offices, visitor, text)
    await offices.appoint(visitor, "another@hub.example", "steward")

    answer = await visitor.fill(place, {}, at=f"{place}/confirm")

    assert answer.headers["location"] == place
    assert "The words were removed" in (await visitor.get(place)).text
    offices.clock.set(offices.clock.at + timedelta(seconds=10))
    for each in places:
        now = await visitor.get(each)
        assert NAMED not in now.text, each
        assert (NOTE in now.text) == (NAMED in seen[each].text), each
    assert (await events_of(organisation))[: len(before)] == before
    await every_list_is_clean(visitor)
    await append_events(offices.registry.scheme)
    assert await audit_words() == []


async def every_list_is_clean(visitor: Visitor) -> None:
    """Look at feed, history, API and bulk files: the erasure is told, the words are nowhere."""
    told: list[httpx.Response] = [
        await visitor.get(each)
        for each in (
            "/organisations/harbour-lights/history",
            "/organisations/harbour-lights/history.json",
            "/feed.atom",
            "/api/v1/events?after=0",
        )
    ]
    for answer in told:
        assert answer.status_code == 200, answer.request.url
        assert NAMED not in answer.text
        assert "words were removed" in answer.text or "words-erased" in answer.text


async def test_pressing_twice_removes_once_and_another_press_is_told_that_it_was_decided(
    offices: Offices, visitor: Visitor, text: str
) -> None:
    place = await propose(offices, visitor, text)
    await offices.appoint(visitor, "another@hub.example", "steward")
    form, other = [hidden_fields((await visitor.get(place)).text) for _ in range(2)]

    pressed = [await visitor.send(f"{place}/confirm", each) for each in (form, form, other)]

    assert [answer.status_code for answer in pressed] == [303, 303, 422]
    assert "decided already" in pressed[-1].text
    assert (await offices.stage.kinds()).count("words-erased") == 1


async def test_words_of_a_resource_are_removed_by_two_and_its_page_says_so(
    offices: Offices, visitor: Visitor
) -> None:
    scheme = offices.registry.scheme
    number = await propose_resource(scheme, resource=GUIDE, account=READER)
    await release_resource(scheme, resource=number)
    [text] = await public_texts(None)
    await offices.appoint(visitor, "one@hub.example", "steward")
    assert GUIDE.summary in (await visitor.get("/hub/erasures?of=register")).text
    given = {"passages": "summary", "ground": "personal-data"}
    place = (await visitor.fill(f"/hub/erasures/words/{text.id}", given)).headers["location"]
    assert "The register itself" in (await visitor.get(place)).text
    await offices.appoint(visitor, "another@hub.example", "steward")

    await visitor.fill(place, {}, at=f"{place}/confirm")

    for address in (f"/learning/resources/{number}", "/learning/resources"):
        page = (await visitor.get(address)).text
        assert GUIDE.summary not in page
        assert " words removed on " in page
    assert "words were removed" in (await visitor.get("/feed.atom")).text
    await append_events(scheme)
    assert await audit_words() == []
