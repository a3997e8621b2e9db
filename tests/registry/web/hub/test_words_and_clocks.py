"""What a steward can stop for a while, in public; and what no steward can."""

from datetime import date

from charter.history.queries import events_of
from charter.obligations.service import find_obligation
from charter.obligations.standstill import clocks_paused
from charter.obligations.tables import Obligation
from charter.organisations.tables import Organisation
from charter.reviews.service import ask_for_more_time, publish_due_cases
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor


async def decided(offices: Offices) -> None:
    """Bring a case as far as its decision."""
    report = await offices.stage.report()
    await offices.stage.judge(report, "accepted", "accepted")


async def test_words_that_may_name_a_person_are_held_and_released(
    offices: Offices, visitor: Visitor
) -> None:
    await decided(offices)
    await offices.appoint(visitor, "steward@hub.example", "steward")
    page = (await visitor.get("/hub/words")).text
    assert "bears the claim out" in page
    assert "panel.example" not in page

    await visitor.fill("/hub/words", {}, at="/hub/words/1/hold")

    assert "Held until" in (await visitor.get("/hub/words")).text
    assert "text-held" in await offices.stage.kinds()
    today = (await visitor.get("/hub")).text
    assert "Held words" in today
    await visitor.fill("/hub/words", {}, at="/hub/words/1/release")
    assert "They were held before" in (await visitor.get("/hub/words")).text
    assert await offices.stage.publish_after_reply_days() == 1


async def test_held_words_are_published_by_themselves(offices: Offices, visitor: Visitor) -> None:
    await decided(offices)
    offices.stage.world.pass_days(14)
    await offices.enter(visitor, await offices.appoint(visitor, "steward@hub.example", "steward"))
    await visitor.fill("/hub/words", {}, at="/hub/words/1/hold")
    offices.stage.world.pass_days(1)
    assert await publish_due_cases(offices.registry.scheme) == 0

    offices.stage.world.pass_days(5)

    assert await publish_due_cases(offices.registry.scheme) == 1


async def test_a_clock_stops_with_a_public_reason_and_runs_again(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "steward@hub.example", "steward")
    place = f"/hub/clocks/{offices.stage.obligation}"
    listed = await visitor.get("/hub/clocks?organisation=harbour-lights")
    assert place in listed.text

    no_reason = await visitor.fill(place, {})
    assert no_reason.status_code == 422
    await visitor.fill(place, {"why": "quiet-period"})

    [paused] = await clocks_paused(offices.registry.scheme.pack)
    assert (paused.obligation, paused.why) == (offices.stage.obligation, "quiet-period")
    last = (await events_of(offices.stage.organisation))[-1]
    assert (last.kind, last.by, last.data["why"]) == ("clock-paused", "steward", "quiet-period")
    await visitor.fill(place, {}, at=f"{place}/resume")
    assert await clocks_paused(offices.registry.scheme.pack) == ()


async def test_the_hubs_own_clocks_cannot_be_stopped(offices: Offices, visitor: Visitor) -> None:
    await decided(offices)
    await offices.appoint(visitor, "steward@hub.example", "steward")
    rows = await Obligation.objects().where(Obligation.owner != "organisation")
    assert rows

    for row in rows:
        assert (await visitor.get(f"/hub/clocks/{row.id}")).status_code == 404


async def test_a_clock_that_waits_on_a_panel_is_not_the_stewards_to_start(
    offices: Offices, visitor: Visitor
) -> None:
    await ask_for_more_time(
        offices.registry.scheme,
        organisation=offices.stage.organisation,
        obligation=offices.stage.obligation,
        days=20,
        reason="The trainer is ill.",
    )
    await offices.appoint(visitor, "steward@hub.example", "steward")
    place = f"/hub/clocks/{offices.stage.obligation}"

    page = await visitor.get(place)
    assert "It runs again when those it waits for have answered" in page.text
    answer = await visitor.fill("/sign-out", {}, at=f"{place}/resume")

    assert answer.status_code == 422
    assert "This clock runs again when" in answer.text


async def test_nobody_stops_a_clock_of_their_own_employer(
    offices: Offices, visitor: Visitor
) -> None:
    await Organisation.update({Organisation.domain: "harbour-lights.example"}, force=True)
    await offices.appoint(visitor, "usher@harbour-lights.example", "steward")

    page = await visitor.get(f"/hub/clocks/{offices.stage.obligation}")

    assert "Another steward decides" in page.text
    assert "Stop this clock" not in page.text


async def test_every_clock_stops_at_once_and_runs_again(offices: Offices, visitor: Visitor) -> None:
    await offices.appoint(visitor, "steward@hub.example", "steward")
    preview = await visitor.get("/hub/clocks/every")
    assert "1 clock of 1 organisation will stop at once" in preview.text

    no_reason = await visitor.fill("/hub/clocks/every", {})
    assert no_reason.status_code == 422
    await visitor.fill("/hub/clocks/every", {"why": "quiet-period"})

    [paused] = await clocks_paused(offices.registry.scheme.pack)
    assert paused.why == "quiet-period"
    await visitor.fill("/hub/clocks/every", {}, at="/hub/clocks/every/resume")
    assert await clocks_paused(offices.registry.scheme.pack) == ()
    assert (await offices.stage.kinds())[-1] == "clock-resumed"


async def test_an_outage_that_a_steward_records_moves_the_dates_of_its_day(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "steward@hub.example", "steward")
    owed = await find_obligation(offices.stage.obligation)
    day = {"day-day": "4", "day-month": "2", "day-year": "2026"}
    assert owed.due_on == date(2026, 2, 4)

    early = await visitor.fill("/hub/clocks/outage", {**day, "minutes": "90"})
    assert early.status_code == 422
    assert "The day must be today or in the past" in early.text
    offices.stage.world.pass_days(30)
    await offices.enter(visitor, await offices.appoint(visitor, "usher@hub.example", "steward"))
    await visitor.fill("/hub/clocks/outage", {**day, "minutes": "90"})

    assert (await find_obligation(offices.stage.obligation)).due_on == date(2026, 2, 5)
