"""Looking after files."""

from datetime import timedelta
from typing import Any

from registry.rounds.files import check_quarantined_files
from workers.desk import WorkerDesk

ABANDONED_AFTER = timedelta(hours=1)
"""How old a part file must be before nobody can still be writing it."""


async def check_files(context: dict[str, Any]) -> None:
    """Check the files that wait in quarantine."""
    desk = WorkerDesk.of(context)
    await check_quarantined_files(desk.registry.scheme, desk.doors)


async def sweep_part_files(context: dict[str, Any]) -> None:
    """Remove what killed uploads left behind."""
    desk = WorkerDesk.of(context)
    desk.doors.files.sweep_incoming(begun_before=desk.registry.clock.now() - ABANDONED_AFTER)
