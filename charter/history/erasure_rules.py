"""What may be removed of public words, and what is left in its place (rule 40).

Words are a document: fields with text, and lists of documents with fields of their own. A passage
is one text in it, named by its way there, such as `title` or `milestones/0/title`. Only passages
can be blanked. Facts stand in events and tables, and nothing here reaches them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from charter.errors import FieldError, InvalidInput, RuleViolation

Ground = Literal["personal-data", "unlawful-words", "court-order"]
"""Why words may be removed. The ground is public."""

GROUNDS: tuple[Ground, ...] = get_args(Ground)

NEVER_REMOVED = frozenset({"name"})
"""What an organisation is or was called is no text of its own: it tells who promised."""


class ErasureNeedsTwo(RuleViolation):
    """Words are removed by two people: who proposed it cannot confirm it."""

    code = "erasure-needs-two"
    rule = 40


class ErasureDecided(RuleViolation):
    """A removal of words is confirmed or dropped once."""

    code = "erasure-decided"
    rule = 40


@dataclass(frozen=True, slots=True)
class Passage:
    """One text in a document of words. `gone` says that it was blanked before."""

    place: str
    text: str
    gone: bool = False

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Mark:
    """What is left of a passage: how many words went, on which local day, on what ground."""

    count: int
    on: date
    ground: str

    @property
    def note(self) -> str:
        """Return what everybody reads in the passage's place."""
        words = "word" if self.count == 1 else "words"
        ground = self.ground.replace("-", " ")
        return f"[{self.count} {words} removed on {self.on.day} {self.on:%B %Y}, ground: {ground}]"


def passages(words: Mapping[str, Any], marks: Mapping[str, Mark]) -> tuple[Passage, ...]:
    """Return every passage of a document, those that are gone with their note."""
    return tuple(
        Passage(place, marks[place].note, gone=True) if place in marks else Passage(place, text)
        for name, each in words.items()
        for place, text in _texts(each, name)
    )


def require_passages(
    found: Sequence[Passage], chosen: Sequence[str], ground: str
) -> tuple[Passage, ...]:
    """Return the chosen passages. Raises `InvalidInput` with everything that is wrong."""
    by_place = {each.place: each for each in found if each.text and not each.gone}
    errors = []
    if not chosen or not set(chosen) <= by_place.keys():
        errors.append(FieldError("passages", "Choose the text to remove. It must still be there."))
    if ground not in GROUNDS:
        errors.append(FieldError("ground", "Choose why the words go. It is published."))
    if errors:
        raise InvalidInput("The words cannot be removed like this.", errors=errors)
    return tuple(by_place[place] for place in dict.fromkeys(chosen))


def blanked(words: Mapping[str, Any], places: Sequence[str]) -> dict[str, Any]:
    """Return the document with nothing at `places`, and all else as it was."""
    return {name: _with(each, dict.fromkeys(places, ""), name) for name, each in words.items()}


def with_notes(words: Mapping[str, Any], marks: Mapping[str, Mark]) -> dict[str, Any]:
    """Return the document as it is read, with a note in the place of each blanked passage."""
    notes = {place: mark.note for place, mark in marks.items()}
    return {name: _with(each, notes, name) for name, each in words.items()}


def _texts(node: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield each text below a node with its way there."""
    if isinstance(node, str):
        yield place, node
    inside = node.items() if isinstance(node, Mapping) else ()
    for name, each in enumerate(node) if isinstance(node, list) else inside:
        yield from _texts(each, f"{place}/{name}")


def _with(node: Any, texts: Mapping[str, str], place: str) -> Any:
    """Return a copy of a node in which the texts stand at their places."""
    if isinstance(node, str):
        return texts.get(place, node)
    if isinstance(node, Mapping):
        return {name: _with(each, texts, f"{place}/{name}") for name, each in node.items()}
    if isinstance(node, list):
        return [_with(each, texts, f"{place}/{name}") for name, each in enumerate(node)]
    return node
