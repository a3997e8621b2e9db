"""The one text type: what people may type, and how it is cleaned before anything else sees it.

Text is kept in Unicode form C, without characters that break a database, a page or a reader's
trust: NUL, control characters, lone surrogates, bidirectional controls, unassigned code points.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

BIDI_CONTROLS = frozenset(
    "\N{ARABIC LETTER MARK}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
    "\N{LEFT-TO-RIGHT EMBEDDING}\N{RIGHT-TO-LEFT EMBEDDING}\N{POP DIRECTIONAL FORMATTING}"
    "\N{LEFT-TO-RIGHT OVERRIDE}\N{RIGHT-TO-LEFT OVERRIDE}\N{LEFT-TO-RIGHT ISOLATE}"
    "\N{RIGHT-TO-LEFT ISOLATE}\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
)
"""Characters that reorder what surrounds them, so that text reads otherwise than it is."""

REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Unicode categories: control, surrogate, private use, unassigned."""

_LINE_BREAKS = re.compile("\r\n?|\N{NEXT LINE}|\N{LINE SEPARATOR}|\N{PARAGRAPH SEPARATOR}")
_SPACES = re.compile(r"[^\S\n]+")


def is_readable(text: str, *, allowed: str = "") -> bool:
    """Say whether `text` holds only characters that may be kept; `allowed` adds to them."""
    if text.isascii() and text.isprintable():
        return True
    return all(
        character in allowed
        or (
            character not in BIDI_CONTROLS
            and unicodedata.category(character) not in REFUSED_CATEGORIES
        )
        for character in text
    )


def clean_text(text: str) -> str:
    r"""Return `text` in form C with `\n` as its only line break and no space at the ends.

    Raises PydanticCustomError `unreadable_text` where a character may not be kept.
    """
    lines = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    if not is_readable(lines, allowed="\n"):
        raise PydanticCustomError(
            "unreadable_text",
            "contains characters that cannot be shown",
        )
    normal = unicodedata.normalize("NFC", lines)
    return "\n".join(_SPACES.sub(" ", line).rstrip() for line in normal.split("\n")).strip()


def clean_line(text: str) -> str:
    """Return `text` as one line in form C, each run of space made a single one.

    Raises PydanticCustomError `unreadable_text` where a character may not be kept.
    """
    return " ".join(clean_text(text).split())


def capped(clean: Callable[[str], str], cap: int) -> BeforeValidator:
    """Return a validator that cleans text and refuses more than `cap` characters of it."""

    def cleaned(value: object) -> object:
        if not isinstance(value, str):
            return value
        text = clean(value)
        if len(text) > cap:
            raise PydanticCustomError(
                "text_too_long",
                "must be {cap} characters or fewer",
                {"cap": cap},
            )
        return text

    return BeforeValidator(cleaned)


ShortLine = Annotated[str, capped(clean_line, 200)]
"""One line: a name, a title, a role, a place."""

LongText = Annotated[str, capped(clean_text, 4_000)]
"""Several lines: a reason, an answer, a summary."""
