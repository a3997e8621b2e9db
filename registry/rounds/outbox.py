"""Working the outbox: the queue of record in the database, drained in order of due time.

A message is claimed with a lease, so that several workers share the work and a worker that was
killed only delays it. Every handler may run twice for one message.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from charter.history.tables import OutboxMessage
from registry.bootstrap import Registry
from registry.rounds import post

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=6)
BATCH = 100

Handler = Callable[[Registry, str, Mapping[str, Any]], Awaitable[None]]
"""Does the work of one message, given its key and payload."""

HANDLERS: dict[str, Handler] = {
    "letter": post.write_out,
    "mail": post.deliver,
}
"""What does the work of each kind of message."""

log = structlog.get_logger()


async def drain(registry: Registry) -> int:
    """Do all the work that is due; return how many messages were done."""
    done = 0
    while claimed := await _claim(registry):
        for row in claimed:
            done += await _work(registry, row)
    return done


async def _claim(registry: Registry) -> list[dict[str, Any]]:
    now = registry.clock.now()
    rows: list[dict[str, Any]] = await OutboxMessage.raw(
        "UPDATE outbox_message SET locked_until = {}, attempts = attempts + 1 WHERE id IN ("
        " SELECT id FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL"
        " AND due_at <= {} AND (locked_until IS NULL OR locked_until <= {})"
        " AND kind = ANY({}::text[]) ORDER BY due_at, id LIMIT {} FOR UPDATE SKIP LOCKED)"
        " RETURNING id, key, kind, payload, attempts",
        now + LEASE,
        now,
        now,
        list(HANDLERS),
        BATCH,
    )
    return sorted(rows, key=lambda row: int(row["id"]))


async def _work(registry: Registry, row: Mapping[str, Any]) -> bool:
    try:
        await HANDLERS[row["kind"]](registry, row["key"], msgspec.json.decode(row["payload"]))
    except Exception as error:  # noqa: BLE001 - one message must not stop the others
        await _put_back(registry, row, type(error).__name__)
        return False
    await OutboxMessage.update({OutboxMessage.done_at: registry.clock.now()}).where(
        OutboxMessage.id == row["id"]
    )
    return True


async def _put_back(registry: Registry, row: Mapping[str, Any], error: str) -> None:
    now = registry.clock.now()
    wait = min(timedelta(seconds=2 ** row["attempts"]), LONGEST_WAIT)
    dead = row["attempts"] >= MOST_ATTEMPTS
    log.warning("outbox-message-failed", kind=row["kind"], attempts=row["attempts"], error=error)
    await OutboxMessage.update(
        {
            OutboxMessage.locked_until: None,
            OutboxMessage.due_at: now + wait,
            OutboxMessage.dead_at: now if dead else None,
            OutboxMessage.last_error: error,
        }
    ).where(OutboxMessage.id == row["id"])
