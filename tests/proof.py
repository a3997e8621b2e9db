"""Runs every family of tests at its full count and writes down what was run.

    make proof

The result is `results/proof.json`: commit, day, seed, and for each folder of tests how many were
run, failed or left out. A family that ran no test fails.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "results" / "proof.json"


class Counting:
    """Counts, by folder, what became of each test."""

    def __init__(self) -> None:
        self.seed: str | None = None
        self.families: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note every family there is, so that one that runs nothing shows, and the seed."""
        self.seed = str(session.config.getoption("randomly_seed", default=None))
        for item in session.items:
            self.families[family_of(item.nodeid)]["collected"] += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: when it ran, or when it was left out or broke on the way."""
        if report.when == "call" or report.outcome != "passed":
            self.families[family_of(report.nodeid)][report.outcome] += 1


def family_of(nodeid: str) -> str:
    """Return the folder a test belongs to, such as `charter/standing`."""
    folders = Path(nodeid.partition("::")[0]).parent.parts[1:3]
    return "/".join(folders) or "tests"


def prove(arguments: list[str]) -> int:
    """Run the tests, write the result, and return an exit code."""
    counting = Counting()
    code = int(pytest.main(["--timeout=3600", *arguments], plugins=[counting]))
    empty = sorted(name for name, counts in counting.families.items() if not counts["passed"])
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607 - the git that made this checkout
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps(
            {
                "commit": commit.stdout.strip() or None,
                "day": datetime.now(UTC).date().isoformat(),
                "seed": counting.seed,
                "exit_code": code,
                "families": {name: dict(counts) for name, counts in counting.families.items()},
                "families_without_a_passed_test": empty,
            },
            indent=2,
            sort_keys=True,
        )
        + "\n"
    )
    return code or bool(empty)


if __name__ == "__main__":
    sys.exit(prove(sys.argv[1:]))
