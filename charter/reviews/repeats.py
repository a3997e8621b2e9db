"""Finding what a reflection repeats from the organisation's own earlier years (rule 26).

Pure. What is found is shown to the panel and never scored: no rule reads it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class EarlierText:
    """What the organisation wrote in an earlier cycle."""

    cycle: int
    text: str


@dataclass(frozen=True, slots=True)
class RepeatedPassage:
    """A passage as it is written now, and the newest earlier cycle that it stood in."""

    passage: str
    cycle: int


def find_repeats(
    text: str, earlier: Sequence[EarlierText], *, fewest_words: int
) -> tuple[RepeatedPassage, ...]:
    """Return every passage of `text` that stood in an earlier text, in the order of `text`.

    A passage is a run of at least `fewest_words` words in a row; case, spaces and punctuation
    between the words do not matter. Each stretch of `text` is told once.
    """
    spans = list(_WORD.finditer(text))
    words = [span[0].casefold() for span in spans]
    found: dict[int, tuple[int, int]] = {}
    for old in sorted(earlier, key=lambda old: old.cycle, reverse=True):
        for start, size in _runs(words, old.text, fewest_words):
            if not _is_told(found, start, size):
                found[start] = (size, old.cycle)
    return tuple(
        RepeatedPassage(text[spans[start].start() : spans[start + size - 1].end()], cycle)
        for start, (size, cycle) in sorted(found.items())
    )


def _runs(words: Sequence[str], old: str, fewest: int) -> Iterable[tuple[int, int]]:
    before = [span[0].casefold() for span in _WORD.finditer(old)]
    matcher = SequenceMatcher(None, words, before, autojunk=False)
    return [
        (block.a, block.size)
        for block in matcher.get_matching_blocks()
        if block.size >= max(fewest, 1)
    ]


def _is_told(found: dict[int, tuple[int, int]], start: int, size: int) -> bool:
    return any(
        start < other + length and other < start + size for other, (length, _) in found.items()
    )
