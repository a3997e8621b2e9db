"""Two stewards put a wrong fact right, in public; the standing follows by the table (rule 29)."""

from datetime import date, timedelta

from charter.history.queries import events_of, words_of
from charter.obligations.service import find_obligation
from charter.obligations.wrong_facts import facts_in_force
from charter.organisations.tables import Organisation
from tests.charter.standing.story import Story
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

RIGHT = "2026-05-04"


async def propose(offices: Offices, visitor: Visitor) -> str:
    """Let one steward propose another date for what is owed; return where that is shown."""
    await offices.appoint(visitor, "one@hub.example", "steward")
    events = await events_of(offices.stage.organisation)
    number = next(each.event for each in facts_in_force(events) if each.fact == "due_on")
    place = f"/hub/facts/of/{offices.stage.organisation}/{number}"
    assert place in (await visitor.get("/hub/facts?organisation=harbour-lights")).text

    refused = await visitor.fill(place, {"value": "May", "reason": "A slip."})
    assert refused.status_code == 422
    assert "Write the day as YYYY-MM-DD" in refused.text
    answer = await visitor.fill(place, {"value": RIGHT, "reason": "The month was mistyped."})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_date_is_put_right_by_two_with_a_preview_and_a_public_reason(
    offices: Offices, visitor: Visitor
) -> None:
    place = await propose(offices, visitor)
    mine = (await visitor.get(place)).text
    assert "What would change" in mine
    assert "Another steward has to confirm it" in mine
    alone = await visitor.fill(place, {}, at=f"{place}/confirm")
    assert alone.status_code == 422
    assert "Ask another steward to confirm it" in alone.text
    assert "correction" not in await offices.stage.kinds()

    await offices.enter(visitor, await offices.appoint(visitor, "two@hub.example", "steward"))
    await visitor.fill(place, {}, at=f"{place}/confirm")

    assert (await find_obligation(offices.stage.obligation)).due_on == date.fromisoformat(RIGHT)
    events = await events_of(offices.stage.organisation)
    [told] = [event for event in events if event.kind == "correction"]
    assert told.data["facts"] == {"due_on": RIGHT}
    assert list((await words_of([told.words])).values()) == [{"reason": "The month was mistyped."}]
    moved = next(event for event in events if event.kind == "due-date-moved")
    assert (moved.data["why"], moved.by) == ("correction", "steward")
    again = await visitor.fill("/sign-out", {}, at=f"{place}/confirm")
    assert again.status_code == 422


async def test_a_correction_can_be_dropped_and_changes_nothing(
    offices: Offices, visitor: Visitor
) -> None:
    place = await propose(offices, visitor)
    await visitor.fill(place, {}, at=f"{place}/drop")
    assert "Nothing was changed" in (await visitor.get(place)).text
    assert "correction" not in await offices.stage.kinds()


async def test_nobody_puts_right_what_their_own_employer_owes(
    offices: Offices, visitor: Visitor
) -> None:
    place = await propose(offices, visitor)
    await Organisation.update({Organisation.domain: "harbour-lights.example"}, force=True)
    tied = await offices.appoint(visitor, "usher@harbour-lights.example", "steward")
    await offices.enter(visitor, tied)
    assert "Another steward decides" in (await visitor.get(place)).text


async def test_what_is_not_there_cannot_be_put_right(offices: Offices, visitor: Visitor) -> None:
    await offices.appoint(visitor, "one@hub.example", "steward")
    for place in ("/hub/facts/99", f"/hub/facts/of/{offices.stage.organisation}/99999"):
        assert (await visitor.get(place)).status_code == 404
    assert "no organisation at" in (await visitor.get("/hub/facts?organisation=nobody")).text


def test_only_dates_and_sizes_in_force_can_be_put_right() -> None:
    story = Story().planned().owes(number=7).owes(number=8).owes(number=9)
    due_on = (story.at + timedelta(days=60)).date().isoformat()
    story.about("due-date-moved", number=8, due_on=due_on, was=due_on, why="extension")
    story.about("obligation-met", number=9).judged(1)
    facts = {(each.fact, each.obligation): each.value for each in facts_in_force(story.events)}
    assert set(facts) == {("band", None), ("due_on", 7), ("due_on", 8)}
    assert facts["due_on", 8] == due_on
