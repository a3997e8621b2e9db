"""The heartbeat: how the registry notices that it was away, and says so in public (rule 32).

Each beat is written down. A gap between two of them is a stretch in which nothing ran, and the
first to come back counts it, before any round looks at a date.
"""

from datetime import timedelta

from charter.obligations.outages import record_gap
from registry.bootstrap import Registry
from registry.rounds.windows import keep_window, only_walker, windows

NAME = "heartbeat"
"""The name under which the last beat is kept, beside the windows of the rounds."""

MISSED = timedelta(minutes=5)
"""A shorter gap is a restart, or a busy machine, and counts as none."""


async def beat(registry: Registry) -> None:
    """Count the time since the last beat, if it was long, and beat."""
    async with only_walker(NAME) as alone:
        if not alone:
            return
        now = registry.clock.now()
        last = (await windows()).get(NAME)
        if last is not None and now - last > MISSED:
            await record_gap(registry.scheme, begun=last, ended=now)
        await keep_window(NAME, completed_until=now, fault="")
