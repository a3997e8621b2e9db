"""The pages of concerns: by receipt, at the hub, for the organisation, and for everybody."""

import re
from uuid import uuid4

from charter.concerns.queries import open_concerns
from charter.concerns.service import raise_concern, triage_concern
from charter.concerns.tables import Concern
from charter.organisations.tables import Membership, Organisation
from charter.reviews.service import publish_due_cases, seal_verdict
from registry.accounts.service import account_for
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor, hidden_fields

HERE = "/organisations/harbour-lights"
MINE = "/my/harbour-lights/concerns"


async def raised(offices: Offices, about: str = "promise", *, wants_meeting: bool = False) -> str:
    return await raise_concern(
        offices.registry.scheme,
        about=about,
        organisation=None if about == "conduct-of-scheme" else offices.stage.organisation,
        text="They never met us.",
        wants_meeting=wants_meeting,
    )


async def triage(offices: Offices, outcome: str) -> Concern:
    concern = await Concern.objects().first()
    assert concern is not None
    await triage_concern(
        offices.registry.scheme,
        concern=concern.id,
        outcome=outcome,
        steward_employer_domain="borough.example",
    )
    return concern


async def decide(offices: Offices, answer: str) -> None:
    await offices.stage.draw()
    for seat in await offices.stage.accept_all():
        await seal_verdict(
            offices.registry.scheme, seat=seat.id, verdict=answer, reasons="We asked around."
        )
    await publish_due_cases(offices.registry.scheme)


async def enter_as(offices: Offices, visitor: Visitor, role: str) -> None:
    account = await account_for(offices.registry.desk, email=f"{role}@harbour-lights.example")
    await Membership(
        id=uuid4(),
        organisation=offices.stage.organisation,
        account=account,
        role=role,
        since=offices.registry.scheme.now(),
    ).save()
    await offices.enter(visitor, account)


async def say(visitor: Visitor, receipt: str, word: str, why: str = "") -> str:
    page = await visitor.fill("/concerns/follow", {"receipt": receipt})
    fields = hidden_fields(page.text) | {"receipt": receipt, "say": word, "why": why}
    answer = await visitor.send("/concerns/follow/say", fields)
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert receipt not in str(answer.url)
    return answer.text


async def test_a_meeting_is_wished_for_offered_and_said_to_have_settled_it(
    offices: Offices, visitor: Visitor
) -> None:
    receipt = await raised(offices)
    assert "I would want a meeting" in await say(visitor, receipt, "no-meeting")
    assert "I want no meeting" in await say(visitor, receipt, "want-meeting")
    await triage(offices, "meeting-offered")

    page = await say(visitor, receipt, "settled")

    assert "resolved by agreement" in page
    assert "There is a problem" in await say(visitor, receipt, "settled")


async def test_who_raised_a_concern_appeals_by_receipt(offices: Offices, visitor: Visitor) -> None:
    receipt = await raised(offices)
    await triage(offices, "passed-to-panel")
    await decide(offices, "no")

    empty = await say(visitor, receipt, "appeal")
    assert "Say what you think the decision got wrong" in empty
    page = await say(visitor, receipt, "appeal", "Nobody asked us.")

    assert "Three other auditors are looking at it" in page
    assert "Nobody asked us." not in (await visitor.get(HERE)).text


async def test_the_sponsor_answers_an_upheld_concern_with_a_plan_that_everybody_reads(
    offices: Offices, visitor: Visitor
) -> None:
    await raised(offices)
    concern = await triage(offices, "passed-to-panel")
    assert "was upheld" not in (await visitor.get(HERE)).text
    await decide(offices, "yes")
    offices.clock.set(offices.clock.now())
    await enter_as(offices, visitor, "sponsor")
    assert "Answer it in public" in (await visitor.get(MINE)).text

    place = f"{MINE}/{concern.id}/answer"
    short = await visitor.fill(place, {"answer": "We were wrong."})
    assert short.status_code == 422
    assert "We were wrong." in short.text
    sent = await visitor.fill(place, {"answer": "We were wrong.", "plan": "Mixed by June."})

    assert sent.headers["location"] == MINE
    assert (await visitor.get(place)).status_code == 404
    told = (await visitor.get(f"{HERE}.json")).json()["concerns"]
    assert [(line["answer"], line["plan"]) for line in told] == [
        ("We were wrong.", "Mixed by June.")
    ]


