"""Looking after the domains by which organisations prove who they are."""

from typing import Any

from registry.rounds.domains import look_at_domains
from workers.desk import WorkerDesk


async def look_at_the_dns(context: dict[str, Any]) -> None:
    """Look at the domains whose time has come."""
    desk = WorkerDesk.of(context)
    await look_at_domains(desk.registry.scheme, desk.doors.resolver)
