"""Where in a TOML text each table and key stands; the standard parser does not say.

The text must already be known to be TOML. A path is a tuple of keys and of indices into arrays
of tables, such as `("type", 0, "action", 2, "id")`.
"""

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'''(?P<text>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')'''
    r"""|(?P<comment>\#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<line>\n)|(?P<equals>=)"""
    r"""|(?P<plain>[^\[\]{}="'\#\n]+)""",
    re.DOTALL,
)
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"([^"]*)"|'([^']*)'""")


def find_lines(source: str) -> Mapping[Path, int]:
    """Return the line, counted from one, on which each table and key of `source` begins.

    An array of tables begins with the first of them.
    """
    lines: dict[Path, int] = {(): 1}
    table: Path = ()
    tables_seen: dict[Path, int] = {}
    for number, statement in _statements(source):
        if statement.startswith("["):
            table = _open_table(statement, tables_seen)
            lines.setdefault(table, number)
            if isinstance(table[-1], int):
                lines.setdefault(table[:-1], number)
        else:
            lines[table + _keys(statement)] = number
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of `path`, or of the nearest table or key around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _statements(source: str) -> Iterator[tuple[int, str]]:
    """Yield each table header, and each key left of its `=`, with its line."""
    line, depth, started_on, text, in_value = 1, 0, 1, "", False
    for token in _TOKEN.finditer(source):
        kind, lexeme = token.lastgroup, token.group()
        if not text:
            started_on = line
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        if kind == "line" and not depth:
            if text.startswith("["):
                yield started_on, text
            text, in_value = "", False
        elif kind == "equals" and not depth and not in_value:
            yield started_on, text.strip()
            in_value = True
        elif kind != "comment" and not in_value:
            text += lexeme.strip() if not text else lexeme
        line += lexeme.count("\n")
    if text.startswith("["):
        yield started_on, text


def _open_table(header: str, tables_seen: dict[Path, int]) -> Path:
    """Return the path of the table that `header` opens, counting tables of the same array."""
    keys = _keys(header.strip().strip("[]"))
    path: Path = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in tables_seen:
            path = (*path, tables_seen[path])
    path = (*path, keys[-1])
    if header.startswith("[["):
        tables_seen[path] = tables_seen.get(path, -1) + 1
        path = (*path, tables_seen[path])
    return path


def _keys(dotted: str) -> Path:
    """Return the parts of a bare, quoted or dotted key."""
    return tuple(next(filter(None, found.groups()), found[0]) for found in _KEY.finditer(dotted))
