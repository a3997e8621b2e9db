"""The files of a pack: which there must be, and what each may say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from charter.framework.catalogue import TYPES, Link, RacismType, ReadyMadePledge, WorkedPledge
from charter.framework.charter_text import CharterVersion
from charter.framework.entry import Entry, KebabId, Words
from charter.framework.ladders import Band, Ladder, ObligationRow
from charter.framework.numbers import Numbers
from charter.framework.reading import BrokenPack, Source
from charter.framework.region import Identifiers, Region

Number = Annotated[int, msgspec.Meta(ge=0)]


class Origin(Entry, frozen=True, kw_only=True):
    """The document the framework follows."""

    title: Words
    publisher: Words


class Hub(Entry, frozen=True, kw_only=True):
    """Who runs the scheme, and the domain its own people are employed at.

    `stands_in` says who acts where a concern is about the hub's own body (rule 38).
    """

    name: Words
    domain: Words
    stands_in: Words


class Inspector(Entry, frozen=True, kw_only=True):
    """The only one to whom a panel's list of eligible seats opens (rule 20), by role."""

    role: Words


class TypeCounts(Entry, frozen=True, kw_only=True):
    """How many entries one type has."""

    impact: Number
    action: Number
    change: Number
    challenge: Number
    practice: Number


class Framework(Entry, frozen=True, kw_only=True):
    """framework.toml: what the pack is, who stands behind it, and whose calendar it follows."""

    id: KebabId
    name: Words
    version: Words
    region: Words
    zone: Words
    holidays_country: Words
    holidays_subdivision: Words
    types: Annotated[tuple[KebabId, ...], msgspec.Meta(min_length=TYPES, max_length=TYPES)]
    links_note: Words
    source: Origin
    hub: Hub
    inspector: Inspector
    counts: dict[str, TypeCounts]


class TypeFile(Entry, frozen=True, kw_only=True):
    """One file for each type, named after it."""

    type: Annotated[tuple[RacismType, ...], msgspec.Meta(min_length=1, max_length=1)]


class LinksFile(Entry, frozen=True, kw_only=True):
    """links.toml."""

    link: tuple[Link, ...]


class WorkedFile(Entry, frozen=True, kw_only=True):
    """One file of worked pledges for each type."""

    worked: tuple[WorkedPledge, ...]


class ReadyMadeFile(Entry, frozen=True, kw_only=True):
    """pledges-ready-made.toml."""

    ready_made: tuple[ReadyMadePledge, ...]


class CharterFile(Entry, frozen=True, kw_only=True):
    """charter.toml, oldest version first."""

    charter: Annotated[tuple[CharterVersion, ...], msgspec.Meta(min_length=1)]


class LaddersFile(Entry, frozen=True, kw_only=True):
    """ladders.toml."""

    ladder: tuple[Ladder, ...]


class ObligationsFile(Entry, frozen=True, kw_only=True):
    """obligations.toml."""

    obligation: tuple[ObligationRow, ...]


class BandsFile(Entry, frozen=True, kw_only=True):
    """bands.toml, from the smallest band to the largest."""

    band: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class PackFiles:
    """Every file of a pack, each well-formed by itself; how they fit together is not yet known."""

    sources: Mapping[str, Source]
    framework: Framework
    numbers: Numbers
    region: Region
    identifiers: Identifiers
    types: tuple[RacismType, ...]
    """In the order framework.toml gives."""
    links: tuple[Link, ...]
    worked: Mapping[str, tuple[WorkedPledge, ...]]
    """By the file they stand in."""
    ready_made: tuple[ReadyMadePledge, ...]
    charters: tuple[CharterVersion, ...]
    ladders: tuple[Ladder, ...]
    obligations: tuple[ObligationRow, ...]
    bands: tuple[Band, ...]


def type_file(racism_type: str) -> str:
    """Return the name of the file that describes a type."""
    return f"{racism_type}.toml"


def worked_file(racism_type: str) -> str:
    """Return the name of the file with a type's worked pledges."""
    return f"pledges-{racism_type}.toml"


class _Shelf:
    """The sources of one pack, remembering which have been read."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._unread = set(sources)

    def take(self, file: str) -> Source:
        """Return the source called `file`; raises BrokenPack where there is none."""
        if file not in self._sources:
            raise BrokenPack(file, 1, "", "missing file")
        self._unread.discard(file)
        return self._sources[file]

    def refuse_unread(self) -> None:
        """Raise BrokenPack for a file that no part of a pack reads."""
        for file in sorted(self._unread):
            raise BrokenPack(file, 1, "", "unknown file")


def read_files(sources: Mapping[str, Source]) -> PackFiles:
    """Return the tables of every file; raises BrokenPack with file, line and key."""
    shelf = _Shelf(sources)
    framework = shelf.take("framework.toml").read(Framework)
    files = PackFiles(
        sources=sources,
        framework=framework,
        numbers=shelf.take("rules.toml").read(Numbers),
        region=shelf.take("region.toml").read(Region),
        identifiers=shelf.take("identifiers.toml").read(Identifiers),
        types=tuple(shelf.take(type_file(each)).read(TypeFile).type[0] for each in framework.types),
        links=shelf.take("links.toml").read(LinksFile).link,
        worked={
            worked_file(each): shelf.take(worked_file(each)).read(WorkedFile).worked
            for each in framework.types
        },
        ready_made=shelf.take("pledges-ready-made.toml").read(ReadyMadeFile).ready_made,
        charters=shelf.take("charter.toml").read(CharterFile).charter,
        ladders=shelf.take("ladders.toml").read(LaddersFile).ladder,
        obligations=shelf.take("obligations.toml").read(ObligationsFile).obligation,
        bands=shelf.take("bands.toml").read(BandsFile).band,
    )
    shelf.refuse_unread()
    return files
