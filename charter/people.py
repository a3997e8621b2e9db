"""Who is behind a role. The charter knows people as account ids and never as names or addresses."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID


class People(Protocol):
    """Tells which accounts hold a role in the scheme itself, such as steward."""

    async def with_role(self, role: str) -> Sequence[UUID]:
        """Return the accounts that hold `role` now, in a stable order."""
        ...


class Nobody:
    """Knows no one: for histories in which nobody at the hub is written to."""

    async def with_role(self, role: str) -> Sequence[UUID]:  # noqa: ARG002 - nobody holds any role
        """Return no accounts."""
        return ()
