"""Temporary folders that every account can reach, unlike pytest's own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_open_folder() -> Iterator[Path]:
    """Lend an empty folder for the length of the block.

    Root's servers run as `nobody` and must get to their files; in a folder that only root can
    enter, their data would be kept elsewhere and outlive the test.
    """
    folder = Path(tempfile.mkdtemp(prefix="registry-tests-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
