"""Panels at the hub: a redraw is asked for in public, and unpaid work is told on every page."""

from litestar import Litestar

from charter.history.queries import events_of
from charter.organisations.tables import Organisation
from charter.reviews.service import look_for_unpaid_work, record_payment
from charter.reviews.tables import PayEntry
from registry.web.freshness import Follower
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

STOPPED = "No new review begins until they are paid"


async def test_a_steward_asks_for_a_redraw_in_public_and_chooses_nobody(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.stage.report()
    await offices.stage.draw()
    await offices.appoint(visitor, "steward@hub.example", "steward")
    page = await visitor.get("/hub/panels")
    assert "Case 1, seat 2" in page.text
    assert "panel.example" not in page.text
    unsaid = await visitor.fill("/hub/panels/1/2", {})
    assert unsaid.status_code == 422

    done = await visitor.fill("/hub/panels/1/2", {"why": "no-answer"})

    assert done.headers["location"] == "/hub/panels"
    asked = [e for e in await events_of(offices.stage.organisation) if e.kind == "redraw-asked"]
    assert [event.data for event in asked] == [{"case": 1, "seat": 2, "why": "no-answer"}]
    assert (await visitor.get("/hub/panels/1/2")).status_code == 404


async def test_a_steward_asks_for_nothing_about_their_own_employer(
    offices: Offices, visitor: Visitor
) -> None:
    await Organisation.update({Organisation.domain: "harbour-lights.example"}, force=True)
    await offices.stage.report()
    await offices.stage.draw()
    await offices.appoint(visitor, "usher@harbour-lights.example", "steward")

    assert "No seat is open" in (await visitor.get("/hub/panels")).text
    assert (await visitor.get("/hub/panels/1/1")).status_code == 404


async def test_rule_24_unpaid_review_work_is_told_on_every_page(
    app: Litestar, offices: Offices, visitor: Visitor
) -> None:
    await offices.stage.judge(await offices.stage.report(), "accepted", "accepted")
    follower = Follower(app.state.pages, app.state.notices)
    await follower.look()
    assert STOPPED not in (await visitor.get("/late")).text
    offices.stage.world.pass_days(30)
    await look_for_unpaid_work(offices.registry.scheme)
    await follower.look()

    for address in ("/", "/late", "/organisations/harbour-lights", "/sign-in", "/concerns/new"):
        assert STOPPED in (await visitor.get(address)).text, address

    for entry in await PayEntry.objects():
        await record_payment(offices.registry.scheme, entry=entry.id, kind="fee")
    await follower.look()
    assert STOPPED not in (await visitor.get("/late")).text
