"""When a checkpoint is signed, and when one has grown too old. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_PAUSE = timedelta(seconds=60)
"""Between two checkpoints of a growing log."""

HEARTBEAT = timedelta(days=1)
"""A log that does not grow is signed again this often, so that silence can be told from death."""

STALE_AFTER = timedelta(hours=48)
"""Pages warn when the newest checkpoint is older."""


@dataclass(frozen=True, slots=True)
class Signed:
    """When a checkpoint over `size` entries was last signed."""

    size: int
    at: datetime


def assess_signing_due(*, size: int, last: Signed | None, now: datetime) -> bool:
    """Say whether a log of `size` entries, of which `last` was signed, is to be signed now."""
    if last is None:
        return True
    age = now - last.at
    return age >= HEARTBEAT or (size != last.size and age >= LEAST_PAUSE)


def assess_stale(*, last: Signed, now: datetime) -> bool:
    """Say whether readers must be warned that nothing newer was signed."""
    return now - last.at > STALE_AFTER
