"""The one text type."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from registry.web.text import LongText, ShortLine, clean_line, clean_text, is_readable

LINE: TypeAdapter[str] = TypeAdapter(ShortLine)
TEXT: TypeAdapter[str] = TypeAdapter(LongText)

UNREADABLE = {
    "NUL": "a\x00b",
    "a control character": "a\x07b",
    "an escape": "a\x1b[31mb",
    "a delete": "a\x7fb",
    "a lone surrogate": "a\ud800b",
    "an override of direction": "a\N{RIGHT-TO-LEFT OVERRIDE}b",
    "an isolate": "a\N{LEFT-TO-RIGHT ISOLATE}b",
    "a mark of direction": "a\N{RIGHT-TO-LEFT MARK}b",
    "a code point nobody assigned": "a\U000e0fffb",
    "a noncharacter": "a\ufffeb",
    "a private character": "a\ue000b",
}


@pytest.mark.parametrize("typed", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_refused(typed: str) -> None:
    for kind in (LINE, TEXT):
        with pytest.raises(ValidationError, match="cannot be shown"):
            kind.validate_python(typed)


@pytest.mark.parametrize(
    "typed", ["Saoirse Ó Néill", "محمد", "শিক্ষা", "Þórr & sons", "naïve", "می‌خواهم", "👩🏾‍🏫"]
)
def test_every_script_people_write_in_is_kept(typed: str) -> None:
    assert LINE.validate_python(typed) == typed


def test_one_way_of_writing_a_letter_is_kept() -> None:
    assert LINE.validate_python("Zoe\u0308") == "Zoë"


def test_a_line_stays_one_line() -> None:
    assert clean_line("  The \t Harbour\r\nLights \n") == "The Harbour Lights"


def test_a_text_keeps_its_lines_and_nothing_at_the_ends() -> None:
    assert clean_text("\r\n one  \r\n\r\n two\rthree\u2028four \n") == "one\n\n two\nthree\nfour"


def test_too_much_text_is_refused_with_its_cap() -> None:
    with pytest.raises(ValidationError, match="200 characters"):
        LINE.validate_python("a" * 201)
    assert TEXT.validate_python("a" * 4_000)


@given(st.text(max_size=150))
def test_cleaned_text_is_clean_and_stays_as_it_is(typed: str) -> None:
    try:
        cleaned = TEXT.validate_python(typed)
    except ValidationError:
        return
    assert is_readable(cleaned, allowed="\n")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_text(cleaned) == cleaned
    cleaned.encode()
