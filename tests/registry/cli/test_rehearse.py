"""Rehearsing other rules, from the command line."""

import json
import shutil
from pathlib import Path
from typing import Any

from charter.framework.pack import PACKS
from registry.cli.rehearse import as_table
from tests.registry.cli.conftest import Terminal


def test_where_nobody_would_change_it_ends_well(terminal: Terminal, tmp_path: Path) -> None:
    copy = shutil.copytree(PACKS / "lcr-2025", tmp_path / "lcr-2026")
    done = terminal.run("rehearse", "--pack", str(copy))
    assert (done.exit_code, done.output) == (0, "Nobody would change standing, results or level.\n")
    told = json.loads(terminal.run("rehearse", "--pack", "lcr-2025", "--json").output)
    assert told["changes"] == []
    assert told["pack"] == told["rehearsed"]


def test_a_pack_that_is_broken_or_not_there_is_refused_with_2(
    terminal: Terminal, tmp_path: Path
) -> None:
    assert terminal.run("rehearse", "--pack", "nowhere").exit_code == 2
    copy = shutil.copytree(PACKS / "lcr-2025", tmp_path / "broken")
    (copy / "rules.toml").write_text("[signing]\n")
    broken = terminal.run("rehearse", "--pack", str(copy))
    assert broken.exit_code == 2
    assert "rules.toml" in broken.output


def test_each_change_is_a_row_and_organisations_are_counted_once() -> None:
    changes: list[dict[str, Any]] = [
        {"organisation": "b", "answer": "level", "now": "signatory", "then": None},
        {"organisation": "b", "answer": "results", "now": {"kept": 1, "late": 0}, "then": {}},
        {"organisation": "a", "answer": "missing", "now": "re-plan"},
    ]
    _, first, second, third, last = as_table(changes)
    assert first.split() == ["a", "missing", "re-plan", "->", "not", "in", "the", "new", "pack"]
    assert second.split() == ["b", "level", "signatory", "->", "none"]
    assert third.split() == ["b", "results", "kept", "1", "->", "none"]
    assert last == "2 organisations would change."
