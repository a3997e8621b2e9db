"""From the application to a published plan and a report, through the pages alone."""

from collections.abc import Callable
from uuid import UUID

from charter.evidence.tables import Report
from charter.organisations.tables import Organisation
from charter.plans.tables import Plan
from charter.signing.tables import Signature
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from tests.charter.acting import TYPES, accept
from tests.registry.web.member import typed
from tests.registry.web.member.conftest import SLUG
from tests.registry.web.people import sign_in
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

HOME = f"/my/{SLUG}"


async def apply(lead: Visitor) -> UUID:
    checked = await lead.fill("/sign-up/organisation", typed.APPLICATION)
    assert "Check your answers" in checked.text
    sent = await lead.send("/sign-up/organisation", hidden_fields(checked.text) | {"next": "send"})
    assert sent.headers["location"] == f"/sign-up/{SLUG}/sent"
    assert "Application sent" in (await lead.get(sent.headers["location"])).text
    rows = await Organisation.select(Organisation.id)
    return UUID(str(rows[0]["id"]))


async def test_an_organisation_applies_signs_plans_and_reports(
    lead: Visitor, new_visitor: Callable[[], Visitor], registry: Registry, world: World
) -> None:
    organisation = await apply(lead)
    director = await account_for(registry.desk, email="director@harbour-lights.example")
    sponsor = await sign_in(registry, new_visitor(), director)
    page = await sponsor.get(f"{HOME}/charter")
    assert registry.scheme.pack.charter.digest in page.text
    signed = await sponsor.fill(f"{HOME}/charter", {"agreed": "yes"})
    assert signed.headers["location"] == f"{HOME}/charter/signed"
    await accept(world, organisation)
    assert await Signature.count() == 1

    for type_id in TYPES:
        answered = await lead.fill(f"{HOME}/answers/{type_id}", typed.answer(type_id))
        assert answered.headers["location"] == f"{HOME}/plan"
        address = f"{HOME}/pledges/new/{type_id}"
        kept = await lead.fill(address, typed.pledge(world, type_id) | {"next": "keep"})
        assert kept.headers.get("location") == f"{HOME}/plan", kept.text
    preview = await lead.get(f"{HOME}/plan/preview")
    assert "not confirmed by communities" in preview.text
    published = await sponsor.fill(f"{HOME}/plan", {})
    assert published.headers["location"] == f"{HOME}/plan/published"
    assert await Plan.count() == 1

    assert "Send evidence for a milestone" in (await lead.get(HOME)).text
    milestone = f"{HOME}/pledges/1/milestones/1"
    noted = await lead.fill(
        f"{milestone}/add/note",
        {"label": "Panel register", "body": "14 of 20 panels", "names-people": "no"},
    )
    assert noted.headers["location"] == milestone
    reported = await lead.fill(
        milestone, {"worked": "fully", "summary": "Recruited eight people.", "next": "send"}
    )
    assert reported.headers["location"] == f"{milestone}/sent"
    assert "Report sent" in (await lead.get(f"{milestone}/sent")).text
    assert await Report.count() == 1


async def test_an_application_with_errors_keeps_everything_typed(lead: Visitor) -> None:
    page = await lead.fill("/sign-up/organisation", {"name": "Harbour Lights", "proof": "register"})
    assert page.status_code == 422
    assert 'value="Harbour Lights"' in page.text
    for said in ("Enter the town it is in", "Choose at least one borough", "Choose the sector"):
        assert said in page.text


async def test_what_a_rule_refuses_stands_beside_its_field(lead: Visitor) -> None:
    wrong = typed.APPLICATION | {"identifiers-0-identifier": "12"}
    checked = await lead.fill("/sign-up/organisation", wrong)
    page = await lead.send("/sign-up/organisation", hidden_fields(checked.text) | {"next": "send"})
    assert page.status_code == 422
    assert 'href="#identifiers-0"' in page.text
    assert "Companies House number: enter it like 01234567." in page.text


async def test_an_answer_can_be_changed_before_it_is_sent(lead: Visitor) -> None:
    checked = await lead.fill("/sign-up/organisation", typed.APPLICATION)
    page = await lead.send(
        "/sign-up/organisation", hidden_fields(checked.text) | {"next": "change"}
    )
    assert page.status_code == 200
    assert 'value="Seaham Docks"' in page.text


async def test_an_application_sent_twice_is_one(lead: Visitor) -> None:
    checked = await lead.fill("/sign-up/organisation", typed.APPLICATION)
    fields = hidden_fields(checked.text) | {"next": "send"}
    first = await lead.send("/sign-up/organisation", fields)
    second = await lead.send("/sign-up/organisation", fields)
    assert first.headers["location"] == second.headers["location"]
    assert await Organisation.count() == 1
