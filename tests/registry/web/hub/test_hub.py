"""The hub's day: the queue, concerns, groups, auditors, the post."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from litestar import Litestar

from charter.concerns.queries import open_concerns
from charter.concerns.service import raise_concern
from charter.history.tables import OutboxMessage
from charter.organisations.tables import Organisation
from charter.plans.codesign_queries import find_group
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import register_group
from charter.reviews.queries import auditor_of
from charter.reviews.tables import Case
from registry.accounts.service import account_for
from registry.accounts.tables import SecurityEvent
from registry.web.guards import http_handlers, row_name
from tests.charter import acting
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor


async def test_today_shows_the_most_harmful_first_and_the_hubs_own_lateness(
    offices: Offices, visitor: Visitor
) -> None:
    scheme = offices.registry.scheme
    await acting.apply(offices.stage.world, domain="library.example", identifiers=())
    await raise_concern(scheme, about="promise", organisation=offices.stage.organisation, text="No")
    offices.stage.world.pass_days(20)
    await offices.appoint(visitor, "steward@hub.example", "steward")

    page = (await visitor.get("/hub")).text

    concern, identity = page.index("/hub/concerns/"), page.index("/hub/applications/")
    assert concern < identity
    assert "The hub is late with 3 things" in page


async def test_each_role_is_shown_its_own_part_of_the_hub(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    parts = {
        "steward": "/hub/applications",
        "payment": "/hub/payments",
        "auditor-care": "/hub/auditors",
    }
    for role in parts:
        visitor = new_visitor()
        await offices.appoint(visitor, f"{role}@hub.example", role)
        for other, address in parts.items():
            assert (await visitor.get(address)).status_code == (200 if other == role else 404)


async def test_a_concern_is_acknowledged_and_passed_to_a_panel(
    offices: Offices, visitor: Visitor
) -> None:
    await raise_concern(
        offices.registry.scheme,
        about="promise",
        organisation=offices.stage.organisation,
        text="They never met us.",
    )
    [concern] = await open_concerns(offices.registry.scheme)
    await offices.appoint(visitor, "steward@hub.example", "steward")
    place = f"/hub/concerns/{concern.id}"
    assert "They never met us." in (await visitor.get(place)).text

    await visitor.fill(place, {"outcome": "acknowledged"})
    assert (await open_concerns(offices.registry.scheme))[0].state == "acknowledged"
    await visitor.fill(place, {"outcome": "passed-to-panel"})

    assert await Case.exists().where((Case.kind == "concern") & (Case.subject == concern.id))
    assert (await visitor.get(place)).status_code == 404


async def test_what_a_concern_speaks_of_stands_before_its_words_which_are_closed(
    offices: Offices, visitor: Visitor
) -> None:
    typed = {"about": "promise", "slug": "harbour-lights", "text": "They never met us."}
    asked = await visitor.get("/concerns/new?organisation=harbour-lights")
    assert "Does it speak of any of these?" in asked.text
    wrong = await visitor.fill("/concerns/new", typed | {"speaks-of": "weather"})
    assert "Choose what it speaks of from the list." in wrong.text
    await visitor.fill("/concerns/new", typed | {"speaks-of": ["violence", "death"]})
    [concern] = await open_concerns(offices.registry.scheme)
    await offices.appoint(visitor, "steward@hub.example", "steward")

    page = (await visitor.get(f"/hub/concerns/{concern.id}")).text

    places = [
        page.index(words)
        for words in (
            "Whoever wrote it says that it speaks of:",
            "<li>Violence, or threats of it</li>",
            "<li>A death, or thoughts of suicide</li>",
            "Open what was written",
            "They never met us.",
        )
    ]
    assert places == sorted(places)
    assert '<details class="govuk-details">' in page


async def test_a_steward_never_learns_of_a_concern_about_their_employer(
    offices: Offices, visitor: Visitor
) -> None:
    await Organisation.update({Organisation.domain: "harbour-lights.example"}, force=True)
    await raise_concern(
        offices.registry.scheme,
        about="promise",
        organisation=offices.stage.organisation,
        text="They never met us.",
    )
    [concern] = await open_concerns(offices.registry.scheme)
    await offices.appoint(visitor, "usher@harbour-lights.example", "steward")

    pages = (await visitor.get("/hub")).text + (await visitor.get("/hub/concerns")).text

    assert "/hub/concerns/" not in pages
    assert (await visitor.get(f"/hub/concerns/{concern.id}")).status_code == 404


async def test_a_group_is_checked_or_told_why_not(offices: Offices, visitor: Visitor) -> None:
    group = await register_group(
        offices.registry.scheme,
        group=GroupRegistration("Seaham Elders", "liverpool", people=30),
        account=uuid4(),
    )
    await offices.appoint(visitor, "steward@hub.example", "steward")
    assert "Seaham Elders" in (await visitor.get("/hub/groups")).text

    no_reason = await visitor.fill(f"/hub/groups/{group}", {"decision": "refuse"})
    assert no_reason.status_code == 422
    await visitor.fill(f"/hub/groups/{group}", {"decision": "accept"})

    seen = await find_group(group)
    assert seen is not None
    assert seen.state == "checked"


async def test_auditor_care_enters_rests_and_ends_auditors_and_logs_why(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "care@hub.example", "auditor-care")
    await visitor.fill(
        "/hub/auditors", {"email": "new@panel.example", "employer-domain": "School.example"}
    )
    account = await account_for(offices.registry.desk, email="new@panel.example")
    auditor = await auditor_of(offices.registry.scheme, account)
    assert auditor is not None
    assert auditor.employer_domain == "school.example"
    place = f"/hub/auditors/{auditor.id}"
    assert "panel.example" not in (await visitor.get("/hub/auditors")).text
    assert "panel.example" not in (await visitor.get(place)).text

    opened = await visitor.fill(place, {"why": "to-see-how-they-are"}, at=f"{place}/identity")
    assert "new@panel.example" in opened.text
    await visitor.fill(place, {"what": "rest-a-month", "grounds": "to-look-after-them"})
    await visitor.fill(place, {"what": "end", "grounds": "they-asked"})

    auditor = await auditor_of(offices.registry.scheme, account)
    assert auditor is not None
    assert auditor.ended_at is not None
    kinds = [row["kind"] for row in await SecurityEvent.select(SecurityEvent.kind)]
    for kind in ("auditor-registered", "identity-opened", "auditor-rest-a-month", "auditor-end"):
        assert kind in kinds


async def test_a_dead_letter_is_tried_again(offices: Offices, visitor: Visitor) -> None:
    now = offices.clock.now()
    letter = OutboxMessage(
        key="a-letter",
        kind="mail",
        payload='{"to": "secret@people.example"}',
        created_at=now,
        due_at=now,
        attempts=14,
        dead_at=now + timedelta(days=2),
        last_error="refused",
    )
    await letter.save()
    await offices.appoint(visitor, "steward@hub.example", "steward")
    page = (await visitor.get("/hub/outbox")).text
    assert "refused" in page
    assert "secret@" not in page

    await visitor.fill("/hub/outbox", {}, at=f"/hub/outbox/{letter.id}/retry")

    [row] = await OutboxMessage.select(OutboxMessage.dead_at, OutboxMessage.attempts).where(
        OutboxMessage.id == letter.id
    )
    assert row == {"dead_at": None, "attempts": 0}


def test_nothing_in_the_hub_sets_a_standing_or_edits_a_verdict(app: Litestar) -> None:
    acts = {
        row_name(handler)
        for handler in http_handlers(app)
        if "POST" in handler.http_methods and row_name(handler).startswith("hub.")
    }

    assert acts == {
        "hub.auditors.care",
        "hub.auditors.open_auditor",
        "hub.auditors.register",
        "hub.calls.type_up",
        "hub.clocks.outage",
        "hub.clocks.pause",
        "hub.clocks.pause_every",
        "hub.clocks.resume",
        "hub.clocks.resume_every",
        "hub.concerns.answer",
        "hub.concerns.triage",
        "hub.dissolutions.confirm",
        "hub.dissolutions.drop",
        "hub.dissolutions.propose",
        "hub.erasures.confirm",
        "hub.erasures.drop",
        "hub.erasures.propose",
        "hub.facts.confirm_fact",
        "hub.facts.drop_fact",
        "hub.facts.propose_fact",
        "hub.groups.check",
        "hub.handovers.ask_to_take_over",
        "hub.identity.decide",
        "hub.identity.hear_voucher",
        "hub.identity.hear_voucher_again",
        "hub.identity.renew",
        "hub.inspection.open_lists",
        "hub.library.refuse",
        "hub.library.refuse_told",
        "hub.library.release",
        "hub.library.release_told",
        "hub.outbox.retry",
        "hub.panel_keys.confirm",
        "hub.panel_keys.drop",
        "hub.panel_keys.end",
        "hub.panel_keys.propose",
        "hub.panels.redraw",
        "hub.payments.open_payee",
        "hub.payments.pay",
        "hub.quiet.end_quiet",
        "hub.quiet.open_quiet",
        "hub.signatories.signatories",
        "hub.together.ask",
        "hub.together.confirm",
        "hub.words.hold",
        "hub.words.release",
    }
