"""What every job of one worker process is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.bootstrap import Registry
from registry.doors import Doors
from registry.proofs.desk import ProofDesk
from registry.rounds.outbox import Handler
from registry.rounds.windows import Walkable

PLACE = "desk"
"""Where the queue library's own context holds the desk."""


@dataclass(frozen=True, slots=True)
class WorkerDesk:
    """The registry, its doors, who acts on the outbox, the rounds to walk, and what signs."""

    registry: Registry
    doors: Doors
    handlers: Mapping[str, Handler]
    rounds: Sequence[Walkable[Registry]]
    proofs: ProofDesk

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> "WorkerDesk":
        """Return the desk that a job finds in the context it is called with."""
        desk = context[PLACE]
        if not isinstance(desk, cls):
            raise TypeError("this worker was started without a desk")
        return desk
