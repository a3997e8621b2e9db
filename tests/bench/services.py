"""How long the embedded services take to answer."""

import time
from pathlib import Path

from registry.embedded import embedded_services
from tests.folders import new_open_folder


def cold_start() -> float:
    """Return the seconds of a first start, in which the cluster is made."""
    with new_open_folder() as folder:
        return _start(folder)


def warm_start() -> float:
    """Return the seconds of a second start."""
    with new_open_folder() as folder:
        _start(folder)
        return _start(folder)


def _start(folder: Path) -> float:
    begun = time.perf_counter()
    with embedded_services(folder):
        return time.perf_counter() - begun
