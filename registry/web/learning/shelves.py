"""What may be asked of the library: its filters, their values, and the addresses that keep them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from charter.errors import FieldError
from charter.framework.pack import FrameworkPack
from charter.learning.queries import LibrarySearch
from charter.learning.rules import RESOURCE_KINDS
from registry.web.public.names import Names
from registry.web.refusals import UnusableQuery
from registry.web.wording import told

LONGEST_WORDS = 200
"""Characters of a search, at most."""

_SLUG = re.compile(r"[a-z0-9-]{2,80}", re.ASCII)
_PLACE = re.compile(r"\d{1,18}", re.ASCII)

LABELS: Mapping[str, str] = {
    "q": "Words",
    "kind": "What it is",
    "worked": "Did it work?",
    "confirmed": "Confirmed by a community group",
    "type": "Type of racism",
    "action": "Action",
    "form": "Form of racism",
    "sector": "Sector",
    "borough": "Borough",
    "organisation": "Organisation",
}
"""What each filter is called on a page."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in use: its name, its value as people read it, and the address without it."""

    label: str
    value: str
    without: str


def library_values(pack: FrameworkPack) -> Mapping[str, Sequence[str]]:
    """Return what each filter with a list of values may be."""
    region = pack.region
    return {
        "kind": RESOURCE_KINDS,
        "worked": ("fully", "partly", "not"),
        "confirmed": ("yes", "no"),
        "type": pack.type_ids,
        "action": [entry.id for each in pack.catalogue.types for entry in each.actions],
        "form": [row.id for row in region.forms],
        "sector": [row.id for row in region.sectors],
        "borough": [row.id for row in region.boroughs],
    }


def read_library_search(
    asked: Mapping[str, str], filters: Sequence[str], pack: FrameworkPack
) -> LibrarySearch:
    """Return what a query string asks of a shelf with these filters.

    Raises UnusableQuery naming every value not allowed.
    """
    allowed = library_values(pack)
    given: dict[str, Any] = kept_filters(asked, filters)
    errors = [
        FieldError(name, f"“{value}” is not one of: {', '.join(allowed[name])}.")
        for name, value in given.items()
        if name in allowed and value not in allowed[name]
    ]
    if len(given.get("q", "")) > LONGEST_WORDS:
        errors.append(FieldError("q", f"Search for {LONGEST_WORDS} characters or fewer."))
    if not _SLUG.fullmatch(given.get("organisation", "any")):
        errors.append(FieldError("organisation", "This is no address of an organisation."))
    cursor = asked.get("cursor") or None
    if cursor is not None and not _PLACE.fullmatch(cursor):
        errors.append(FieldError("cursor", "This cursor is not one that the list gave out."))
    if errors:
        raise UnusableQuery("The library was asked for something it does not know.", errors=errors)
    return LibrarySearch(**given, before=int(cursor) if cursor else None)


def choices_of(filters: Sequence[str], names: Names, pack: FrameworkPack) -> Mapping[str, object]:
    """Return the values of each filter with the words people read; actions by their type."""
    allowed = library_values(pack)
    choices: dict[str, object] = {
        name: [(token, value_told(name, token, names)) for token in allowed[name]]
        for name in filters
        if name in allowed
    }
    if "action" in choices:
        choices["action"] = [
            (each.name, [(entry.id, entry.name) for entry in each.actions])
            for each in pack.catalogue.types
        ]
    return choices


def value_told(name: str, token: str, names: Names) -> str:
    """Return how the value of a filter reads."""
    known: Mapping[str, Mapping[str, str]] = {
        "type": names.types,
        "action": names.entries,
        "form": names.choices,
        "sector": names.sectors,
        "borough": names.boroughs,
        "confirmed": {"yes": "Yes", "no": "Not yet"},
    }
    if name in {"q", "organisation"}:
        return token
    return known.get(name, {}).get(token) or told(token)


def chosen_of(
    path: str, asked: Mapping[str, str], filters: Sequence[str], names: Names
) -> list[Chosen]:
    """Return the filters in use, each with the address that leaves it out."""
    kept = kept_filters(asked, filters)
    return [
        Chosen(LABELS[name], value_told(name, value, names), address_of(path, kept, leave=name))
        for name, value in kept.items()
    ]


def kept_filters(asked: Mapping[str, str], filters: Sequence[str]) -> dict[str, str]:
    """Return what is asked, without places in the list and without anything unknown."""
    return {name: asked[name] for name in filters if asked.get(name)}


def address_of(path: str, kept: Mapping[str, str], *, leave: str = "", **more: object) -> str:
    """Return the address of a shelf with its filters, without the one to `leave`."""
    query = urlencode({**{n: v for n, v in kept.items() if n != leave}, **more})
    return f"{path}?{query}" if query else path
