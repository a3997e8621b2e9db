"""Tiles and entry bundles: the tree cut into files that never change (C2SP tlog-tiles).

Pure. A tile at level L holds up to 256 neighbouring hashes of tree level 8 L; a bundle holds the
entries under one tile of level 0. A partial one keeps its bytes too: it is named by its width.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from badges.log.errors import Malformed
from badges.log.tree import HASH_BYTES, Hash, Place

WIDTH = 256
HEIGHT = 8
MOST_ENTRY_BYTES = 65_535

_LENGTH_BYTES = 2
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/"
    r"(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_LEVELS = 64


@dataclass(frozen=True, slots=True)
class Bundle:
    """The entries from `index * 256` on, `width` of them."""

    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, under the log's prefix."""
        return f"tile/entries/{_index_path(self.index)}{_suffix(self.width)}"

    @property
    def first(self) -> int:
        """The index of its first entry."""
        return self.index * WIDTH


@dataclass(frozen=True, slots=True)
class Tile:
    """The hashes of tree level `8 * level` from `index * 256` on, `width` of them."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, under the log's prefix."""
        return f"tile/{self.level}/{_index_path(self.index)}{_suffix(self.width)}"

    @property
    def first(self) -> Place:
        """The place of its first hash; the others follow it on the same level."""
        return Place(self.level * HEIGHT, self.index * WIDTH)


def read_path(path: str) -> Tile | Bundle:
    """Return what `path`, below the log's prefix, asks for. Raise Malformed for any other path."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed("A tile's path is tile/LEVEL/INDEX or tile/entries/INDEX.")
    groups = match["index"].replace("x", "").split("/")
    index, width = int("".join(groups)), int(match["width"] or WIDTH)
    if (len(groups) > 1 and groups[0] == "000") or (match["width"] and width >= WIDTH):
        raise Malformed("A tile's index has no needless group, and a partial width is below 256.")
    if match["level"] == "entries":
        return Bundle(index, width)
    level = int(match["level"])
    if level >= _LEVELS:
        raise Malformed("A tile's level is below 64.")
    return Tile(level, index, width)


def stands_in(wanted: Tile | Bundle, size: int) -> bool:
    """Say whether a log of `size` entries has `wanted`, be it as a part of what it now is."""
    level = wanted.level if isinstance(wanted, Tile) else 0
    return wanted.index * WIDTH + wanted.width <= size >> (level * HEIGHT)


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a log of `size` entries, the lowest level first."""
    level, count = 0, size
    while count:
        for bundle in _cut(count):
            yield Tile(level, bundle.index, bundle.width)
        level, count = level + 1, count >> HEIGHT


def bundles_of(size: int) -> Iterator[Bundle]:
    """Yield every entry bundle of a log of `size` entries."""
    yield from _cut(size)


def pack_hashes(hashes: Sequence[Hash]) -> bytes:
    """Return a tile's bytes."""
    return b"".join(hashes)


def unpack_hashes(packed: bytes, width: int) -> list[Hash]:
    """Return the hashes of a tile of `width`. Raise Malformed if it has another length."""
    if len(packed) != width * HASH_BYTES:
        raise Malformed(f"A tile of {width} hashes has {width * HASH_BYTES} bytes.")
    return [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)]


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """Return a bundle's bytes. Raise Malformed if an entry is longer than 65,535 bytes."""
    if any(len(entry) > MOST_ENTRY_BYTES for entry in entries):
        raise Malformed(f"An entry has at most {MOST_ENTRY_BYTES} bytes.")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES) + entry for entry in entries)


def unpack_entries(packed: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle of `width`. Raise Malformed if it holds more or fewer."""
    entries: list[bytes] = []
    at = 0
    while at + _LENGTH_BYTES <= len(packed):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(packed[at:start])
        entries.append(packed[start:at])
    if at != len(packed) or len(entries) != width:
        raise Malformed(f"A bundle holds {width} whole entries and nothing else.")
    return entries


def _cut(count: int) -> Iterator[Bundle]:
    full, rest = divmod(count, WIDTH)
    for index in range(full):
        yield Bundle(index)
    if rest:
        yield Bundle(full, rest)


def _index_path(index: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


def _suffix(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
