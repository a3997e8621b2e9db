"""Runs the benches, prints every figure beside its target, and keeps them as JSON.

Each bench has a process of its own, so that what one of them imports, caches or allocates cannot
be seen in another's figures.
"""

import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from tests.bench import (
    demo,
    growth,
    log,
    pages,
    proofs,
    resigning,
    services,
    standings,
    sweep,
)
from tests.bench.figures import Bench, Figure, Terms, as_line
from tests.folders import new_open_folder

RESULTS = Path("results")

BENCHES: Mapping[str, tuple[str, Bench]] = {
    "services": ("Embedded services", services.measure),
    "demo": ("The demonstration", demo.measure),
    "pages": ("Pages from bytes and from one statement", pages.measure),
    "proofs": ("Credentials and pictures", proofs.measure),
    "resigning": ("Every badge signed again", resigning.measure),
    "log": ("The public log", log.measure),
    "growth": ("Growth", growth.measure),
    "standings": ("Standings computed anew", standings.measure),
    "sweep": ("The chase", sweep.measure),
}
"""Every bench by name, in the order in which they run: `pages` uses the region `demo` played."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHES)))
@click.option("--seconds", type=float, default=3.0, show_default=True, help="One load's length.")
@click.option(
    "--passes", type=int, default=3, show_default=True, help="How often each is measured."
)
@click.option(
    "--region",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A demonstration's data folder, not in use, instead of playing one.",
)
def main(names: Sequence[str], seconds: float, passes: int, region: Path | None) -> None:
    """Measure; end with 1 where a bench could not run, never because a figure is poor."""
    chosen = [name for name in BENCHES if name in (names or BENCHES)]
    with new_open_folder() as folder:
        terms = Terms(seconds, passes, region or folder / "region", two_cores())
        kept: list[dict[str, Any]] = []
        failed = []
        for name, figures in run(chosen, terms):
            if isinstance(figures, Exception):
                failed.append(name)
                click.echo(f"FAILED {name}: {figures!r}")
                continue
            kept += [{"bench": name, **figure.as_row()} for figure in figures]
    path = keep(kept, failed)
    missed = sum(row["verdict"] == "MISSED" for row in kept)
    click.echo(f"\n{len(kept)} figures, {missed} missed, {len(failed)} not run; kept in {path}")
    sys.exit(1 if failed else 0)


def run(names: Sequence[str], terms: Terms) -> Iterator[tuple[str, Sequence[Figure] | Exception]]:
    """Run each bench in a process of its own, print what it found, and yield it."""
    for name in names:
        title, bench = BENCHES[name]
        click.echo(f"\n{title}")
        try:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                figures = process.submit(bench, terms).result()
        except Exception as fault:  # noqa: BLE001 - one bench that cannot run must not hide the rest
            yield name, fault
            continue
        for figure in figures:
            click.echo(as_line(figure))
        yield name, figures


def two_cores() -> tuple[int, int]:
    """Return a core for the server and one for its callers."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[min(1, len(cores) - 1)]


def keep(figures: Sequence[Mapping[str, Any]], failed: Sequence[str]) -> Path:
    """Write the results of this run to a file of its own."""
    at = datetime.now(UTC)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"bench-{at:%Y%m%dT%H%M%SZ}.json"
    facts = {
        "at": at.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "not_run": failed,
        "figures": figures,
    }
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    main()
