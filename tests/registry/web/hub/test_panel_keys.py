"""Two stewards record a panel's own key; one may end it; all of it is public (rule 39)."""

from charter.history.tables import Event
from tests.badges.forging import PANEL, panel_did
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

PLACE = "/hub/panel-keys"
GIVEN = {"name": PANEL.name, "url": PANEL.url, "document": panel_did().decode()}


async def proposed(offices: Offices, visitor: Visitor) -> str:
    """Let one steward propose the panel's key; return where it is shown."""
    await offices.appoint(visitor, "one@hub.example", "steward")
    answer = await visitor.fill(PLACE, GIVEN)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_what_cannot_be_a_panels_key_is_refused_beside_its_field(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "one@hub.example", "steward")
    empty = await visitor.fill(PLACE, {})
    assert empty.status_code == 422
    assert "Paste the panel" in empty.text
    wrong = await visitor.fill(PLACE, GIVEN | {"url": "https://else.example", "document": "{}"})
    assert wrong.status_code == 422
    assert "did.json as it serves it" in wrong.text
    assert "https://else.example" in wrong.text


async def test_who_proposed_a_key_cannot_confirm_it_and_another_steward_can(
    offices: Offices, visitor: Visitor
) -> None:
    place = await proposed(offices, visitor)
    page = (await visitor.get(place)).text
    assert "Another steward has to confirm it" in page
    assert "record it</button>" not in page
    refused = await visitor.fill(place, {}, at=f"{place}/confirm")
    assert refused.status_code == 422
    assert (await visitor.get("/credentials/endorsers")).json() == {"panels": []}

    await offices.appoint(visitor, "another@hub.example", "steward")
    confirmed = await visitor.fill(place, {}, at=f"{place}/confirm")

    assert confirmed.headers["location"] == place
    [panel] = (await visitor.get("/credentials/endorsers")).json()["panels"]
    assert panel["did"] == PANEL.id
    assert PANEL.name in (await visitor.get("/endorsements")).text
    again = await visitor.fill(place, {}, at=f"{place}/confirm")
    assert again.status_code == 422
    assert "decided already" in again.text


async def test_a_steward_whom_the_panels_body_employs_leaves_it_to_others(
    offices: Offices, visitor: Visitor
) -> None:
    place = await proposed(offices, visitor)
    await offices.appoint(visitor, "someone@panel.example", "steward")
    assert "You work for" in (await visitor.get(place)).text
    assert (await visitor.fill(PLACE, {}, at=f"{place}/confirm")).status_code == 403


async def test_a_key_is_dropped_or_ended_in_public(offices: Offices, visitor: Visitor) -> None:
    dropped = await proposed(offices, visitor)
    await visitor.fill(dropped, {}, at=f"{dropped}/drop")
    assert "It was not recorded" in (await visitor.get(dropped)).text
    place = await proposed(offices, visitor)
    await offices.appoint(visitor, "another@hub.example", "steward")
    await visitor.fill(place, {}, at=f"{place}/confirm")
    unsaid = await visitor.fill(place, {}, at=f"{place}/end")
    assert unsaid.status_code == 422
    assert "Choose why" in unsaid.text

    await visitor.fill(place, {"why": "key-compromised"}, at=f"{place}/end")

    assert "It counts no more" in (await visitor.get(place)).text
    assert "There is none yet" in (await visitor.get("/endorsements")).text
    rows = await Event.select(Event.kind).where(Event.organisation.is_null()).order_by(Event.id)
    kinds = [row["kind"] for row in rows]
    assert [kind for kind in kinds if kind.startswith("panel-key")] == [
        "panel-key-recorded",
        "panel-key-ended",
    ]
    assert (await visitor.get(f"{PLACE}/99")).status_code == 404
    told = (await visitor.get("/api/v1/events?after=0")).text
    assert "holds a key of its own" in told
