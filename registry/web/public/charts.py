"""Bars for the figures: every picture stands in the table that says the same in numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

FULL = 100
"""Width of the longest bar, in the units of its picture."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it is, how many, and how long its bar is."""

    name: str
    count: int
    width: float


def draw_bars(counts: Mapping[str, int], name: Callable[[str], str]) -> list[Bar]:
    """Return the bars of `counts` in their order; the longest is FULL wide."""
    longest = max(counts.values(), default=0) or 1
    return [
        Bar(name(token), count, round(FULL * count / longest, 1)) for token, count in counts.items()
    ]
