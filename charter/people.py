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


class Seals(Protocol):
    """Seals who an auditor is, under a key that is never in the database (rule 25)."""

    def lookup(self, account: UUID) -> bytes:
        """Return a keyed digest by which the account is found and from which nobody reads it."""
        ...

    def seal(self, account: UUID) -> bytes:
        """Return the account encrypted and authenticated; never the same bytes twice."""
        ...

    def open(self, sealed: bytes) -> UUID:
        """Return the account that was sealed."""
        ...


class NoSeals:
    """Holds no key: for schemes in which nobody is entered as an auditor."""

    def lookup(self, account: UUID) -> bytes:  # noqa: ARG002 - the port's signature
        """Refuse: there is no key."""
        raise KeyNotHere

    def seal(self, account: UUID) -> bytes:  # noqa: ARG002 - the port's signature
        """Refuse: there is no key."""
        raise KeyNotHere

    def open(self, sealed: bytes) -> UUID:  # noqa: ARG002 - the port's signature
        """Refuse: there is no key."""
        raise KeyNotHere


class KeyNotHere(RuntimeError):
    """A programmer's error: an identity was to be sealed or opened where no key is held."""
