"""The bits of a Bitstring Status List: one per edition, set once it is revoked. Pure.

Bit 0 is the leftmost bit of the first byte. A list is never shorter than 131,072 entries, so
that looking one up tells nobody which badge was meant.
"""

import gzip
import zlib
from collections.abc import Iterable
from typing import Final

from badges import base64url
from charter.chance import Chance

ENTRIES: Final = 131_072
"""Two to the power of 17."""

_LENGTH: Final = ENTRIES // 8
_INDEX_BITS: Final = ENTRIES - 1


class UnreadableList(ValueError):
    """The encoded list is not one that this registry writes."""


def encode_bits(revoked: Iterable[int]) -> str:
    """Return the `encodedList` in which exactly the indexes `revoked` are set."""
    bits = bytearray(_LENGTH)
    for index in revoked:
        if not 0 <= index < ENTRIES:
            raise ValueError(f"a list has no entry {index}")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + base64url.encode(gzip.compress(bytes(bits), mtime=0))


def is_set(encoded: str, index: int) -> bool:
    """Return whether the entry `index` of the list is set.

    Raises UnreadableList where the list is not of full length or has no such entry.
    """
    bits = _decode(encoded)
    if not 0 <= index < ENTRIES:
        raise UnreadableList(f"the list has no entry {index}")
    return bool(bits[index >> 3] & 0x80 >> (index & 7))


def _decode(encoded: str) -> bytes:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        if not encoded.startswith("u"):
            raise UnreadableList("the list is not base64url")
        bits = unpacking.decompress(base64url.decode(encoded[1:]), _LENGTH + 1)
    except (ValueError, zlib.error) as broken:
        raise UnreadableList("the list cannot be unpacked") from broken
    if len(bits) != _LENGTH or not unpacking.eof:
        raise UnreadableList(f"the list must have {ENTRIES} entries")
    return bits


def draw_index(chance: Chance) -> int:
    """Return a random index, so that it tells nothing of an edition's age.

    A caller draws again while the index is taken, and opens a new list once this one is half
    full, so that two draws are enough on average.
    """
    return int.from_bytes(chance.bytes(3), "big") & _INDEX_BITS
