"""How long the embedded services take to answer."""

import time
from collections.abc import Sequence
from pathlib import Path

from registry.embedded import embedded_services
from tests.bench.figures import Figure, Terms
from tests.folders import new_open_folder

SECONDS = 3.0


def measure(_terms: Terms) -> Sequence[Figure]:
    """Start both services on an empty folder, and again on what they left."""
    with new_open_folder() as folder:
        first, second = _start(folder), _start(folder)
    return (
        Figure(subject="first start, making the cluster", value=first, unit="s", at_most=SECONDS),
        Figure(subject="start on existing data", value=second, unit="s", at_most=SECONDS),
    )


def _start(folder: Path) -> float:
    begun = time.perf_counter()
    with embedded_services(folder):
        return time.perf_counter() - begun
