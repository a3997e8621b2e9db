"""Working the outbox: each message is claimed, given to whoever can act on it, and ticked off.

What must be true: a message is claimed by one worker at a time, for a lease; a worker that dies
loses its claim when the lease ends and another repeats the message, so every handler must bear
being called again for the same key. A message ends exactly once, as done or as dead: an ending is
written only by the claim that is still in force.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import structlog

from charter.clock import Clock
from charter.history.tables import OutboxMessage

LEASE = timedelta(seconds=60)
"""How long a claim lasts. A handler that takes longer is stopped before its claim runs out."""

MOST_SECONDS = 45.0
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 14
"""After so many attempts, about two days, a message is dead: people must look at it."""

LANES = 4

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message. `attempts` counts this one."""

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int


class TryLater(Exception):
    """The world is not ready. The words go to the stewards' list: never name a person in them."""


class GiveUp(Exception):
    """This message can never be acted on. The words go to the stewards' list, too."""


Handler = Callable[[Message], Awaitable[None]]
"""Acts on one message. Returning means done; raising TryLater or GiveUp says otherwise, and any
other exception is a fault, tried again."""


@dataclass
class Tally:
    """What became of the messages of one working."""

    done: int = 0
    put_off: int = 0
    dead: int = 0

    @property
    def total(self) -> int:
        """How many messages were worked."""
        return self.done + self.put_off + self.dead


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: four times longer each time, to a limit."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * int(4 ** (attempts - 1)))


async def work_outbox(
    clock: Clock, handlers: Mapping[str, Handler], *, lanes: int = LANES, most: int = 2_000
) -> Tally:
    """Act on every message that is due, `lanes` at a time, and at most about `most` of them."""
    tally = Tally()

    async def work_lane() -> None:
        while tally.total < most and (message := await _claim(clock.now())) is not None:
            await _work_one(clock, handlers, message, tally)

    async with asyncio.TaskGroup() as group:
        for _ in range(lanes):
            group.create_task(work_lane())
    return tally


async def revive(clock: Clock, *, message: int) -> bool:
    """Give a dead message all its attempts again; say whether there was one."""
    revived = await OutboxMessage.raw(
        "UPDATE outbox_message SET dead_at = NULL, attempts = 0, locked_until = NULL, due_at = {}"
        " WHERE id = {} AND dead_at IS NOT NULL RETURNING id",
        clock.now(),
        message,
    )
    return bool(revived)


async def dead_letters() -> list[dict[str, Any]]:
    """Return the dead messages, oldest first: id, kind, when and why. Never what they say."""
    return list(
        await OutboxMessage.select(
            OutboxMessage.id,
            OutboxMessage.kind,
            OutboxMessage.created_at,
            OutboxMessage.dead_at,
            OutboxMessage.attempts,
            OutboxMessage.last_error,
        )
        .where(OutboxMessage.dead_at.is_not_null())
        .order_by(OutboxMessage.id)
    )


async def waiting_letters() -> list[dict[str, Any]]:
    """Return by kind what waits: count, most attempts and oldest date. Never what it says."""
    return list(
        await OutboxMessage.raw(
            "SELECT kind, count(*) AS count, max(attempts) AS attempts, min(due_at) AS oldest"
            " FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL"
            " GROUP BY kind ORDER BY kind"
        )
    )


async def oldest_due(clock: Clock) -> datetime | None:
    """Return since when the oldest due message has waited, or None where none does."""
    [row] = await OutboxMessage.raw(
        "SELECT min(due_at) AS oldest FROM outbox_message"
        " WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= {}",
        clock.now(),
    )
    oldest: datetime | None = row["oldest"]
    return oldest


async def _claim(now: datetime) -> Message | None:
    """Claim the message that has been due longest and that nobody holds."""
    rows = await OutboxMessage.raw(
        "UPDATE outbox_message SET locked_until = {}, attempts = attempts + 1 WHERE id ="
        " (SELECT id FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL"
        " AND due_at <= {} AND (locked_until IS NULL OR locked_until <= {})"
        " ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, key, kind, payload, attempts",
        now + LEASE,
        now,
        now,
    )
    if not rows:
        return None
    [row] = rows
    payload = row["payload"]
    read = msgspec.json.decode(payload) if isinstance(payload, str) else payload
    return Message(row["id"], row["key"], row["kind"], read, row["attempts"])


async def _work_one(
    clock: Clock, handlers: Mapping[str, Handler], message: Message, tally: Tally
) -> None:
    """Act on one message and write how it ended, unless our claim ran out meanwhile."""
    ending, why = await _act(handlers, message)
    if ending == "put_off" and message.attempts >= MOST_ATTEMPTS:
        ending = "dead"
    if ending == "dead":
        _log.error("outbox message is dead", kind=message.kind, message=message.id, why=why)
    now = clock.now()
    at = now + pause_after(message.attempts) if ending == "put_off" else now
    if await _end(message, _COLUMNS[ending], at, why):
        setattr(tally, ending, getattr(tally, ending) + 1)


Ending = Literal["done", "put_off", "dead"]

_COLUMNS: Mapping[Ending, str] = {"done": "done_at", "put_off": "due_at", "dead": "dead_at"}
"""Where the instant of each ending is kept; of a message put off, when it is due again."""


async def _act(handlers: Mapping[str, Handler], message: Message) -> tuple[Ending, str]:
    """Let the handler act; return how that ended and, where it did not end well, why."""
    handler = handlers.get(message.kind)
    if handler is None:
        # Written by a newer version than this one: it, or this one renewed, will know.
        return "put_off", f"nobody here knows the kind {message.kind}"
    try:
        async with asyncio.timeout(MOST_SECONDS):
            await handler(message)
    except TryLater as later:
        return "put_off", str(later)
    except GiveUp as end:
        return "dead", str(end)
    except Exception as fault:  # noqa: BLE001 whatever a handler raises, the outbox goes on
        # The fault's words may hold an address; its kind cannot.
        _log.warning("outbox handler failed", kind=message.kind, fault=type(fault).__name__)
        return "put_off", type(fault).__name__
    return "done", ""


async def _end(message: Message, column: str, at: datetime, why: str) -> bool:
    """Write an ending if our claim is still the last one; say whether it was."""
    ended = await OutboxMessage.raw(
        f"UPDATE outbox_message SET {column} = {{}}, last_error = {{}}, locked_until = NULL"  # noqa: S608 our own words
        " WHERE id = {} AND attempts = {} AND done_at IS NULL AND dead_at IS NULL RETURNING id",
        at,
        why[:400],
        message.id,
        message.attempts,
    )
    return bool(ended)
