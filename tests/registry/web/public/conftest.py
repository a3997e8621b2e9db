"""One town, lived once: a database with a story in it, and the application in front of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from piccolo.engine import engine_finder
from pydantic import SecretStr

from charter.clock import SetClock
from registry.app import create_app
from registry.bootstrap import bootstrap
from registry.database import open_database
from registry.embedded import Services
from registry.settings import Settings
from tests.conftest import as_application, new_database
from tests.registry.web.conftest import SECRET
from tests.registry.web.public.story import live_the_story, world_at
from tests.registry.web.visitor import Visitor
from tests.world import START, World


@dataclass(frozen=True, slots=True)
class Lived:
    """A database in which the story has been lived, and the instant it ended."""

    url: str
    ended_at: datetime
    organisation: UUID


@dataclass(slots=True)
class Town:
    """That database, open, with the application and a browser before it."""

    world: World
    app: Litestar
    visitor: Visitor
    organisation: UUID

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Open an address."""
        return await self.visitor.get(path, **headers)

    async def json(self, path: str) -> Any:
        """Return what an address answers, which must be 200 and JSON."""
        answer = await self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return answer.json()


@pytest.fixture(scope="session")
async def lived(services: Services, migrated_template: str) -> AsyncIterator[Lived]:
    """Live the story once."""
    async with new_database(services.owner_url, template=migrated_template) as url:
        clock = SetClock(START)
        async with open_database(as_application(url)):
            organisation = await live_the_story(world_at(clock))
        yield Lived(url, clock.at, organisation)


@pytest.fixture
async def town(lived: Lived) -> AsyncIterator[Town]:
    """Open the town for reading; a test that changes something asks for `own_town`."""
    async with opened(lived, lived.url) as town:
        yield town


@pytest.fixture
async def own_town(services: Services, lived: Lived) -> AsyncIterator[Town]:
    """Open a copy of the town that the test may change."""
    template = urlsplit(lived.url).path.removeprefix("/")
    async with (
        new_database(services.owner_url, template=template) as url,
        opened(lived, url) as town,
    ):
        yield town


@asynccontextmanager
async def opened(lived: Lived, url: str) -> AsyncIterator[Town]:
    """Open a town whose database its owner reaches at `url`."""
    ours = as_application(url)
    async with open_database(ours):
        clock = SetClock(lived.ended_at)
        settings = Settings(environment="development", database_url=ours, secret=SecretStr(SECRET))
        app = create_app(bootstrap(settings, clock=clock))
        visitor = Visitor(httpx.ASGITransport(cast("Any", app)))
        yield Town(world_at(clock, seed=2), app, visitor, lived.organisation)
        await visitor.client.aclose()


@pytest.fixture
def count_statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count the statements that reach the database from here on."""
    engine = engine_finder()
    assert engine is not None
    seen: list[str] = []
    run = engine.run_querystring

    async def counted(querystring: Any, *rest: Any, **more: Any) -> Any:
        seen.append(str(querystring))
        return await run(querystring, *rest, **more)

    monkeypatch.setattr(engine, "run_querystring", counted)
    return lambda: len(seen)


__all__ = ["Lived", "Town"]
