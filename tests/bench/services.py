"""How long the embedded services take to answer."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.embedded import embedded_services


def cold_start() -> float:
    """Return the seconds of a first start, in which the cluster is made."""
    with _open_folder() as folder:
        return _start(folder)


def warm_start() -> float:
    """Return the seconds of a second start."""
    with _open_folder() as folder:
        _start(folder)
        return _start(folder)


def _start(folder: Path) -> float:
    begun = time.perf_counter()
    with embedded_services(folder):
        return time.perf_counter() - begun


@contextmanager
def _open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="registry-bench-"))
    folder.chmod(0o711)  # root's servers run as nobody and must get to their files
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
