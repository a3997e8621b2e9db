"""How many faults put into the rules on purpose the tests notice: nine of ten at the least.

mutmut changes one thing at a time in a copy of the rules, a comparison, a number, a word, and
runs the tests of that feature that need no database. What survives is either a sentence of a rule
that no test asserts, or makes no difference to anybody. `results/` keeps the list.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LEAST = 0.90

COPIED = ("charter", "registry", "badges", "workers", "tests")

PURE: Mapping[str, tuple[str, ...]] = {
    "plans": (
        *("test_rules", "test_pledge_rules", "test_codesign_rules", "test_ask_rules"),
        "test_sentences",
    ),
    "obligations": ("test_rules", "test_mail_rules", "test_ladder_steps"),
    "standing": ("test_rows", "test_clocks", "test_causes", "test_edges"),
}
"""The tests of each feature's rules that need nothing but the rules."""

CONFIGURATION = """
[mutmut]
source_paths=
    {sources}
pytest_add_cli_args_test_selection=
    {tests}
pytest_add_cli_args=
    -p
    no:randomly
also_copy=
    {copied}
    pyproject.toml
"""

NOTICED = frozenset({1, 3, -24, 24, 36, 152, 255})
"""Exit codes of mutmut's children: a test failed, or went on for ever."""


def rules_of(feature: str) -> list[str]:
    """Return every file of pure rules of a feature."""
    files = sorted((REPOSITORY / "charter" / feature).glob("*rules.py"))
    return [str(path.relative_to(REPOSITORY)) for path in files]


def faults_put_into(feature: str, folder: Path) -> dict[str, int]:
    """Return mutmut's exit code for each fault, by its name."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("node_modules", "static", "__pycache__", "journeys")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    configuration = CONFIGURATION.format(
        sources="\n    ".join(rules_of(feature)),
        tests="\n    ".join(f"tests/charter/{feature}/{name}.py" for name in PURE[feature]),
        copied="\n    ".join(COPIED),
    )
    (folder / "setup.cfg").write_text(configuration)
    children = str(os.cpu_count() or 1)
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "mutmut", "run", "--max-children", children],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONWARNINGS": "default"},
    )
    codes: dict[str, int] = {}
    for kept in (folder / "mutants").rglob("*.meta"):
        codes |= json.loads(kept.read_text())["exit_code_by_key"]
    assert codes, ended.stdout[-2_000:] + ended.stderr[-2_000:]
    return codes


@pytest.mark.full
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("feature", sorted(PURE))
def test_nine_of_ten_faults_in_the_rules_are_noticed(
    feature: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = faults_put_into(feature, tmp_path)
    survived = sorted(name for name, code in codes.items() if code not in NOTICED)
    score = 1 - len(survived) / len(codes)
    result = {"score": score, "faults": len(codes), "survived": survived}
    (REPOSITORY / "results").mkdir(exist_ok=True)
    (REPOSITORY / "results" / f"mutation-{feature}.json").write_text(json.dumps(result, indent=2))
    with capsys.disabled():
        print(f"\n{feature}: {score:.1%} of {len(codes)} faults noticed")  # noqa: T201 - the figure
    assert score >= LEAST, Counter(name.rpartition("__mutmut")[0] for name in survived)


@pytest.mark.parametrize("feature", sorted(PURE))
def test_every_feature_has_rules_and_pure_tests_of_them(feature: str) -> None:
    assert rules_of(feature)
    for name in PURE[feature]:
        text = (REPOSITORY / "tests" / "charter" / feature / f"{name}.py").read_text()
        assert "async def test" not in text
