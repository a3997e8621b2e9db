"""What an operator watches, as Prometheus reads it: ages, lateness and counts, never a person.

Each number is asked of the database when it is scraped, so it is right whichever process answers.
A question that cannot be answered leaves its numbers out and says so in `registry_scrape_failed`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from arq.constants import default_queue_name
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from redis.asyncio import Redis

from badges.log.queries import newest_signed
from charter.obligations.tables import Obligation
from registry.bootstrap import Registry
from registry.rounds.outbox import dead_letters, oldest_due, waiting_letters
from registry.rounds.windows import windows

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

PATIENCE_SECONDS = 3.0

RECENT = timedelta(days=1)
"""How far back security events are counted."""

Samples = Sequence[tuple[Sequence[str], float]]
"""Numbers by the values of their labels."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: its name, what it is, its labels, and how it is found out."""

    name: str
    help: str
    labels: tuple[str, ...]
    read: Callable[[Registry], Awaitable[Samples]]


async def write_metrics(registry: Registry) -> bytes:
    """Return every number in the text form of Prometheus."""
    collected = CollectorRegistry()
    failed = Gauge(
        "registry_scrape_failed",
        "1 where a number could not be read",
        ("number",),
        registry=collected,
    )
    for measure in MEASURES:
        samples = await _read(measure, registry)
        failed.labels(measure.name).set(samples is None)
        if samples is None:
            continue
        gauge = Gauge(measure.name, measure.help, measure.labels, registry=collected)
        for values, number in samples:
            (gauge.labels(*values) if values else gauge).set(number)
    return generate_latest(collected)


async def _read(measure: Measure, registry: Registry) -> Samples | None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await measure.read(registry)
    except Exception:  # noqa: BLE001 - whatever is away, the other numbers are still told
        return None


def _age(registry: Registry, since: datetime | None) -> float:
    """Return how many seconds ago something was; 0 where there is nothing to wait for."""
    return 0.0 if since is None else max(0.0, (registry.clock.now() - since).total_seconds())


async def _queue_age(registry: Registry) -> Samples:
    valkey = Redis.from_url(registry.settings.redis_url, socket_timeout=PATIENCE_SECONDS)
    try:
        waiting = await valkey.zrange(default_queue_name, 0, 0, withscores=True)
    finally:
        await valkey.aclose()
    due = [datetime.fromtimestamp(score / 1_000, UTC) for _job, score in waiting]
    return [((), _age(registry, due[0] if due else None))]


async def _outbox_age(registry: Registry) -> Samples:
    return [((), _age(registry, await oldest_due(registry.clock)))]


async def _outbox_waiting(_registry: Registry) -> Samples:
    return [((row["kind"],), row["count"]) for row in await waiting_letters()]


async def _outbox_dead(_registry: Registry) -> Samples:
    return [((), len(await dead_letters()))]


async def _round_ages(registry: Registry) -> Samples:
    return [((name,), _age(registry, at)) for name, at in sorted((await windows()).items())]


async def _hub_late(registry: Registry) -> Samples:
    rows = await _hub_owes(registry)
    return [((row["kind"],), row["late"]) for row in rows]


async def _hub_latest(registry: Registry) -> Samples:
    rows = await _hub_owes(registry)
    return [((row["kind"],), row["days"]) for row in rows]


async def _hub_owes(registry: Registry) -> Sequence[Mapping[str, Any]]:
    """Return for each kind of what the hub owes how many are late, and the most days."""
    today = registry.scheme.today()
    rows: Sequence[Mapping[str, Any]] = await Obligation.raw(_HUB, today, today, today)
    return rows


async def _reviews_waiting(_registry: Registry) -> Samples:
    [row] = await Obligation.raw(_REVIEWS)
    return [((), row["waiting"])]


async def _reviews_age(registry: Registry) -> Samples:
    [row] = await Obligation.raw(_REVIEWS)
    return [((), _age(registry, row["oldest"]))]


async def _organisations(_registry: Registry) -> Samples:
    rows = await Obligation.raw(
        "SELECT standing, count(*) AS count FROM current_standing GROUP BY standing ORDER BY 1"
    )
    return [((row["standing"],), row["count"]) for row in rows]


async def _events(_registry: Registry) -> Samples:
    [row] = await Obligation.raw("SELECT COALESCE(max(id), 0) AS newest FROM event")
    return [((), row["newest"])]


async def _log_behind(_registry: Registry) -> Samples:
    [row] = await Obligation.raw(
        "SELECT count(*) AS behind FROM event"
        " WHERE id > (SELECT COALESCE(max(event_id), 0) FROM log_leaf)"
    )
    return [((), row["behind"])]


async def _log_age(registry: Registry) -> Samples:
    newest = await newest_signed()
    return [((), _age(registry, newest.signed_at))] if newest else []


async def _files_waiting(_registry: Registry) -> Samples:
    [row] = await Obligation.raw(
        "SELECT count(*) AS count FROM evidence_item WHERE state = 'quarantined'"
    )
    return [((), row["count"])]


async def _security_events(registry: Registry) -> Samples:
    rows = await Obligation.raw(
        "SELECT kind, count(*) AS count FROM security_event WHERE at > {} GROUP BY kind ORDER BY 1",
        registry.clock.now() - RECENT,
    )
    return [((row["kind"],), row["count"]) for row in rows]


MEASURES: Sequence[Measure] = (
    Measure("registry_queue_age_seconds", "Oldest job that waits in Valkey", (), _queue_age),
    Measure("registry_outbox_age_seconds", "Oldest work due in the outbox", (), _outbox_age),
    Measure("registry_outbox_waiting", "Work in the outbox", ("kind",), _outbox_waiting),
    Measure("registry_outbox_dead", "Work given up, for people to look at", (), _outbox_dead),
    Measure("registry_round_age_seconds", "Since a round was walked", ("round",), _round_ages),
    Measure("registry_hub_late", "What the hub is late with", ("kind",), _hub_late),
    Measure("registry_hub_late_days", "The longest the hub is late", ("kind",), _hub_latest),
    Measure("registry_reviews_waiting", "Reviews that wait for auditors", (), _reviews_waiting),
    Measure("registry_reviews_age_seconds", "Oldest review that waits", (), _reviews_age),
    Measure("registry_organisations", "Organisations by standing", ("standing",), _organisations),
    Measure("registry_events", "The newest event's number", (), _events),
    Measure("registry_log_behind", "Events not yet in the public log", (), _log_behind),
    Measure("registry_log_age_seconds", "Since the log was signed", (), _log_age),
    Measure("registry_files_waiting", "Files that wait to be checked", (), _files_waiting),
    Measure(
        "registry_security_events", "Security events of the last day", ("kind",), _security_events
    ),
)
"""Every number. A new one starts with a new row."""

_HUB = """
SELECT kind, count(*) FILTER (WHERE due_on < {}) AS late,
    COALESCE(max({} - due_on) FILTER (WHERE due_on < {}), 0) AS days
FROM obligation WHERE state = 'open' AND owner = 'hub' GROUP BY kind ORDER BY kind
"""

_REVIEWS = """
SELECT count(*) AS waiting, min(opened_at) AS oldest FROM obligation
WHERE state = 'open' AND owner = 'auditors'
"""
