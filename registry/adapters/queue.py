"""The queue, used as a bell and nothing more.

All work is rows in PostgreSQL. A job in Valkey carries no facts: it only wakes the worker sooner
than its next look at the clock would. So losing the queue loses a little time and never work, and
what lies in the queue is plain JSON: whoever can write there can wake the worker, and that is all.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import msgspec
import structlog
from arq.connections import ArqRedis, RedisSettings
from arq.worker import Worker
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ValkeyConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as ValkeyTimeoutError

RING_SECONDS = 0.5
"""How long a commit may wait for its ring to be heard."""

STALE_SECONDS = 60
"""A ring that nobody heard for so long is forgotten: the worker has looked by itself since."""

_log = structlog.get_logger()


def encode_job(job: dict[str, Any]) -> bytes:
    """Write a job as JSON; what JSON has no word for, such as an exception, by its description."""
    return msgspec.json.encode(job, enc_hook=repr)


def decode_job(written: bytes) -> dict[str, Any]:
    """Read a job. Raises msgspec.DecodeError on anything but a JSON object, pickles included."""
    return msgspec.json.decode(written, type=dict[str, Any])


def lasting_connection(url: str) -> RedisSettings:
    """Return how a worker stays connected: through two minutes without Valkey, then it restarts.

    A restarting server shows itself as an OSError as often as by the client's own errors.
    """
    return replace(
        RedisSettings.from_dsn(url),
        conn_retries=60,
        retry=Retry(ExponentialBackoff(cap=2, base=0.2), 60),
        retry_on_timeout=True,
        retry_on_error=[ValkeyConnectionError, ValkeyTimeoutError, OSError],
    )


async def stop_worker(worker: Worker, running: "asyncio.Task[None]") -> None:
    """Stop a running worker; the jobs under way are cancelled and leave their work to others.

    Raises what ended the worker if it ended by itself.
    """
    running.cancel()
    await asyncio.wait({running})
    for job in worker.tasks.values():
        job.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    # Not the library's own close: it calls a method that its client has given up.
    await worker.pool.aclose(close_connection_pool=True)
    if not running.cancelled():
        await running


class Bell:
    """Wakes the worker. A ring that fails is logged and forgotten."""

    def __init__(self, valkey: ArqRedis) -> None:
        self._valkey = valkey

    async def ring(self, job_name: str) -> None:
        """Ask a worker to run `job_name` now. Never raises for a queue that is away."""
        try:
            async with asyncio.timeout(RING_SECONDS):
                await self._valkey.enqueue_job(job_name, _expires=STALE_SECONDS)
        except (RedisError, OSError, TimeoutError) as silence:
            _log.warning("bell not heard", job=job_name, fault=type(silence).__name__)


@asynccontextmanager
async def open_bell(url: str) -> AsyncIterator[Bell]:
    """Give a bell for the block. Nothing is connected until the first ring."""
    pool = ConnectionPool.from_url(
        url, socket_connect_timeout=RING_SECONDS, socket_timeout=RING_SECONDS
    )
    valkey = ArqRedis(pool, job_serializer=encode_job, job_deserializer=decode_job)
    try:
        yield Bell(valkey)
    finally:
        await valkey.aclose()
        await pool.aclose()
