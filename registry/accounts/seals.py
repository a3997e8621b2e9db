"""Sealing who an auditor is: the port `charter.people.Seals`, with the registry's own keys.

A table that is copied, or a backup that is lost, tells nobody who reviewed whom (rule 25).
"""

from dataclasses import dataclass, field
from uuid import UUID

from charter.chance import Chance, SystemChance
from registry.accounts.keys import AccountKeys

PURPOSE = "auditor"
"""The purpose the key is derived for: nothing sealed for another can be opened with it."""


@dataclass(frozen=True, slots=True)
class KeyedSeals:
    """Seals with a key derived from the one secret. `chance` is always the system's."""

    keys: AccountKeys
    chance: Chance = field(default_factory=SystemChance)

    def lookup(self, account: UUID) -> bytes:
        """Return the keyed digest of `account`."""
        return self.keys.fingerprint(PURPOSE, account.hex)

    def seal(self, account: UUID) -> bytes:
        """Return `account` under AES-256-GCM with a new nonce."""
        return self.keys.seal(PURPOSE, account.hex, self.chance)

    def open(self, sealed: bytes) -> UUID:
        """Return what `seal` was given. Raises SealBroken."""
        return UUID(hex=self.keys.open(PURPOSE, sealed))