async def test_the_organisation_appeals_and_a_colleague_only_looks(
    offices: Offices, visitor: Visitor
) -> None:
    await raised(offices)
    concern = await triage(offices, "passed-to-panel")
    await decide(offices, "yes")
    await enter_as(offices, visitor, "member")
    assert "They never met us." not in (await visitor.get(MINE)).text
    assert (await visitor.get(f"{MINE}/{concern.id}/appeal")).status_code == 404

    await enter_as(offices, visitor, "sponsor")
    sent = await visitor.fill(f"{MINE}/{concern.id}/appeal", {"why": "All panels were mixed."})

    assert sent.headers["location"] == MINE
    assert "Three other auditors are looking at it" in (await visitor.get(MINE)).text


async def test_the_hubs_own_stewards_do_not_see_a_concern_about_the_register(
    offices: Offices, visitor: Visitor
) -> None:
    receipt = await raised(offices, "conduct-of-scheme")
    hub = offices.registry.scheme.pack.framework.hub
    [concern] = await open_concerns(offices.registry.scheme)
    await offices.appoint(visitor, f"steward@{hub.domain}", "steward")
    assert (await visitor.get(f"/hub/concerns/{concern.id}")).status_code == 404

    await offices.appoint(visitor, "steward@borough.example", "steward")
    await visitor.fill(f"/hub/concerns/{concern.id}", {"outcome": "passed-to-panel"})
    followed = await visitor.fill("/concerns/follow", {"receipt": receipt})
    assert hub.stands_in in followed.text
    asked = await visitor.get("/concerns/new?about=conduct-of-scheme")
    assert hub.stands_in in asked.text


async def test_the_page_of_the_hubs_own_body_says_who_acts(
    offices: Offices, visitor: Visitor
) -> None:
    hub = offices.registry.scheme.pack.framework.hub
    assert (await visitor.get(f"{HERE}.json")).json()["concerns_go_to"] is None
    await Organisation.update({Organisation.domain: hub.domain}, force=True)

    assert hub.stands_in in (await visitor.get(HERE)).text


async def test_the_hub_answers_in_public_what_was_upheld_about_the_register(
    offices: Offices, visitor: Visitor
) -> None:
    await raised(offices, "conduct-of-scheme")
    concern = await triage(offices, "passed-to-panel")
    await decide(offices, "yes")
    await offices.appoint(visitor, "steward@hub.example", "steward")
    place = f"/hub/concerns/{concern.id}/answer"
    assert place in (await visitor.get("/hub")).text

    await visitor.fill(place, {"answer": "We were slow.", "plan": "Two more people."})

    page = (await visitor.get("/late")).text
    assert re.search(r"A concern about this register was upheld", page)
    assert "Two more people." in page
    assert (await visitor.get(place)).status_code == 404


async def test_types_can_be_named_and_are_told_to_who_reads_the_concern(
    offices: Offices, visitor: Visitor
) -> None:
    page = await visitor.get("/concerns/new?organisation=harbour-lights&about=promise")
    assert "Which types of racism is it about? (optional)" in page.text
    typed = hidden_fields(page.text) | {"about": "promise", "text": "They never met us."}
    unknown = await visitor.send("/concerns/new", typed | {"types": "moon"})
    assert unknown.status_code == 422
    assert "Choose types from the list, or leave all empty" in unknown.text
    sent = await visitor.send("/concerns/new", typed | {"types": ["systemic", "structural"]})
    assert sent.status_code == 200
    concern = await Concern.objects().first()
    assert concern is not None
    assert concern.types == ["structural", "systemic"]
    await offices.appoint(visitor, "one@hub.example", "steward")
    told = (await visitor.get(f"/hub/concerns/{concern.id}")).text
    assert "It names: Structural racism, Systemic racism." in told
