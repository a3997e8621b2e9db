"""A framework pack: all that one region's scheme says, read once and never changed.

`load_pack` is the only thing here that touches files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from charter.framework.entry import Entry, KebabId, Words
from charter.framework.ladders import Band, Ladder, ObligationKind, ObligationRow
from charter.framework.numbers import Numbers
from charter.framework.reading import Source

PACKS = Path(__file__).parent / "packs"
"""Where the packs that ship with the registry stand, one directory each."""

STANDARD_BAND = "standard"
"""The band whose ladders are unstretched."""


class Framework(Entry, frozen=True, kw_only=True):
    """framework.toml: what the pack is, and whose calendar and money it uses."""

    id: KebabId
    name: Words
    version: Words
    zone: Words
    holidays_country: Words
    holidays_subdivision: Words


class LaddersFile(Entry, frozen=True, kw_only=True):
    """ladders.toml."""

    ladder: tuple[Ladder, ...]


class ObligationsFile(Entry, frozen=True, kw_only=True):
    """obligations.toml."""

    obligation: tuple[ObligationRow, ...]


class BandsFile(Entry, frozen=True, kw_only=True):
    """bands.toml, from the smallest band to the largest."""

    band: tuple[Band, ...]


@dataclass(frozen=True)
class FrameworkPack:
    """One region's framework. Two packs with the same digest say the same."""

    framework: Framework
    numbers: Numbers
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
        return ("internalised", "interpersonal", "institutional", "structural", "systemic")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone whose calendar days due dates are."""
        return ZoneInfo(self.framework.zone)

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

    def ladder(self, name: str, band: str = STANDARD_BAND) -> Ladder:
        """Return the ladder `name` with the late steps of `band`; raises KeyError."""
        return self._ladders[name, band]

    def obligation_kind(self, kind: str) -> ObligationKind:
        """Return the kind of obligation called `kind`; raises KeyError."""
        return self._obligations[kind]

    def ladder_of(self, kind: str, band: str = STANDARD_BAND) -> Ladder:
        """Return the ladder an obligation of `kind` runs on; raises KeyError."""
        return self.ladder(self.obligation_kind(kind).ladder, band)

    def band(self, band: str) -> Band:
        """Return the size band called `band`; raises KeyError."""
        return self._bands[band]

    def extension_window(self, band: str = STANDARD_BAND) -> tuple[int, int]:
        """Return the first and last day, from the due date, on which more time may be asked for."""
        pledges = self.numbers.pledges
        closes = self.band(band).stretch(pledges.extension_closes_offset)
        return pledges.extension_opens_offset, closes


def load_pack(directory: Path) -> FrameworkPack:
    """Read the pack in `directory`; raises BrokenPack with file, line and key."""
    sources = {
        path.name: Source(path.name, path.read_text(encoding="utf-8"))
        for path in sorted(directory.glob("*.toml"))
    }
    return build_pack(sources)


def build_pack(sources: Mapping[str, Source]) -> FrameworkPack:
    """Return the pack that the named files state; raises BrokenPack."""
    numbers = sources["rules.toml"].read(Numbers)
    obligations = sources["obligations.toml"]
    return FrameworkPack(
        framework=sources["framework.toml"].read(Framework),
        numbers=numbers,
        ladders=sources["ladders.toml"].read(LaddersFile).ladder,
        obligations=_resolve_lengths(
            obligations, obligations.read(ObligationsFile).obligation, numbers
        ),
        bands=sources["bands.toml"].read(BandsFile).band,
    )


def _resolve_lengths(
    source: Source, rows: Sequence[ObligationRow], numbers: Numbers
) -> tuple[ObligationKind, ...]:
    """Return the kinds of obligation, each with the number its length names."""
    groups = msgspec.to_builtins(numbers)
    kinds = []
    for index, row in enumerate(rows):
        days = None
        if row.length:
            group, name = row.length.split(".")
            days = groups.get(group, {}).get(name)
            if not isinstance(days, int):
                raise source.refuse(
                    ("obligation", index, "length"), f"rules.toml has no number {row.length}"
                )
        kinds.append(
            ObligationKind(
                kind=row.kind,
                title=row.title,
                owner=row.owner,
                ladder=row.ladder,
                moves_standing=row.moves_standing,
                met_by=row.met_by,
                days=days,
                working=bool(row.length and "working" in row.length),
            )
        )
    return tuple(kinds)
