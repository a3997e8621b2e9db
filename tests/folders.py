"""Temporary folders that every account can reach, unlike pytest's own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of our own in it
"""Where Linux lends memory as files."""

ROOM_FOR_DATABASES = 4 * 2**30
"""Bytes; what the databases of one test process take at most, with their log of writes."""


def place_for_databases() -> Path | None:
    """Return memory to keep databases in, or None where there is too little of it.

    Each test copies a database of a thousand files, which some disks take half a second for.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_FOR_DATABASES:
        return MEMORY
    return None


@contextmanager
def new_open_folder(place: Path | None = None) -> Iterator[Path]:
    """Lend an empty folder for the length of the block, in `place` or where the system says.

    Root's servers run as `nobody` and must get to their files; in a folder that only root can
    enter, their data would be kept elsewhere and outlive the test.
    """
    folder = Path(tempfile.mkdtemp(prefix="registry-tests-", dir=place))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
