"""The offices, open: Harbour Lights on stage and four auditors who can sign in."""

import pytest

from charter.clock import SetClock
from registry.bootstrap import Registry
from tests.registry.web.staffing import Offices


@pytest.fixture
async def offices(registry: Registry, clock: SetClock) -> Offices:
    """Open the offices."""
    return await Offices(registry, clock).open()
