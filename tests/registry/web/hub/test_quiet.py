"""A steward opens a quiet period in public; everybody is told, and nobody is asked."""

import pytest

from charter.plans.service import keep_quiet
from tests.charter.acting import LEAD
from tests.charter.plans.test_sharing import another
from tests.registry.web.people import sign_in
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

TYPED = {
    "reason": "After the attack in the docks.",
    "until-day": "20",
    "until-month": "2",
    "until-year": "2026",
}


async def test_a_quiet_period_is_opened_shown_everywhere_and_ended(
    offices: Offices, visitor: Visitor
) -> None:
    today = offices.registry.scheme.today()
    typed = TYPED | {"until-month": f"{today:%m}", "until-year": f"{today:%Y}"}
    typed["until-day"] = str(min(28, today.day + 5))
    await offices.appoint(visitor, "steward@hub.example", "steward")
    nothing = await visitor.fill("/hub/quiet", {})
    assert nothing.status_code == 422
    assert "Say why. It is published" in nothing.text

    assert (await visitor.fill("/hub/quiet", typed)).status_code == 303
    await keep_quiet(offices.registry.scheme)

    assert "This is a quiet period" in (await visitor.get("/hub/quiet")).text
    late = await visitor.get("/late")
    assert "After the attack in the docks." in late.text
    assert (await visitor.get("/late.json")).json()["quiet"]["reason"] == TYPED["reason"]
    await another(offices.stage.world)
    await sign_in(offices.registry, visitor, LEAD)
    assert "This is a quiet period" in (await visitor.get("/my/mill-road-surgery/asks/new")).text
    await offices.appoint(visitor, "steward@hub.example", "steward")
    await visitor.fill("/hub/quiet", {}, at="/hub/quiet/end")
    assert "Open the quiet period" in (await visitor.get("/hub/quiet")).text


@pytest.mark.usefixtures("offices")
async def test_the_register_tells_how_many_hours_were_left_unpaid(visitor: Visitor) -> None:
    page = await visitor.get("/organisations/harbour-lights.json")

    assert set(page.json()["hours_from_communities"]) == {
        *("paid", "declined", "unpaid", "unanswered"),
    }
    whole = await visitor.get("/organisations/harbour-lights")
    assert "Hours that communities gave" in whole.text
