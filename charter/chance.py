"""The one source of randomness: codes, salts, lotteries' seeds, and nothing else."""

import hashlib
import secrets
from typing import Protocol

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 alphabet, lower case: no i, l, o or u."""


class Chance(Protocol):
    """Gives unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        ...


class SystemChance:
    """The operating system's randomness; the only kind fit for real use."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return secrets.token_bytes(count)


class SeededChance:
    """A repeatable stream for playing scheme time; never used for keys or sign-in codes."""

    def __init__(self, seed: int) -> None:
        self._seed = seed.to_bytes(16, "big", signed=True)
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes of the stream fixed by the seed."""
        blocks = bytearray()
        while len(blocks) < count:
            blocks += hashlib.sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
            self._drawn += 1
        return bytes(blocks[:count])


def draw_crockford(chance: Chance, length: int) -> str:
    """Return `length` random characters of Crockford's base32, five bits each."""
    return "".join(CROCKFORD[byte & 31] for byte in chance.bytes(length))
