"""Kill the worker, empty the queue: nothing is lost, and nothing is acted on twice for long."""

import asyncio
import random
import signal
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from charter.history.tables import OutboxMessage
from registry.embedded import Services
from registry.rounds.outbox import LANES, LEASE
from tests.workers.outbox_child import PATIENCE_SECONDS
from tests.world import START

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("kills", "messages"),
    [(3, 600), pytest.param(200, 8_000, marks=[pytest.mark.full, pytest.mark.timeout(3_000)])],
)
async def test_no_message_is_lost_and_none_is_ended_twice(
    kills: int, messages: int, services: Services, database: str, owner_url: str
) -> None:
    chance = random.Random(kills)  # noqa: S311 a repeatable test
    connection = await asyncpg.connect(owner_url)
    await connection.execute("CREATE TABLE sink (key text PRIMARY KEY, times int DEFAULT 1)")
    await connection.execute("GRANT ALL ON sink TO PUBLIC")
    for hundred in range(0, messages, 100):
        await OutboxMessage.insert(
            *(
                OutboxMessage(key=str(n), kind="letter", payload={}, created_at=START, due_at=START)
                for n in range(hundred, hundred + 100)
            )
        )
    now = START
    killed = 0
    while await connection.fetchval("SELECT count(*) FROM outbox_message WHERE done_at IS NULL"):
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.workers.outbox_child"),
            *(database, services.redis_url, now.isoformat()),
            cwd=ROOT,
            stderr=asyncio.subprocess.DEVNULL,
        )
        if killed < kills:
            delivered = "SELECT coalesce(sum(times), 0) FROM sink"
            before = await connection.fetchval(delivered)
            await _until(connection, delivered, more_than=before)
            await asyncio.sleep(chance.uniform(0, 0.1))
            child.send_signal(signal.SIGKILL)
            killed += 1
            async with Redis.from_url(services.redis_url) as valkey:
                await valkey.flushall()
        else:
            waiting = "SELECT count(*) FROM outbox_message WHERE done_at IS NOT NULL"
            await _until(connection, waiting, more_than=messages - 1)
            child.send_signal(signal.SIGTERM)
        await child.wait()
        now += LEASE + timedelta(seconds=1)
    rows = await connection.fetch("SELECT key, times FROM sink")
    await connection.close()
    assert killed == kills
    assert {row["key"] for row in rows} == set(map(str, range(messages)))
    assert sum(row["times"] - 1 for row in rows) <= killed * LANES


async def _until(
    connection: "asyncpg.Connection[asyncpg.Record]", count: str, *, more_than: int
) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await connection.fetchval(count) <= more_than:  # noqa: ASYNC110 another process
            await asyncio.sleep(0.01)
