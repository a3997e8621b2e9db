"""The worker process: its schedule as one table, and how it is kept running.

The schedule only says how often to look. Whether there is anything to do, and since when, is
told by PostgreSQL, so a look that is missed, repeated or made twice at once does no harm.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from arq.cron import CronJob, cron
from arq.worker import Worker

from registry.adapters.queue import decode_job, encode_job, lasting_connection, stop_worker
from registry.bootstrap import Registry, bootstrap
from registry.database import open_to_serve
from registry.doors import open_doors
from registry.proofs.desk import open_proof_desk
from registry.rounds.post import post_handlers
from registry.rounds.proof import proof_handlers
from registry.rounds.table import ROUNDS
from registry.settings import Settings
from workers.desk import PLACE, WorkerDesk
from workers.jobs.domains import look_at_the_dns
from workers.jobs.files import check_files, sweep_part_files
from workers.jobs.post import work_the_outbox
from workers.jobs.proof import look_after_badges, look_after_the_log
from workers.jobs.rounds import walk_the_rounds
from workers.metrics import serving_metrics

Job = Callable[[dict[str, Any]], Awaitable[None]]

POLL_SECONDS = 0.05
"""How often the queue is read; how much later than its second a look may begin."""

MINUTE = 60
HOUR = 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Look:
    """One row of the schedule: what to look after, how often, and for how long at most.

    `every` is in seconds and divides a minute or an hour.
    """

    name: str
    every: int
    job: Job
    at_most: int = 60


SCHEDULE: Sequence[Look] = (
    Look("work-outbox", every=1, job=work_the_outbox),
    Look("walk-rounds", every=10, job=walk_the_rounds, at_most=600),
    Look("look-after-the-log", every=2, job=look_after_the_log),
    Look("look-after-badges", every=MINUTE, job=look_after_badges, at_most=600),
    Look("check-files", every=10, job=check_files, at_most=600),
    Look("look-at-domains", every=MINUTE, job=look_at_the_dns, at_most=600),
    Look("sweep-part-files", every=HOUR, job=sweep_part_files),
)
"""Everything a worker looks after by itself. A new job starts with a new row."""


def as_cron(look: Look) -> CronJob:
    """Return a row of the schedule as the queue library wants it: once per tick, never retried."""
    seconds = set(range(0, MINUTE, look.every)) if look.every < MINUTE else {0}
    minutes = None if look.every <= MINUTE else set(range(0, MINUTE, look.every // MINUTE))
    return cron(
        look.job,  # type: ignore[arg-type] # the library's own protocol wants a __qualname__
        name=look.name,
        minute=minutes,
        second=seconds,
        timeout=look.at_most,
        unique=True,
        keep_result=0,
        run_at_startup=True,
        max_tries=1,
    )


def build_worker(
    settings: Settings, registry: Registry, schedule: Sequence[Look] = SCHEDULE
) -> Worker:
    """Return a worker on the servers of `settings`. The database must be open."""
    doors = open_doors(settings)
    proofs = open_proof_desk(settings, registry.scheme)
    handlers = {**post_handlers(registry, doors.mailer), **proof_handlers(proofs)}
    desk = WorkerDesk(registry, doors, handlers, ROUNDS, proofs)
    return Worker(
        cron_jobs=[as_cron(look) for look in schedule],
        redis_settings=lasting_connection(settings.redis_url),
        ctx={PLACE: desk},
        poll_delay=POLL_SECONDS,
        job_timeout=MINUTE,
        keep_result=0,
        max_tries=1,
        timezone=UTC,
        job_serializer=encode_job,
        job_deserializer=decode_job,
        log_results=False,
        handle_signals=False,
    )


async def run_worker(settings: Settings, *, stop: asyncio.Event | None = None) -> None:
    """Look after the registry until `stop` is set or the task is cancelled."""
    async with open_to_serve(settings):
        registry = bootstrap(settings)
        worker = build_worker(settings, registry)
        running = asyncio.create_task(worker.async_run())
        stopping = asyncio.create_task((stop or asyncio.Event()).wait())
        try:
            async with serving_metrics(registry):
                await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            await stop_worker(worker, running)
