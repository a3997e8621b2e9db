"""Looking after badges and the public log."""

from typing import Any

from registry.rounds.proof import tend_badges, tend_log
from workers.desk import WorkerDesk


async def look_after_badges(context: dict[str, Any]) -> None:
    """Sign whatever of badges, lists and keys waits for a signature."""
    await tend_badges(WorkerDesk.of(context).proofs)


async def look_after_the_log(context: dict[str, Any]) -> None:
    """Append to the public log, sign it, and have it cosigned."""
    await tend_log(WorkerDesk.of(context).proofs)
