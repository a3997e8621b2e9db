"""What every page says while it holds: today, that review work is unpaid (rule 24)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Notices:
    """The notices of one process's pages, kept true by the follower of the history."""

    panels_stopped: bool = False
