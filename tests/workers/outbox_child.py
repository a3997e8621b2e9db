"""A worker process to be killed: works an outbox whose handler writes each key once.

`python -m tests.workers.outbox_child DATABASE_URL REDIS_URL NOW`
"""

import asyncio
import sys
from datetime import datetime
from typing import Any

from arq.cron import cron
from arq.worker import Worker

from charter.clock import SetClock
from charter.history.tables import OutboxMessage
from registry.adapters.queue import decode_job, encode_job, lasting_connection
from registry.database import open_database
from registry.rounds.outbox import Message, work_outbox

PATIENCE_SECONDS = 300
"""How long a worker may take for all that is left: a sign that it hangs, and no measure."""


async def deliver(message: Message) -> None:
    await OutboxMessage.raw(
        "INSERT INTO sink (key) VALUES ({}) ON CONFLICT (key) DO UPDATE SET times = sink.times + 1",
        message.key,
    )
    await asyncio.sleep(0.002)


async def main(database_url: str, redis_url: str, now: str) -> None:
    clock = SetClock(datetime.fromisoformat(now))

    async def work(_context: dict[str, Any]) -> None:
        await work_outbox(clock, {"letter": deliver})

    async with open_database(database_url):
        worker = Worker(
            cron_jobs=[
                cron(
                    work,  # type: ignore[arg-type] # the library's protocol wants *args
                    name="work-outbox",
                    second=set(range(60)),
                    run_at_startup=True,
                    keep_result=0,
                )
            ],
            redis_settings=lasting_connection(redis_url),
            poll_delay=0.02,
            keep_result=0,
            job_timeout=PATIENCE_SECONDS,
            max_jobs=1,
            job_serializer=encode_job,
            job_deserializer=decode_job,
        )
        await worker.async_run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
