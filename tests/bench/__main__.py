"""Runs every benchmark of the table, prints the figures, and fails where a target is missed."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from tests.bench import services


@dataclass(frozen=True, slots=True)
class Bench:
    """One figure: what is measured, in which unit, and the bound that it must keep."""

    subject: str
    unit: str
    at_most: float
    measure: Callable[[], float]


BENCHES: Sequence[Bench] = (
    Bench("Both services, first start on an empty folder", "s", 3.0, services.cold_start),
    Bench("Both services, start on existing data", "s", 3.0, services.warm_start),
)


def main() -> int:
    """Return 0 where every figure keeps its bound, else 1."""
    missed = 0
    for bench in BENCHES:
        figure = bench.measure()
        kept = figure <= bench.at_most
        missed += not kept
        verdict = "ok" if kept else "MISSED"
        target = f"at most {bench.at_most:g} {bench.unit}"
        click.echo(f"{verdict:7} {figure:9.2f} {bench.unit:4} {target:16} {bench.subject}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
