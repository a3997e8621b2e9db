"""The plain sentence of an event, from its kind and its facts alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from charter.history.kinds import KINDS

_SPOKEN = {
    "worked": {
        "fully": "it worked fully",
        "partly": "it worked in part",
        "not": "it did not work",
    },
    "proposed_by": {
        "organisation": "the organisation itself",
        "community-group": "a community group",
        "public": "somebody who is not in it",
    },
}
"""Facts whose tokens read badly in a sentence, and what is said instead."""


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """Return the plain sentence of an event; tokens lose their hyphens, dates are spelt out."""
    said = {
        name: _SPOKEN.get(name, {}).get(str(value)) or _in_words(value)
        for name, value in data.items()
    }
    return KINDS[kind].sentence.format_map(said)


def _in_words(value: object) -> str:
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value.replace("-", " ")
        return f"{day.day} {day:%B %Y}"
    return "nothing" if value is None else str(value)
