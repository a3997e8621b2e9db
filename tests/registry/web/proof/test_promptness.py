"""How soon a downgrade is everywhere, measured beside the worker as it really runs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from litestar import Litestar
from pydantic import SecretStr

from badges.tables import Badge, Edition
from charter.clock import SetClock
from charter.ledger import transaction
from registry.bootstrap import Registry, bootstrap
from registry.embedded import Services
from registry.services import environment_around
from registry.settings import Settings
from registry.web.freshness import following
from tests.registry.web.conftest import SECRET
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.proof.test_downgrade import listed_as_revoked
from tests.registry.web.visitor import Visitor
from tests.workers.running import working

SOON = 5.0
"""Seconds after the commit."""


@pytest.fixture
def registry(
    services: Services, clock: SetClock, database: str, tmp_path: Path, made_keys: Path
) -> Registry:
    """Build what a running process holds, on servers that a worker process can reach, too."""
    settings = Settings(
        environment="development",
        database_url=database,
        redis_url=services.redis_url,
        files_url=f"file://{tmp_path}/files",
        secret=SecretStr(SECRET),
        data_dir=tmp_path,
        signing_key_file=made_keys.parent / made_keys.name,
    )
    return bootstrap(settings, clock=clock)


async def test_a_downgrade_shows_at_once_and_is_signed_within_five_seconds(
    visitor: Visitor, harbour: Harbour, registry: Registry, app: Litestar
) -> None:
    organisation = await harbour.publishes()
    kept = following(app.state.pages, app.state.notices)  # as a web process does while it serves
    async with working(environment_around(registry.settings)), kept:
        await until(Edition.exists, seconds=30)
        [first] = await Edition.objects()
        await until(lambda: is_served(visitor, "/credentials/status/1"), seconds=30)
        badge = await Badge.objects().get(Badge.organisation == organisation)
        assert badge is not None

        committed = await withdraw(registry, organisation)
        page = await visitor.get(f"/b/{badge.code}")
        verdict = (await visitor.get(f"/api/v1/badges/{badge.code}")).json()
        live = await visitor.get(f"/b/{badge.code}/live.svg")
        assert verdict["standing"] == "withdrawn"
        assert "withdr" in page.text
        assert "withdrew" in live.text

        await until(lambda: listed_as_revoked(visitor, first), seconds=SOON)
        listed = time.monotonic() - committed
        await until(lambda: says(visitor, badge.code, "Withdrew"), seconds=SOON)
        issued = time.monotonic() - committed
    assert listed <= issued <= SOON


async def withdraw(registry: Registry, organisation: UUID) -> float:
    """Withdraw from the charter; return the instant of the commit."""
    async with transaction(registry.scheme) as tx:
        tx.record("withdrew-from-charter", {}, organisation=organisation, by="sponsor")
    return time.monotonic()


async def until(holds: Callable[[], Awaitable[object]], *, seconds: float) -> None:
    """Wait until `holds` says yes. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


async def is_served(visitor: Visitor, path: str) -> bool:
    return (await visitor.get(path)).status_code == 200


async def says(visitor: Visitor, code: str, status: str) -> bool:
    document = (await visitor.get(f"/b/{code}.json")).json()
    found: bool = document["credentialSubject"]["result"][0]["status"] == status
    return found
