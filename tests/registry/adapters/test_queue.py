"""The queue wakes a worker, and carries nothing that runs."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from arq.connections import ArqRedis, create_pool
from arq.constants import default_queue_name, job_key_prefix
from arq.worker import Worker, func
from redis.exceptions import ConnectionError as ValkeyConnectionError

from registry.adapters.queue import (
    decode_job,
    encode_job,
    lasting_connection,
    stop_worker,
)
from registry.embedded import Services


@pytest.fixture
async def valkey(services: Services) -> AsyncIterator[ArqRedis]:
    pool = await create_pool(lasting_connection(services.redis_url))
    await pool.flushall()
    yield pool
    await pool.flushall()
    await pool.aclose()


@asynccontextmanager
async def a_worker(url: str, woken: Any) -> AsyncIterator[Worker]:
    worker = Worker(
        functions=[func(woken, name="work-outbox")],
        redis_settings=lasting_connection(url),
        poll_delay=0.02,
        keep_result=0,
        job_serializer=encode_job,
        job_deserializer=decode_job,
        handle_signals=False,
    )
    running = asyncio.create_task(worker.async_run())
    try:
        yield worker
    finally:
        await stop_worker(worker, running)


async def test_a_job_of_plain_json_wakes_the_worker(services: Services, valkey: ArqRedis) -> None:
    awake = asyncio.Event()

    async def wake(_context: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        awake.set()

    job = b'{"f": "work-outbox", "a": [], "k": {}, "t": 1, "et": 1}'
    await valkey.set(job_key_prefix + "rung", job)
    await valkey.zadd(default_queue_name, {"rung": 1})
    async with a_worker(services.redis_url, wake):
        await asyncio.wait_for(awake.wait(), 5)


class Planted:
    """What somebody who can write to the queue would leave there."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


async def test_a_planted_pickle_runs_nothing(
    services: Services, valkey: ArqRedis, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    await valkey.set(job_key_prefix + "planted", pickle.dumps(Planted(mark)))
    await valkey.zadd(default_queue_name, {"planted": 1})

    async def wake(_context: dict[str, Any]) -> None:
        """Do nothing."""

    async with a_worker(services.redis_url, wake) as worker:
        async with asyncio.timeout(5):
            while not worker.jobs_failed:  # noqa: ASYNC110 the library tells nobody
                await asyncio.sleep(0.02)
    assert not mark.exists()


def test_what_json_has_no_word_for_is_described() -> None:
    assert decode_job(encode_job({"r": ValueError("no")})) == {"r": "ValueError('no')"}


def test_a_worker_stays_through_a_restart_of_the_queue() -> None:
    settings = lasting_connection("redis://:secret@queue.example:6380/2")
    assert (settings.host, settings.port, settings.database) == ("queue.example", 6380, 2)
    assert settings.retry_on_error == [
        ValkeyConnectionError,
        *(error for error in settings.retry_on_error or [] if error is not ValkeyConnectionError),
    ]
    assert OSError in (settings.retry_on_error or [])
