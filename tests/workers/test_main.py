"""The worker, really running: what is in the outbox leaves it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from charter.clock import WallClock
from registry.accounts.post import queue_mail
from registry.bootstrap import bootstrap
from registry.database import open_database
from registry.embedded import Services
from registry.settings import Settings
from workers.main import SCHEDULE, Look, as_cron, run_worker


@pytest.fixture
def settings(services: Services, database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        environment="development",
        database_url=database_url,
        redis_url=services.redis_url,
        files_url=f"file://{tmp_path}/files",
        secret=SecretStr("a secret of the tests, long enough to derive keys from"),
    )


async def until(connection: "asyncpg.Connection[asyncpg.Record]", there_is: str) -> None:
    """Wait until a query finds a row, which another task or process writes."""
    async with asyncio.timeout(30):
        while not await connection.fetchval(f"SELECT EXISTS ({there_is})"):  # noqa: ASYNC110 ours
            await asyncio.sleep(0.02)


async def test_a_worker_delivers_mail_again_and_again_and_walks_the_rounds(
    settings: Settings,
) -> None:
    delivered = "SELECT FROM outbox_message WHERE done_at IS NOT NULL AND key = '{}'"
    desk = bootstrap(settings).desk
    async with open_database(settings.database_url):
        await queue_mail(desk, key="first", to="lead@one.example", subject="Due", text="Now")
    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(settings, stop=stop))
    connection = await asyncpg.connect(settings.database_url)
    try:
        await until(connection, delivered.format("first"))
        await queue_mail(desk, key="second", to="lead@one.example", subject="Due", text="Again")
        await until(connection, delivered.format("second"))
        await until(connection, "SELECT FROM schedule_window WHERE name = 'chase' AND fault = ''")
    finally:
        await connection.close()
        stop.set()
        await asyncio.wait_for(running, 20)


@pytest.mark.parametrize("look", SCHEDULE, ids=[look.name for look in SCHEDULE])
def test_every_row_of_the_schedule_comes_round_when_it_says(look: Look) -> None:
    job = as_cron(look)
    now = WallClock().now()
    job.calculate_next(now)
    first = job.next_run
    assert first is not None
    job.calculate_next(first)
    assert job.next_run is not None
    assert job.next_run - first == timedelta(seconds=look.every)
