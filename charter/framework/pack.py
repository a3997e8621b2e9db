"""A framework pack: all that one region's scheme says, read once and never changed.

`load_pack` is the only thing here that touches files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from charter.framework.catalogue import Catalogue
from charter.framework.charter_text import CharterVersion, digest_of
from charter.framework.checks import check_files
from charter.framework.files import Framework, PackFiles, read_files
from charter.framework.ladders import (
    FIRST_LATE_DAY,
    REFLECTION,
    STANDARD_BAND,
    Band,
    Ladder,
    ObligationKind,
)
from charter.framework.numbers import Numbers
from charter.framework.reading import Source
from charter.framework.region import Identifiers, IdentifierScheme, Region

PACKS = Path(__file__).parent / "packs"
"""Where the packs that ship with the registry stand, one directory each."""


@dataclass(frozen=True)
class FrameworkPack:
    """One region's framework. Two packs with the same digest say the same."""

    framework: Framework
    numbers: Numbers
    region: Region
    identifiers: Identifiers
    catalogue: Catalogue
    charters: tuple[CharterVersion, ...]
    """Every version of the charter, oldest first."""
    ladders: tuple[Ladder, ...]
    obligations: tuple[ObligationKind, ...]
    bands: tuple[Band, ...]

    @property
    def id(self) -> str:
        """The pack's name, such as `lcr-2025`."""
        return self.framework.id

    @property
    def type_ids(self) -> tuple[str, ...]:
        """The five types of racism, in the order in which they are always shown."""
        return self.framework.types

    @cached_property
    def digest(self) -> str:
        """The digest of all the pack says, whatever its files look like."""
        return digest_of(self.said)

    @cached_property
    def said(self) -> bytes:
        """All the pack says, in one order: what its digest covers, and `read_said` reads again."""
        said = {
            field.name: msgspec.to_builtins(getattr(self, field.name)) for field in fields(self)
        }
        return msgspec.json.encode(said, order="sorted")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone whose calendar days due dates are."""
        return ZoneInfo(self.framework.zone)

    @property
    def charter(self) -> CharterVersion:
        """The newest version of the charter."""
        return self.charters[-1]

    def charter_version(self, version: str) -> CharterVersion:
        """Return the charter's version called `version`; raises KeyError."""
        return {charter.version: charter for charter in self.charters}[version]

    def charter_on(self, day: date) -> CharterVersion:
        """Return the version in force on `day`: the first one on days before any was."""
        published = [charter for charter in self.charters if charter.published_on <= day]
        return published[-1] if published else self.charters[0]

    @cached_property
    def _ladders(self) -> Mapping[tuple[str, str], Ladder]:
        return {
            (ladder.name, band.id): band.stretch_ladder(ladder)
            for ladder in self.ladders
            for band in self.bands
        }

    @cached_property
    def _obligations(self) -> Mapping[str, ObligationKind]:
        return {kind.kind: kind for kind in self.obligations}

    @cached_property
    def _bands(self) -> Mapping[str, Band]:
        return {band.id: band for band in self.bands}

    @cached_property
    def _schemes(self) -> Mapping[str, IdentifierScheme]:
        return {scheme.scheme: scheme for scheme in self.identifiers.schemes}

    @cached_property
    def _marks(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        return {
            (kind.kind, band.id): self._marks_of(kind, band)
            for kind in self.obligations
            for band in self.bands
        }

    def _marks_of(self, kind: ObligationKind, band: Band) -> tuple[int, ...]:
        steps = self.ladder(kind.ladder, band.id).steps
        marks = {FIRST_LATE_DAY, *(step.offset for step in steps if step.moves_to is not None)}
        if kind.kind == REFLECTION:
            marks.add(self.numbers.accountability.missed_after_days)
        return tuple(sorted(marks))

    def marks(self, kind: str, band: str) -> tuple[int, ...]:
        """Return the days late, in order, on which an obligation of `kind` may move a standing."""
        return self._marks[kind, band]

    def ladder(self, name: str, band: str = STANDARD_BAND) -> Ladder:
        """Return the ladder `name` with the late steps of `band`; raises KeyError."""
        return self._ladders[name, band]

    def obligation_kind(self, kind: str) -> ObligationKind:
        """Return the kind of obligation called `kind`; raises KeyError."""
        return self._obligations[kind]

    @cached_property
    def level_keepers(self) -> Mapping[str, str]:
        """Each level that can be lost by time, and the kind of obligation that keeps it."""
        return {kind.keeps_level: kind.kind for kind in self.obligations if kind.keeps_level}

    def ladder_of(self, kind: str, band: str = STANDARD_BAND) -> Ladder:
        """Return the ladder an obligation of `kind` runs on; raises KeyError."""
        return self.ladder(self.obligation_kind(kind).ladder, band)

    def band(self, band: str) -> Band:
        """Return the size band called `band`; raises KeyError."""
        return self._bands[band]

    def identifier_scheme(self, scheme: str) -> IdentifierScheme:
        """Return the register of organisations called `scheme`; raises KeyError."""
        return self._schemes[scheme]

    def extension_window(self, band: str = STANDARD_BAND) -> tuple[int, int]:
        """Return the first and last day, from the due date, on which more time may be asked for."""
        pledges = self.numbers.pledges
        closes = self.band(band).stretch(pledges.extension_closes_offset)
        return pledges.extension_opens_offset, closes


def load_pack(directory: Path) -> FrameworkPack:
    """Read the pack in `directory`; raises BrokenPack with file, line and key."""
    return build_pack(
        {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.toml"))}
    )


def read_said(said: bytes) -> FrameworkPack:
    """Return the pack that once said this. Raises msgspec.DecodeError where a member is missing."""
    return msgspec.json.decode(said, type=FrameworkPack)


def build_pack(texts: Mapping[str, str]) -> FrameworkPack:
    """Return the pack that the files say, given by name and text; raises BrokenPack."""
    files = read_files({name: Source(name, text) for name, text in texts.items()})
    check_files(files)
    return FrameworkPack(
        framework=files.framework,
        numbers=files.numbers,
        region=files.region,
        identifiers=files.identifiers,
        catalogue=Catalogue(
            types=files.types,
            links=files.links,
            worked_pledges=tuple(pledge for pledges in files.worked.values() for pledge in pledges),
            ready_made_pledges=files.ready_made,
        ),
        charters=files.charters,
        ladders=files.ladders,
        obligations=_resolve_lengths(files),
        bands=files.bands,
    )


def _resolve_lengths(files: PackFiles) -> tuple[ObligationKind, ...]:
    """Return the kinds of obligation, each with the number its length names."""
    groups = msgspec.to_builtins(files.numbers)
    return tuple(
        ObligationKind(
            kind=row.kind,
            title=row.title,
            owner=row.owner,
            ladder=row.ladder,
            moves_standing=row.moves_standing,
            met_by=row.met_by,
            asks_communities=row.asks_communities,
            days=_find_length(files, groups, index, row.length),
            working=bool(row.length and row.length.endswith("_working_days")),
            keeps_level=row.keeps_level,
        )
        for index, row in enumerate(files.obligations)
    )


def _find_length(
    files: PackFiles, groups: Mapping[str, Mapping[str, object]], index: int, length: str | None
) -> int | None:
    """Return the number called `length`; raises BrokenPack where rules.toml has no such days."""
    if length is None:
        return None
    group, name = length.split(".")
    days = groups.get(group, {}).get(name)
    if not isinstance(days, int) or not name.endswith("_days"):
        path = ("obligation", index, "length")
        raise files.sources["obligations.toml"].refuse(path, f"rules.toml has no days {length}")
    return days
