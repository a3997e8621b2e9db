"""How the pack speaks: in its own plain words."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.charter.framework.packs import shipped_texts

SOURCES = [
    source for above in Path(__file__).parents for source in above.glob("shared/source/*.txt")
]
"""The source document, where it lies beside the checkout; it is not ours to publish."""

SHINGLE = 8
"""This many words of the source in a row would be copying; its title is a fact."""

COMMUNITIES = "black asian and minority ethnic"
"""A name, and so counted as one word."""

LONGEST_SENTENCE = 30
"""Words. A reader of ten loses the thread of a longer one."""


def test_no_eight_words_in_a_row_are_those_of_the_source() -> None:
    if not SOURCES:
        pytest.skip("the source document does not lie beside this checkout: ../shared/source")
    theirs = {
        shingle for source in SOURCES for shingle in _shingles(source.read_text(encoding="utf-8"))
    }
    ours = {shingle for text in _texts() for shingle in _shingles(text)}
    title = tomllib.loads(shipped_texts()["framework.toml"])["source"]["title"]
    assert theirs & ours <= set(_shingles(title))


def test_no_sentence_is_too_long_to_read_aloud() -> None:
    sentences = [sentence for text in _texts() for sentence in re.split(r"(?<=[.;:?!]) ", text)]
    assert [each for each in sentences if len(each.split()) > LONGEST_SENTENCE] == []


def test_communities_are_named_in_full() -> None:
    assert not [text for text in _texts() if re.search(r"\bB\.?A\.?M\.?E\b|\bBME\b", text)]


def test_spelling_is_british() -> None:
    american = r"\b\w*(ization|izing|ized|izes|ize)\b|\bcolor|\bbehavior|\bprogram\b|\bcenter\b"
    allowed = {"size"}
    found = {
        match[0].lower()
        for text in _texts()
        for match in re.finditer(american, text, re.IGNORECASE)
    }
    assert found - allowed == set()


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("\u2019", "'"))
    words = " ".join(words).replace(COMMUNITIES, "communities").split()
    yield from (tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1))


def _texts() -> Iterator[str]:
    """Every text of the pack."""
    for text in shipped_texts().values():
        yield from _strings(tomllib.loads(text))


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)
