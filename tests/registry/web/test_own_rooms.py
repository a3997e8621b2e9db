"""Where somebody who has signed in is led to."""

import pytest

from charter.clock import SetClock
from registry.bootstrap import Registry
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor


@pytest.mark.parametrize(
    ("role", "room"), [("auditor", "/reviews"), ("steward", "/hub"), ("payment", "/hub")]
)
async def test_who_has_one_room_is_led_there(
    role: str, room: str, visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    await Offices(registry, clock).appoint(visitor, "one@hub.example", role)
    assert (await visitor.get("/my")).headers["location"] == room


async def test_who_has_several_rooms_chooses(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    await Offices(registry, clock).appoint(visitor, "two@hub.example", "auditor", "steward")
    page = (await visitor.get("/my")).text
    assert 'href="/reviews"' in page
    assert 'href="/hub"' in page
    assert "You do not belong" not in page


async def test_who_has_none_is_told_how_to_begin(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    await Offices(registry, clock).appoint(visitor, "new@somewhere.example")
    page = (await visitor.get("/my")).text
    assert "You do not belong to an organisation or a community group yet." in page
