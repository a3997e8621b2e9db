"""The region the journeys go through: a database with a story in it, served as in life."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from charter.clock import SetClock
from registry.bootstrap import Registry, bootstrap
from registry.database import open_database
from registry.demo.household import Resident, free_port, open_household
from registry.demo.region import sign_all
from registry.embedded import Services
from registry.proofs.desk import open_proof_desk
from registry.services import environment_around
from registry.settings import Settings
from tests.registry.web.conftest import SECRET
from tests.registry.web.public.story import live_the_story, world_at
from tests.world import World

STORY_DAYS = 136
"""How long ago the story of Harbour Lights begins, so that it ends just before now."""

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Region:
    """A running registry: its address, and what its processes hold."""

    address: str
    registry: Registry

    @property
    def world(self) -> World:
        """The region as use cases see it, at the real present."""
        world = World()
        world.scheme = self.registry.scheme
        return world


def settings_for(database_url: str, redis_url: str, folder: Path) -> Settings:
    """Return the settings of an installation in `folder`, on a free port."""
    port = free_port()
    return Settings(
        environment="development",
        public_url=f"http://127.0.0.1:{port}",
        web_port=port,
        web_processes=1,
        data_dir=folder,
        database_url=database_url,
        redis_url=redis_url,
        files_url=f"file://{folder}/files",
        secret=SecretStr(SECRET),
    )


@asynccontextmanager
async def served_region(
    database_url: str, services: Services, folder: Path
) -> AsyncIterator[Region]:
    """Live the story in an empty database, sign what it left, and serve it from a child process."""
    settings = settings_for(database_url, services.redis_url, folder)
    registry = bootstrap(settings)
    async with open_database(database_url):
        await live_the_story(world_at(SetClock(datetime.now(UTC) - timedelta(days=STORY_DAYS))))
        await sign_all(open_proof_desk(settings, registry.scheme))
    with open_household(environment_around(settings), folder / "logs") as household:
        household.move_in(Resident("web", ("serve",)))
        wait_for(settings.public_url, household.log_of("web"))
        yield Region(settings.public_url, registry)


def wait_for(address: str, log: Path) -> None:
    """Wait until the application answers; raise RuntimeError with its last words otherwise."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health/live").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text()[-2000:])
