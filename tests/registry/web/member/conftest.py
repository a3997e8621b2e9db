"""Harbour Lights at its screen: the lead and the sponsor, each in a browser of their own."""

from collections.abc import Callable

import pytest

from charter.clock import SetClock
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, SPONSOR
from tests.registry.web.people import OUTSIDER, sign_in, world_of
from tests.registry.web.visitor import Visitor
from tests.world import World

SLUG = "harbour-lights-theatre"


@pytest.fixture
def world(registry: Registry, clock: SetClock) -> World:
    """Return the region that the application serves."""
    return world_of(registry, clock)


@pytest.fixture
async def lead(registry: Registry, new_visitor: Callable[[], Visitor]) -> Visitor:
    """Sign in the EDI lead of Harbour Lights."""
    return await sign_in(registry, new_visitor(), LEAD)


@pytest.fixture
async def sponsor(registry: Registry, new_visitor: Callable[[], Visitor]) -> Visitor:
    """Sign in the senior sponsor of Harbour Lights."""
    return await sign_in(registry, new_visitor(), SPONSOR)


@pytest.fixture
async def outsider(registry: Registry, new_visitor: Callable[[], Visitor]) -> Visitor:
    """Sign in somebody of another organisation."""
    return await sign_in(registry, new_visitor(), OUTSIDER)
