"""Walking the rounds, and the heartbeat before them."""

from typing import Any

from registry.rounds.heartbeat import beat
from registry.rounds.windows import walk_due_rounds
from workers.desk import WorkerDesk


async def walk_the_rounds(context: dict[str, Any]) -> None:
    """Walk every round that is due, once a time away was counted."""
    desk = WorkerDesk.of(context)
    registry = desk.registry
    await beat(registry)
    await walk_due_rounds(
        registry, desk.rounds, clock=registry.clock, zone=registry.scheme.pack.zone
    )
