"""Every number of the pack decides something: one that nothing reads is a promise nobody keeps."""

import ast
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import charter.framework.numbers
from charter.framework.numbers import Numbers
from charter.framework.pack import PACKS

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("badges", "charter", "registry", "workers")
DEFINED_IN = Path(charter.framework.numbers.__file__)


def groups() -> dict[str, typing.Any]:
    return typing.get_type_hints(Numbers)


TEMPLATES = REPOSITORY / "registry" / "web" / "templates"


def read_by_a_page(group: str, number: str) -> bool:
    """Say whether a template shows a number of a group that it was given by the group's name."""
    return any(
        f"{group}.{number}" in path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.html")
    )


@cache
def words_of_modules() -> tuple[frozenset[str], ...]:
    """Return, for each module, the names that it uses and the attributes that it reads."""
    return tuple(
        frozenset(_words(ast.parse(path.read_text(encoding="utf-8"))))
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*.py")
        if path != DEFINED_IN
    )


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield f".{node.attr}"
        elif isinstance(node, ast.Name):
            yield node.id


def lengths() -> str:
    """Return the file of a pack that names numbers as the lengths of obligations."""
    return (PACKS / "lcr-2025" / "obligations.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("group", "number"),
    [(group, name) for group, kind in groups().items() for name in kind.__struct_fields__],
)
def test_each_number_of_the_pack_is_read(group: str, number: str) -> None:
    """It is read where its group is: by the group's name, or by the class that a rule is given."""
    known_as = {f".{group}", groups()[group].__name__}
    assert (
        f'"{group}.{number}"' in lengths()
        or any(f".{number}" in words and known_as & words for words in words_of_modules())
        or read_by_a_page(group, number)
    )
