"""ZIP containers, opened with suspicion: DOCX and XLSX are such containers.

Sizes that a container states about itself are only a first check; what is really unpacked is
counted too. A virus scanner passes containers that unpack to a thousand times their size, so
these limits are ours.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from registry.adapters.files.kinds import MEGABYTE, RefusalCode, Refused

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * MEGABYTE
HIGHEST_RATIO = 50
"""How many times larger than the file its contents may be."""

SMALL_ENOUGH = 2 * MEGABYTE
"""Contents below this size are no bomb, whatever the ratio: XML packs well."""

CONTAINER_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh")

_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass
class Container:
    """An open container whose limits have been checked; counts what is unpacked from it."""

    _zip: zipfile.ZipFile
    _left: int

    @property
    def names(self) -> list[str]:
        """Return the names of the parts, in the order of the container's own list."""
        return [entry.filename for entry in self._zip.infolist() if not entry.is_dir()]

    def read(self, name: str) -> bytes:
        """Return the bytes of one part. Raises Refused if they exceed what is left of the limit."""
        with self._zip.open(name) as part:
            content = part.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise Refused(RefusalCode.TOO_COMPLEX)
        return content


@contextmanager
def open_container(file: Path) -> Iterator[Container]:
    """Open the ZIP container `file` after checking its list of contents.

    Raises Refused with PASSWORD_PROTECTED, TOO_COMPLEX or UNREADABLE, also for what goes wrong
    while it is open.
    """
    size = file.stat().st_size
    try:
        with zipfile.ZipFile(file) as opened:
            entries = opened.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            allowed = min(MOST_UNPACKED, max(SMALL_ENOUGH, HIGHEST_RATIO * size))
            if len(entries) > MOST_ENTRIES or unpacked > allowed:
                raise Refused(RefusalCode.TOO_COMPLEX)
            _refuse_odd_entries(entries)
            yield Container(opened, allowed)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as broken:
        raise Refused(RefusalCode.UNREADABLE) from broken
    except (OSError, EOFError, ValueError, KeyError, zlib.error) as broken:
        raise Refused(RefusalCode.UNREADABLE) from broken


def _refuse_odd_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what no office program writes: locked, doubled, oddly packed or climbing names."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused(RefusalCode.PASSWORD_PROTECTED)
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise Refused(RefusalCode.UNREADABLE)
    for entry in entries:
        path = PurePosixPath(entry.filename)
        climbs = path.is_absolute() or ".." in path.parts or "\\" in entry.filename
        if climbs or entry.compress_type not in _METHODS:
            raise Refused(RefusalCode.UNREADABLE)


def is_container(content: bytes) -> bool:
    """Say whether a part is itself a packed file."""
    return content.startswith(CONTAINER_STARTS)
