"""The documents tell the truth: what they name is there, and what is there is named."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

from charter.history.kinds import KINDS
from charter.standing.rules import ROWS
from registry.cli import main
from registry.rounds.table import ROUNDS
from registry.settings import Settings, variable
from registry.web.routes import HANDLERS
from tests.architecture.reference import (
    BLOCK,
    DOCS,
    REPOSITORY,
    TABLES,
    command_names,
    documents,
    error_classes,
    rewritten,
)
from workers.main import SCHEDULE

NUMBERED = {str(number) for number in range(1, 41)} | {"10a", "11a", "24a"}
ROW_NUMBERS = {str(number) for number in range(1, 18)}
COMING = ("The promise", "Proof")
"""The work that brings what is not there yet."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = ("badges/", "charter/", "docs/", "registry/", "tests/", "workers/", ".ci/")
LINK = re.compile(r"\]\(([^)\s]+)\)")

AMERICAN = re.compile(
    r"\b(organi[z]\w+|recogni[z]\w+|colo[r]s?|behavio[r]\w*|favo[r]\w*|cente[r]s?|catalo[g]s?"
    r"|analy[z]\w+|apologi[z]\w+|fulfil[l]s?|program[s] of|la[b]or)\b",
    re.IGNORECASE,
)
STOCK = re.compile(
    r"\b(seamless\w*|leverag\w+|cutting.edge|state.of.the.art|world.class|best.in.class|robust"
    r"|empower\w*|unlock\w*|delve\w*|game.chang\w+|holistic\w*|streamlin\w+|effortless\w*"
    r"|comprehensive|at the heart of|in today's)\b",
    re.IGNORECASE,
)
SHORTENED = re.compile(r"\bBAM[E]\b")

by_name = pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)


def prose(document: Path) -> str:
    """Return a document without its code."""
    return CODE.sub("", FENCE.sub("", document.read_text(encoding="utf-8")))


def words_in_code(document: Path) -> list[str]:
    """Return what a document shows as code within its sentences, blocks from code left out."""
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    return [found[1] for found in CODE.finditer(FENCE.sub("", text))]


