"""Two stewards record that a group is gone; six years later its page keeps little (rule 33)."""

from datetime import timedelta

from charter.history.queries import events_of
from charter.organisations.service import change_band, reduce_dissolved
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

LIST = "/hub/dissolutions"
SOURCE = "Its last meeting closed it, and the register of charities says so."


def typed(offices: Offices, **changes: str) -> dict[str, str]:
    """Return the form as filled in for a group that is gone since today."""
    day = offices.registry.scheme.today()
    return {
        "organisation": "harbour-lights",
        "day-day": str(day.day),
        "day-month": str(day.month),
        "day-year": str(day.year),
        "source": SOURCE,
        **changes,
    }


async def record(offices: Offices, visitor: Visitor) -> None:
    """Let one steward propose it and another confirm it."""
    await offices.appoint(visitor, "one@hub.example", "steward")
    refused = await visitor.fill(LIST, typed(offices, organisation="nobody", source=""))
    assert refused.status_code == 422
    assert "Say how this is known" in refused.text
    unknown = await visitor.fill(LIST, typed(offices, organisation="nobody"))
    assert "There is no organisation at" in unknown.text
    answer = await visitor.fill(LIST, typed(offices))
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"]
    mine = (await visitor.get(place)).text
    assert "Another steward has to confirm it" in mine
    assert place in (await visitor.get(LIST)).text
    alone = await visitor.fill(place, {}, at=f"{place}/confirm")
    assert alone.status_code == 422

    await offices.enter(visitor, await offices.appoint(visitor, "two@hub.example", "steward"))
    assert "Its words go on" in (await visitor.get(place)).text
    await visitor.fill(place, {}, at=f"{place}/confirm")
    assert "This is public" in (await visitor.get(place)).text
    assert (await visitor.get("/hub/dissolutions/99")).status_code == 404


async def test_a_group_that_is_gone_says_so_and_later_keeps_name_dates_and_standing(
    offices: Offices, visitor: Visitor
) -> None:
    scheme, organisation = offices.registry.scheme, offices.stage.organisation
    await change_band(scheme, organisation=organisation, band="tiny")
    await record(offices, visitor)
    page = (await visitor.get("/organisations/harbour-lights")).text
    assert "It was dissolved on" in page
    assert "The five types of racism" in page
    told = (await visitor.get("/organisations/harbour-lights.json")).json()
    assert told["dissolved_on"] == scheme.today().isoformat()
    assert told["reduced_on"] is None

    offices.clock.set(offices.clock.at + timedelta(days=366 * 6))
    assert await reduce_dissolved(scheme) == 1
    answer = await visitor.get("/organisations/harbour-lights")
    assert answer.status_code == 200
    assert "only its name, its dates and its standing are kept" in answer.text
    assert "The five types of racism</h2>" not in answer.text
    left = (await visitor.get("/organisations/harbour-lights.json")).json()
    assert (
        left["standing"]
        == ((await visitor.get("/organisations/harbour-lights/standing.json")).json()["standing"])
    )
    assert left["name"] == told["name"]
    assert left["signed_on"] == told["signed_on"]
    assert left["reduced_on"] == scheme.today().isoformat()
    for name in ("pledges", "reviews", "obligations", "chase", "practice", "concerns"):
        assert left[name] == [], name
    assert (left["town"], left["website"], left["sponsor_role"]) == ("", None, None)
    assert [row["reason"] for row in left["types"]] == [None] * 5
    for gone in ("pledges/1", "answers/structural"):
        assert (await visitor.get(f"/organisations/harbour-lights/{gone}")).status_code == 404
    history = await visitor.get("/organisations/harbour-lights/history.json")
    assert history.json()["events"]
    assert [event.kind for event in await events_of(organisation)].count("dissolved") == 1
