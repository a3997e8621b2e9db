"""What changed between two wordings, word by word, so that a reader sees it at once."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from registry.web.public.payloads import Payload

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")

MOST_WORDS = 4_000
"""Longer wordings are shown whole, the old and then the new: comparing them would take too long."""


class PieceOfText(Payload, frozen=True, kw_only=True):
    """A run of words that stayed, went or came."""

    change: Literal["same", "removed", "added"]
    text: str


def compare_words(was: str, now: str) -> list[PieceOfText]:
    """Return the pieces of both wordings in reading order, removed before added."""
    before, after = _WORDS.findall(was), _WORDS.findall(now)
    if len(before) + len(after) > MOST_WORDS:
        return list(_pieces([("removed", was), ("added", now)]))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    runs: list[tuple[Literal["same", "removed", "added"], str]] = []
    for tag, i, j, k, end in matcher.get_opcodes():
        if tag == "equal":
            runs.append(("same", "".join(before[i:j])))
        else:
            runs += [("removed", "".join(before[i:j])), ("added", "".join(after[k:end]))]
    return list(_pieces(runs))


def _pieces(
    runs: list[tuple[Literal["same", "removed", "added"], str]],
) -> Iterator[PieceOfText]:
    return (PieceOfText(change=change, text=text) for change, text in runs if text)
