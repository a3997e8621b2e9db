"""Turns one TOML file of a pack into typed tables, or refuses it by file, key and line."""

import re
import tomllib
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import msgspec

from charter.errors import CharterError
from charter.framework.entry import Entry
from charter.framework.toml_lines import Path, find_lines, line_of

EntryT = TypeVar("EntryT", bound=Entry)

_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"(?P<breach>unknown|missing required) field `(?P<name>[^`]*)`")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")
_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


class BrokenPack(CharterError):
    """A framework pack cannot be used; the message names file, line and key."""

    code: ClassVar[str] = "broken-pack"

    def __init__(self, file: str, line: int, key: str, reason: str) -> None:
        super().__init__(
            f"{file}, line {line}: {key}: {reason}" if key else f"{file}, line {line}: {reason}"
        )
        self.file, self.line, self.key, self.reason = file, line, key, reason


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file of a pack."""

    file: str
    text: str

    def refuse(self, path: Path, reason: str) -> BrokenPack:
        """Return the refusal of what stands at `path` in this file."""
        return BrokenPack(self.file, line_of(find_lines(self.text), path), _spell(path), reason)

    def read(self, shape: type[EntryT]) -> EntryT:
        """Return the file's tables as `shape`; raises BrokenPack."""
        try:
            tables = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as broken:
            found = _SYNTAX.search(str(broken))
            last = self.text.count("\n") + 1
            line = int(found[1]) if found and found[1] else last
            raise BrokenPack(self.file, line, "", f"not TOML: {broken}") from broken
        try:
            return msgspec.convert(tables, shape)
        except msgspec.ValidationError as broken:
            raise self._refuse_shape(str(broken)) from broken

    def _refuse_shape(self, message: str) -> BrokenPack:
        """Return the refusal for what msgspec says: where a key is at fault, name the key."""
        found = _WHERE.match(message)
        what, where = (found["what"], found["path"] or "") if found else (message, "")
        path: Path = tuple(step["key"] or int(step["index"]) for step in _STEP.finditer(where))
        field = _FIELD.search(what)
        if not field:
            return self.refuse(path, what)
        reason = "unknown key" if field["breach"] == "unknown" else "missing key"
        return self.refuse((*path, field["name"]), reason)


def _spell(path: Path) -> str:
    """Return `path` as people read it: `type[1].action[3].id`, counted from one."""
    return "".join(
        f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path
    ).removeprefix(".")
