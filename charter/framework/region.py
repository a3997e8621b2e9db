"""The places, sectors, communities, forms of racism and registers that people choose from."""

import re
from collections.abc import Sequence

import msgspec

from charter.framework.entry import Entry, KebabId, Words


class Choice(Entry, frozen=True, kw_only=True):
    """One thing to choose, with the name people see."""

    id: KebabId
    name: Words


class Region(Entry, frozen=True, kw_only=True):
    """region.toml: what the forms offer and the filters accept."""

    boroughs: tuple[Choice, ...] = msgspec.field(name="borough")
    sectors: tuple[Choice, ...] = msgspec.field(name="sector")
    communities: tuple[Choice, ...] = msgspec.field(name="community")
    forms: tuple[Choice, ...] = msgspec.field(name="form")
    intersections: tuple[Choice, ...] = msgspec.field(name="intersection")
    """What a pledge may also concern (rule 10)."""
    content_notes: tuple[Choice, ...] = msgspec.field(name="content_note")
    """Harm that words may speak of: readers are told before they open them (rule 24a)."""


class IdentifierScheme(Entry, frozen=True, kw_only=True):
    """A register of organisations, by its org-id.guide code (rule 2)."""

    scheme: Words
    name: Words
    pattern: Words
    """Matches a whole identifier."""
    example: Words

    def accepts(self, identifier: str) -> bool:
        """Whether `identifier` has the form this register gives out."""
        return re.fullmatch(self.pattern, identifier) is not None


class Identifiers(Entry, frozen=True, kw_only=True):
    """identifiers.toml."""

    own_prefix: Words
    """The scheme for groups that stand in no register; the hub gives out its identifiers."""
    schemes: tuple[IdentifierScheme, ...] = msgspec.field(name="identifier")


def find_choice(choices: Sequence[Choice], choice: str) -> Choice:
    """Return the one of `choices` called `choice`; raises KeyError."""
    for each in choices:
        if each.id == choice:
            return each
    raise KeyError(choice)
