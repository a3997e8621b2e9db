"""The application under test, with a clock in our hands and a database of its own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar
from pydantic import SecretStr

from charter.clock import SetClock
from registry.app import create_app
from registry.bootstrap import Registry, bootstrap
from registry.settings import Settings
from tests.registry.web.visitor import Visitor
from tests.world import START

SECRET = "a secret of the tests, long enough to derive keys from"


@pytest.fixture
def clock() -> SetClock:
    """Hold the hands of the clock."""
    return SetClock(START)


@pytest.fixture
def registry(clock: SetClock, database: str, tmp_path: Path) -> Registry:
    """Build what a running process holds, on the test's own database and folder of files."""
    settings = Settings(
        environment="development",
        database_url=database,
        files_url=f"file://{tmp_path}/files",
        secret=SecretStr(SECRET),
    )
    return bootstrap(settings, clock=clock)


@pytest.fixture
def app(registry: Registry) -> Litestar:
    """Build the application; the pool of the database is open already."""
    return create_app(registry)


@pytest.fixture
async def new_visitor(app: Litestar) -> AsyncIterator[Callable[[], Visitor]]:
    """Open as many browsers as a test needs."""
    visitors: list[Visitor] = []

    def opened() -> Visitor:
        visitors.append(Visitor(httpx.ASGITransport(cast("Any", app))))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        await visitor.client.aclose()


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Open one browser."""
    return new_visitor()
