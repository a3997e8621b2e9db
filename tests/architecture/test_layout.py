"""The house stays tidy: small files, honest names, nothing unfinished, nothing of one machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("badges", "charter", "registry", "workers")

MOST_LINES = 400
MOST_LINES_OF_TESTS = 600
"""A story told step by step may be longer than code."""

SAYS_NOTHING = {"manager", "helper", "helpers", "util", "utils", "common", "handle", "process"} | {
    "data",
    "misc",
}
"""Names that would fit any module, and so say nothing of one."""

UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
FOREIGN = re.compile(
    r"pypi\.or[g]|pythonhosted\.or[g]|npmjs\.(?:or[g]|com)|yarnpkg\.co[m]|crates\.i[o]"
    r"|proxy\.golang\.or[g]|rubygems\.or[g]"
)
"""Hosts of package registries: which one is asked is a matter of the machine."""

MACHINE = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|User[s]|hom[e](?!/someone))/\w")
"""Paths that exist on somebody's machine."""

BARE_SUPPRESSION = re.compile(
    r"# (?:noqa(?:: [A-Z]+\d+(?:, [A-Z]+\d+)*)?|type: ignore(?:\[[a-z, -]+\])?|nosec)\s*$",
    re.MULTILINE,
)
"""A check switched off with no reason beside it."""

BUILT = {".git", ".venv", "node_modules", "govuk", "fonts", "data", "results"}
SUFFIXES = {".py", ".md", ".toml", ".html", ".css", ".js", ".mjs", ".sql", ".go", ".yml", ".yaml"}
NO_SUFFIX = {"Makefile", "run", "uv", "npm", ".npmrc", ".gitignore", ".env.example"}


def modules(*folders: str) -> list[Path]:
    """Return every Python file below the folders."""
    found = (path for folder in folders for path in (REPOSITORY / folder).rglob("*.py"))
    return sorted(path for path in found if not BUILT.intersection(path.parts))


def written() -> Iterator[Path]:
    """Yield every file that people write."""
    for folder in (*PACKAGES, "tests", "docs", ".ci"):
        yield from (REPOSITORY / folder).rglob("*")
    yield from REPOSITORY.iterdir()


def texts() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that people write."""
    for path in written():
        inside = path.relative_to(REPOSITORY)
        known = path.suffix in SUFFIXES or path.name in NO_SUFFIX
        if known and path.is_file() and not BUILT.intersection(inside.parts):
            yield str(inside), path.read_text(encoding="utf-8")


def lines_of(path: Path) -> int:
    """Return how many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def short(path: Path) -> str:
    """Return a path as people say it."""
    return str(path.relative_to(REPOSITORY))


def test_no_file_is_longer_than_can_be_kept_in_mind() -> None:
    limits = [
        *((path, MOST_LINES) for path in modules(*PACKAGES)),
        *((path, MOST_LINES_OF_TESTS) for path in modules("tests")),
    ]
    too_long = {short(path): lines_of(path) for path, most in limits if lines_of(path) > most}
    assert too_long == {}


def test_each_check_that_is_switched_off_says_why() -> None:
    bare = [
        short(path)
        for path in modules(*PACKAGES, "tests")
        if BARE_SUPPRESSION.search(path.read_text(encoding="utf-8"))
    ]
    assert bare == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path for path in modules(*PACKAGES, "tests") if path.stem in SAYS_NOTHING]
    folders = [
        folder
        for package in PACKAGES
        for folder in (REPOSITORY / package).rglob("*")
        if folder.is_dir() and folder.name in SAYS_NOTHING
    ]
    assert [short(path) for path in (*named, *folders)] == []


def test_nothing_is_left_unfinished() -> None:
    assert [path for path, text in texts() if UNFINISHED.search(text)] == []


def test_no_registry_of_packages_is_named() -> None:
    assert [path for path, text in texts() if FOREIGN.search(text)] == []


def test_no_path_of_a_machine_is_named() -> None:
    assert {path: MACHINE.findall(text) for path, text in texts() if MACHINE.search(text)} == {}


@pytest.mark.parametrize(
    "package",
    [path for path in modules(*PACKAGES) if path.name == "__init__.py"],
    ids=lambda path: short(path.parent),
)
def test_every_package_says_what_is_decided_in_it(package: Path) -> None:
    if package.parent.name == "piccolo_migrations":
        return  # found by Piccolo's own names; what is in it is written by its tool
    said = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""
    assert len(said.split()) >= 8, said


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in modules(*PACKAGES)}
    assert [short(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
