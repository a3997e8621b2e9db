"""The bell wakes a worker, carries nothing that runs, and is never needed."""

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
from structlog.testing import capture_logs

from registry.adapters.queue import (
    decode_job,
    encode_job,
    lasting_connection,
    open_bell,
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


@pytest.mark.usefixtures("valkey")
async def test_a_ring_wakes_the_worker(services: Services) -> None:
    awake = asyncio.Event()

    async def wake(_context: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        awake.set()

    async with (
        a_worker(services.redis_url, wake),
        open_bell(services.redis_url) as bell,
    ):
        await bell.ring("work-outbox")
        await asyncio.wait_for(awake.wait(), 5)


async def test_a_ring_is_plain_json(services: Services, valkey: ArqRedis) -> None:
    async with open_bell(services.redis_url) as bell:
        await bell.ring("work-outbox")
    [job_id] = await valkey.zrange(default_queue_name, 0, -1)
    written = await valkey.get(job_key_prefix + job_id.decode())
    assert written is not None
    job = decode_job(written)
    assert (job["f"], job["a"], job["k"]) == ("work-outbox", [], {})


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


async def test_a_queue_that_is_away_stops_nobody(tmp_path: Path) -> None:
    async with open_bell(f"unix://{tmp_path}/nobody.sock") as bell:
        with capture_logs() as lines:
            await bell.ring("work-outbox")
    assert [line["event"] for line in lines] == ["bell not heard"]


async def test_a_queue_that_never_answers_stops_nobody_for_long() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_bell(f"redis://127.0.0.1:{port}") as bell, asyncio.timeout(2):
            await bell.ring("work-outbox")


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
