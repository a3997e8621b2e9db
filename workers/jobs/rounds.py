"""Walking the rounds."""

from typing import Any

from registry.rounds.windows import walk_due_rounds
from workers.desk import WorkerDesk


async def walk_the_rounds(context: dict[str, Any]) -> None:
    """Walk every round that is due."""
    desk = WorkerDesk.of(context)
    registry = desk.registry
    await walk_due_rounds(
        registry, desk.rounds, clock=registry.clock, zone=registry.scheme.pack.zone
    )
