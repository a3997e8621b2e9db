"""Working the outbox."""

from typing import Any

from registry.rounds.outbox import work_outbox
from workers.desk import WorkerDesk


async def work_the_outbox(context: dict[str, Any]) -> None:
    """Act on every message that is due."""
    desk = WorkerDesk.of(context)
    await work_outbox(desk.registry.clock, desk.handlers)
