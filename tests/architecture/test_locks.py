"""Everything that is installed is pinned by hash, and no registry is named."""

import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LOCKS = sorted(REPOSITORY.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9._-]+)(\[[a-z0-9,._-]+\])?==(\S+)")


def pins(lock: Path) -> dict[str, str]:
    """Return package and version of each line; a marker may give a package two lines."""
    found = (PIN.match(line) for line in lock.read_text().splitlines())
    return {match[1]: match[3] for match in found if match}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_pins_by_hash(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "index" not in text
    requirements = re.split(r"\n(?=[a-z])", text.strip())
    assert len(requirements) >= 1
    for requirement in requirements:
        assert PIN.match(requirement), requirement
        assert "--hash=sha256:" in requirement


def test_what_runs_and_what_is_tested_are_the_same_versions() -> None:
    runtime = pins(REPOSITORY / "requirements.lock")
    development = pins(REPOSITORY / "requirements-dev.lock")
    assert len(runtime) > 50
    assert {name: development.get(name) for name in runtime} == runtime


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    development = pins(REPOSITORY / "requirements-dev.lock")
    for wanted in [project["project"]["dependencies"], *extras, *groups]:
        for requirement in wanted:
            name = re.match(r"[A-Za-z0-9._-]+", requirement)
            assert name is not None
            assert name[0].lower() in development, "run `make lock`"
