"""The queue, used as a bell and nothing more.

All work is rows in PostgreSQL. A job in Valkey carries no facts: it only says that it is time to
look, and that one worker of several has begun to. So losing the queue loses a little time and never
work, and what lies in it is plain JSON: whoever can write there can wake a worker, and that is all.
"""

import asyncio
from dataclasses import replace
from typing import Any

import msgspec
from arq.connections import RedisSettings
from arq.worker import Worker
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ValkeyConnectionError
from redis.exceptions import TimeoutError as ValkeyTimeoutError


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
