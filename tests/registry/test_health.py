"""Readiness tells the truth about each dependency, and a demonstration is ready when played."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from charter.clock import SetClock
from registry.bootstrap import Registry, bootstrap
from registry.demo.state import PLAYED, PlayState, play_state
from registry.embedded import Services
from registry.health import Finding, examine
from registry.rounds.tables import ScheduleWindow
from registry.settings import Settings
from tests.world import START

SECRET = SecretStr("a secret of the tests, long enough to derive keys from")


@pytest.fixture
def registry(database: str, services: Services, tmp_path: Path) -> Registry:
    """Build a registry on the test's own servers and an empty folder."""
    settings = Settings(
        environment="development",
        database_url=database,
        redis_url=services.redis_url,
        files_url=f"file://{tmp_path}",
        secret=SECRET,
    )
    return bootstrap(settings, clock=SetClock(START))


async def findings(registry: Registry) -> dict[str, Finding]:
    health = await examine(registry)
    return {finding.name: finding for finding in health.findings}


async def test_servers_that_answer_are_up_with_their_versions(registry: Registry) -> None:
    found = await findings(registry)
    assert found["database"].state == found["valkey"].state == found["files"].state == "up"
    assert (found["database"].version or "").startswith("18")
    assert found["valkey"].version
    assert found["scanner"].state == found["mail"].state == "stand-in"


async def test_what_is_away_is_down_and_only_what_is_needed_stops_the_pages(
    registry: Registry,
) -> None:
    away = {"redis_url": "redis://127.0.0.1:1/0", "mail_url": "smtp://127.0.0.1:1"}
    settings = registry.settings.model_copy(update={**away, "scanner_url": "tcp://127.0.0.1:1"})
    health = await examine(replace(registry, settings=settings))
    down = {finding.name for finding in health.findings if finding.state == "down"}
    assert down == {"valkey", "mail", "scanner", "worker"}
    assert health.ready
    assert not health.well


async def test_no_finding_quotes_an_address_that_may_hold_a_password(registry: Registry) -> None:
    url = "redis://:pearls@127.0.0.1:1/0"
    settings = registry.settings.model_copy(update={"redis_url": url})
    health = await examine(replace(registry, settings=settings))
    assert "pearls" not in repr(health.findings)


async def test_a_worker_is_alive_for_as_long_as_it_walks_its_rounds(registry: Registry) -> None:
    assert (await findings(registry))["worker"].age_seconds is None
    walked = registry.clock.now() - timedelta(seconds=40)
    await ScheduleWindow(name="settle-standings", completed_until=walked).save()
    alive = (await findings(registry))["worker"]
    assert (alive.state, alive.age_seconds) == ("up", 40)
    await ScheduleWindow.update(
        {ScheduleWindow.completed_until: walked - timedelta(hours=1)}, force=True
    )
    assert (await findings(registry))["worker"].state == "down"


async def test_a_demonstration_is_not_ready_before_its_region_is_played(
    registry: Registry,
) -> None:
    settings = registry.settings.model_copy(update={"environment": "demo"})
    health = await examine(replace(registry, settings=settings))
    assert not health.ready
    assert (await examine(registry)).ready


async def test_a_play_that_was_broken_off_is_known(database: str) -> None:
    assert database
    assert await play_state() is PlayState.NOTHING
    await ScheduleWindow(name=PLAYED).save()
    assert await play_state() is PlayState.BROKEN_OFF
    await ScheduleWindow.update({ScheduleWindow.completed_until: START}, force=True)
    assert await play_state() is PlayState.PLAYED
