"""Plain text and comma-separated tables, written anew as UTF-8."""

import codecs
import csv
import io
import re
import unicodedata
from pathlib import Path

from registry.adapters.files.kinds import RefusalCode, Refused

_ENCODINGS = ("utf-8-sig", "cp1252")
"""What a file without a byte order mark may be written in; the first that fits."""

_WIDE_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

_ALLOWED_CONTROLS = frozenset("\t\n\r")
_INVISIBLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_BIDI_CONTROLS = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
)

_FORMULA_STARTS = frozenset("=+-@\t\r\n|%")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})*|\d+)?(\.\d+)?\s?%?", re.ASCII)

LONGEST_CELL = 100_000
"""How many characters one cell may have."""


def is_text(content: bytes, *, complete: bool = True) -> bool:
    """Say whether `content` reads as text; it may be cut off in a character if not `complete`."""
    try:
        text = _decode(content, complete=complete)
    except Refused:
        return False
    return not any(_is_binary(character) for character in text)


def looks_like_table(head: bytes) -> bool:
    """Say whether the first lines have the same number, two or more, of comma-parted cells."""
    lines = _decode(head, complete=False).splitlines()[:20]
    try:
        widths = [len(row) for row in csv.reader(lines) if row]
    except csv.Error:
        return False
    return len(widths) > 1 and len(set(widths)) == 1 and widths[0] > 1


def clean_text(source: Path, target: Path) -> None:
    """Write the text of `source` to `target` as UTF-8 without controls that hide or reorder it.

    Raises Refused with WRONG_TYPE if any of it is not text.
    """
    text = _read_text(source)
    target.write_text(_visible(text), encoding="utf-8", newline="\n")


def clean_table(source: Path, target: Path) -> None:
    """Write the table of `source` to `target`, every cell quoted and none of them a formula.

    Raises Refused with WRONG_TYPE or UNREADABLE.
    """
    text = _visible(_read_text(source))
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=False))
    except csv.Error as broken:
        raise Refused(RefusalCode.UNREADABLE) from broken
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows([disarm_cell(cell) for cell in row] for row in rows)


def disarm_cell(cell: str) -> str:
    """Return `cell` so that no spreadsheet takes it for a formula.

    A cell whose first visible character, full-width forms included, could begin a formula gets
    an apostrophe before it; plain numbers such as -3.5 stay numbers.
    """
    first = unicodedata.normalize("NFKC", cell).strip(" \u00a0\u200b\ufeff")[:1]
    if first in _FORMULA_STARTS and first and not _NUMBER.fullmatch(cell.strip(" ")):
        return f"'{cell}"
    return cell


def _read_text(source: Path) -> str:
    content = source.read_bytes()
    text = _decode(content)
    if any(_is_binary(character) for character in text):
        raise Refused(RefusalCode.WRONG_TYPE)
    return text


def _decode(content: bytes, *, complete: bool = True) -> str:
    encodings = (_WIDE_MARKS[content[:2]],) if content[:2] in _WIDE_MARKS else _ENCODINGS
    for encoding in encodings:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(content, final=complete)
        except UnicodeDecodeError:
            continue
    raise Refused(RefusalCode.WRONG_TYPE)


def _is_binary(character: str) -> bool:
    return character not in _ALLOWED_CONTROLS and unicodedata.category(character) in _INVISIBLE


def _visible(text: str) -> str:
    """Return `text` in NFC without marks that reorder what is read."""
    return unicodedata.normalize("NFC", "".join(c for c in text if c not in _BIDI_CONTROLS))