def commands_in(document: Path) -> Iterator[str]:
    """Yield every line of the shell blocks of a document."""
    for block in FENCE.finditer(document.read_text(encoding="utf-8")):
        if block[1] == "sh":
            yield from filter(None, block[2].splitlines())


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    """Return the names of the tests in a file, those of a class with the class before them."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    classes = (node for node in body if isinstance(node, ast.ClassDef))
    within = (f"{each.name}::{name}" for each in classes for name in _test_functions(each.body))
    return frozenset([*_test_functions(body), *within])


def _test_functions(body: list[ast.stmt]) -> list[str]:
    functions = (node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.name for node in functions if node.name.startswith("test_")]


def is_there(named: str) -> bool:
    """Say whether a path, or a test in a file, is in the repository."""
    path, _, test = named.partition("::")
    place = REPOSITORY / path
    return place.exists() and (not test or test in names_of_tests(place))


def sections(heading: str) -> dict[str, str]:
    """Return the sections of docs/rules.md under `## Rule N.` or `## Row N.`, by number."""
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    parts = re.split(r"^#{1,2} ", text, flags=re.MULTILINE)
    found = [re.match(rf"{heading} (\w+)\.", part) for part in parts]
    numbers = [match[1] for match in found if match]
    assert len(numbers) == len(set(numbers)), "a number stands twice"
    return {match[1]: part for match, part in zip(found, parts, strict=True) if match}


@by_name
def test_what_is_told_from_the_code_is_as_the_code_is(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert text == rewritten(text), "run `make docs`"


def test_every_table_that_can_be_told_is_told_somewhere() -> None:
    told = {found[2] for path in documents() for found in BLOCK.finditer(path.read_text())}
    assert told == set(TABLES)


@by_name
def test_every_path_and_every_test_that_a_document_names_is_there(document: Path) -> None:
    named = [word for word in words_in_code(document) if word.startswith(FOLDERS)]
    assert [word for word in named if " " not in word and not is_there(word)] == []


@by_name
def test_every_link_within_the_documents_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        path, _, anchor = target.partition("#")
        if "://" in target or path.endswith(".png"):
            continue
        place = (document.parent / path) if path else document
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_rule_stands_in_the_list_once() -> None:
    assert set(sections("Rule")) == NUMBERED


def test_every_row_of_the_standing_machine_stands_in_the_list_once() -> None:
    assert set(sections("Row")) == ROW_NUMBERS
    assert {str(row.number) for row in ROWS} <= ROW_NUMBERS


@pytest.mark.parametrize(("kind", "numbers"), [("Rule", NUMBERED), ("Row", ROW_NUMBERS)])
def test_every_rule_names_a_module_and_a_test_or_what_brings_it(
    kind: str, numbers: set[str]
) -> None:
    listed = sections(kind)
    for number in sorted(numbers):
        text = listed[number]
        named = CODE.findall(text)
        assert any(is_there(word) and not word.startswith("tests/") for word in named), number
        tested = any(is_there(word) and word.startswith("tests/") for word in named)
        coming = re.findall(r"Not yet \(([^)]+)\)", text)
        assert tested or coming, number
        assert set(coming) <= set(COMING), number


def test_a_test_named_in_the_list_is_named_in_full() -> None:
    cut_short = [word for word in words_in_code(DOCS / "rules.md") if word.startswith("test_")]
    assert cut_short == []


@by_name
def test_every_make_target_of_a_document_is_there(document: Path) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    lines = [*commands_in(document), *words_in_code(document)]
    wanted = [line.split()[1] for line in lines if line.startswith("make ")]
    assert [target for target in wanted if target not in targets] == []


@by_name
def test_every_command_of_a_document_is_there_and_takes_what_it_is_given(document: Path) -> None:
    lines = [line for line in commands_in(document) if line.startswith("registry ")]
    lines += [word for word in words_in_code(document) if re.match(r"registry [a-z]", word)]
    for line in lines:
        command, given = find_command(shlex.split(line)[1:])
        options = {option for param in command.params for option in param.opts}
        assert {word for word in given if word.startswith("--")} <= {*options, "--help"}, line


def find_command(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that `words` begin with, and what is left of them."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"there is no command {words[0]}"
        command, words = found, words[1:]
    return command, words


def test_every_line_of_the_readme_can_be_run() -> None:
    lines = list(commands_in(REPOSITORY / "README.md"))
    assert {"make demo", "make test"} <= set(lines)
    for line in lines:
        match line.split():
            case ["make" | "registry", *_]:
                continue  # held by the tests above
            case ["cp", source, _]:
                assert (REPOSITORY / source).is_file(), line
            case ["docker", "compose", "run", "--rm", service, "registry", *words]:
                assert service in compose_services(), line
                assert not isinstance(find_command(words)[0], click.Group), line
            case ["docker", "compose", "build" | "up", *_]:
                assert compose_services(), line
            case _:
                pytest.fail(f"nobody knows whether this can be run: {line}")


def compose_services() -> set[str]:
    """Return the names of the services that can be started together."""
    text = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
    return set(yaml.safe_load(text)["services"])


def test_everything_with_a_public_name_is_documented() -> None:
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    names = [
        *command_names(),
        *KINDS,
        *(error.code for error in error_classes()),
        *(look.name for look in SCHEDULE),
        *(row.name for row in ROUNDS),
        *(re.sub(r":[a-z]+}", "}", path) for path in all_paths()),
    ]
    assert [name for name in names if f"`{name}`" not in reference] == []


def test_every_error_code_has_one_meaning() -> None:
    codes = [error.code for error in error_classes()]
    assert sorted(set(codes)) == codes


def test_every_address_of_the_page_about_the_interface_is_routed() -> None:
    routes = [re.sub(r"\\{[^}]*\\}", r"[^/]+", re.escape(path)) for path in all_paths()]
    told = [word for word in words_in_code(DOCS / "api.md") if word.startswith("/")]
    assert len(told) > 40
    missing = [
        address
        for address in told
        if not any(re.fullmatch(route, address.split("?")[0]) for route in routes)
    ]
    assert missing == []


def all_paths() -> set[str]:
    """Return the path of every route."""
    return {path for handler in HANDLERS for path in handler.paths}


def test_every_setting_is_documented() -> None:
    settings = (DOCS / "settings.md").read_text(encoding="utf-8")
    names = [variable(name) for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in settings] == []


def test_the_runbook_says_what_each_round_and_job_is_for() -> None:
    runbook = (DOCS / "operating.md").read_text(encoding="utf-8")
    names = [*(row.name for row in ROUNDS), *(look.name for look in SCHEDULE)]
    assert [name for name in names if f"`{name}`" not in runbook] == []


def test_the_import_directions_are_told_as_they_are_checked() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    [layers] = [
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    told = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert "\n".join(layers) in told


def test_the_changelog_has_the_release_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    changes = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {project['project']['version']}" in changes


@by_name
def test_documents_are_in_plain_british_english(document: Path) -> None:
    text = prose(document)
    assert AMERICAN.findall(text) == []
    assert STOCK.findall(text) == []


@by_name
def test_communities_are_named_in_full(document: Path) -> None:
    assert SHORTENED.findall(document.read_text(encoding="utf-8")) == []
