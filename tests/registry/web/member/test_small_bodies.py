"""A tiny body over the pages: ready-made pledges, one sitting, a call typed up (rule 10a)."""

from charter.clock import SetClock
from charter.evidence.tables import Report
from charter.organisations.tables import Organisation
from charter.plans.queries import find_draft
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, SPONSOR, TYPES, signed
from tests.charter.plans.test_ready_made import small
from tests.registry.web.people import sign_in, world_of
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor, hidden_fields

HOME = "/my/harbour-lights-theatre"


async def test_a_tiny_body_takes_a_ready_made_pledge(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    organisation = await signed(world_of(registry, clock))
    await sign_in(registry, visitor, LEAD)
    place = f"{HOME}/pledges/ready/{TYPES[0]}/1"
    assert (await visitor.get(place)).status_code == 404
    await Organisation.update({Organisation.band: "tiny"}, force=True)
    assert place in (await visitor.get(f"{HOME}/pledges/start/{TYPES[0]}")).text
    nothing = await visitor.fill(place, {})
    assert "Choose the communities it is for" in nothing.text

    sent = await visitor.fill(place, {"forms": "anti-black", "communities": "somali"})

    assert sent.headers["location"] == f"{HOME}/plan"
    assert (await find_draft(organisation, 1)).communities == ("somali",)
    started = await visitor.get(f"{HOME}/pledges/new/{TYPES[0]}?start=ready-1")
    assert (await find_draft(organisation, 1)).title in started.text


async def test_a_call_is_typed_up_read_and_sent(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    await small(world)
    world.pass_days(170)
    await Offices(registry, clock).appoint(visitor, "steward@hub.example", "steward")
    found = await visitor.get("/hub/calls?organisation=harbour-lights-theatre")
    place = found.headers["location"]
    assert "There is no small group" in (await visitor.get("/hub/calls?organisation=nobody")).text
    typed = {
        "reports-1-worked": "partly",
        "reports-1-summary": "One check was held.",
        "reports-1-shows": "The poster, before and after",
    }

    assert (await visitor.fill(place, typed)).headers["location"] == place

    assert "It waits for the group to read and send it." in (await visitor.get(place)).text
    assert not await Report.exists()
    await sign_in(registry, visitor, LEAD)
    assert "The hub typed up your call" in (await visitor.get(HOME)).text
    page = await visitor.get(f"{HOME}/sitting")
    assert "One check was held." in page.text
    kept = await visitor.send(f"{HOME}/sitting", hidden_fields(page.text) | typed)
    assert kept.headers["location"] == f"{HOME}/sitting"
    assert not await Report.exists()
    await sign_in(registry, visitor, SPONSOR)
    wrong = await visitor.fill(f"{HOME}/sitting", typed)
    assert wrong.status_code == 422
    assert 'href="#reports-1-why"' in wrong.text
    assert "One check was held." in wrong.text
    whole = typed | {
        "reports-1-what-did-not-work": "The second check.",
        "reports-1-why": "Nobody was free.",
        "reports-1-what-changes": "We ask earlier.",
    }

    assert (await visitor.fill(f"{HOME}/sitting", whole)).headers["location"] == HOME

    [report] = await Report.objects()
    assert report.worked == "partly"
    history = (await visitor.get("/organisations/harbour-lights-theatre/history")).text
    assert "typed up what was reported in a telephone call" in history
    assert "confirmed and sent what it reported in a call" in history
    assert "The hub typed up" not in (await visitor.get(HOME)).text
