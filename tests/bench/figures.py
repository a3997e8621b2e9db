"""What a bench found: a figure, the bound it should keep, and the table they are printed in.

A figure is a ratio within one run, or a size or time of this machine. A bound that is missed is
printed as such and ends nothing: the machine may be slow, and only a reader can know.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Verdict = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure. Without a bound it is only there to compare with."""

    subject: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return "ok" or "MISSED", or nothing where there is no bound."""
        if self.at_least is None and self.at_most is None:
            return ""
        below = self.at_least is not None and self.value < self.at_least
        above = self.at_most is not None and self.value > self.at_most
        return "MISSED" if below or above else "ok"

    @property
    def target(self) -> str:
        """Return the bound in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}".rstrip()
        if self.at_most is not None:
            return f"≤ {self.at_most:g} {self.unit}".rstrip()
        return ""

    def as_row(self) -> dict[str, Any]:
        """Return the figure for the file of results."""
        return asdict(self) | {"verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class Terms:
    """How the benches are run: how long each load lasts, how often, and on which cores.

    `region` is the folder of a played region, or where one is to be played. `cores` are the
    server's and the caller's: the same one where the machine has no other.
    """

    seconds: float
    passes: int
    region: Path
    cores: tuple[int, int]


Bench = Callable[[Terms], Sequence[Figure]]
"""Measures one subject; raises where it could not run at all."""


def as_line(figure: Figure) -> str:
    """Return the line of a figure in the table."""
    value = f"{figure.value:,.2f}" if figure.value < 100 else f"{figure.value:,.0f}"
    measured = f"{value} {figure.unit}".rstrip()
    note = f"  ({figure.note})" if figure.note else ""
    return f"{figure.verdict:6} {measured:>15}  {figure.target:>14}  {figure.subject}{note}"


def median(values: Iterable[float]) -> float:
    """Return the middle one of an odd number of values; the lower middle of an even number."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]
