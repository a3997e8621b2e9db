"""Lines of tables and keys, found without a second parser."""

import tomllib
from collections.abc import Iterator

import pytest

from charter.framework.toml_lines import Path, find_lines, line_of
from tests.charter.framework.packs import shipped_texts

SOURCE = '''# a comment with [brackets] and = signs

title = "not a [table] # nor a comment"
"quoted key" = 'literal # text'
list = [
  1, # one = 1
  "]",
]
text = """
[not.a.table]
key = "not a key"
"""
raw = \'\'\'
[[neither]]
\'\'\'
dotted.key = { inline = 1 }

[[type]]
id = "first"

[[type.action]]
id = "a"
[[type.action]] # the second
id = "b"
[type.action.detail]
deep = true

[[type]]
[[type.action]]
  id = "c"'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("title",), 3),
        (("quoted key",), 4),
        (("list",), 5),
        (("text",), 9),
        (("raw",), 13),
        (("dotted", "key"), 16),
        (("type", 0), 18),
        (("type", 0, "id"), 19),
        (("type", 0, "action", 0), 21),
        (("type", 0, "action", 0, "id"), 22),
        (("type", 0, "action", 1), 23),
        (("type", 0, "action", 1, "id"), 24),
        (("type", 0, "action", 1, "detail", "deep"), 26),
        (("type", 1), 28),
        (("type", 1, "action", 0, "id"), 30),
    ],
)
def test_a_key_or_table_is_found_on_the_line_where_it_begins(path: Path, line: int) -> None:
    assert find_lines(SOURCE)[path] == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("list", 1), 5),
        (("dotted", "key", "inline"), 16),
        (("type", 1, "missing"), 28),
        (("nowhere",), 1),
    ],
)
def test_what_has_no_line_of_its_own_is_found_where_its_surroundings_begin(
    path: Path, line: int
) -> None:
    assert line_of(find_lines(SOURCE), path) == line


def test_a_table_may_open_on_the_last_line() -> None:
    assert find_lines("a = 1\n[b]")["b",] == 2


def test_nothing_in_strings_lists_or_comments_is_taken_for_a_key() -> None:
    assert (
        not {("not", "a", "table"), ("neither", 0), ("key",), ("one",)} & find_lines(SOURCE).keys()
    )


def test_every_key_of_the_shipped_pack_is_found_on_a_line_that_names_it() -> None:
    for text in shipped_texts().values():
        lines, written = find_lines(text), text.splitlines()
        for path in _paths(tomllib.loads(text)):
            assert str(path[-1]) in written[lines[path] - 1]


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Every key that holds a plain value or a list on lines of its own."""
    match value:
        case dict():
            for key, each in value.items():
                yield from _paths(each, (*path, key))
        case [dict(), *_] if path[-1] != "milestones":
            for index, each in enumerate(value):
                yield from _paths(each, (*path, index))
        case _:
            yield path
