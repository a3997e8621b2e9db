"""Which pack was in force when: one for the beginning, and each that was taken up since (rule 29).

What a pack said is kept beside the event that took it up, so that a past day can be read by it
when its files are long gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from charter.framework.pack import FrameworkPack, read_said
from charter.framework.tables import PackAdoption


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A pack that took the place of another: from which event, and which instant, on."""

    event: int
    at: datetime
    pack: FrameworkPack


class PacksInForce(NamedTuple):
    """The pack of the beginning, and those that followed it, oldest first."""

    first: FrameworkPack
    later: tuple[TakenUp, ...] = ()

    def on(self, at: datetime) -> FrameworkPack:
        """Return the pack in force at an instant."""
        taken_up = [each.pack for each in self.later if each.at <= at]
        return taken_up[-1] if taken_up else self.first

    @property
    def asks_anew_since(self) -> datetime | None:
        """Since when organisations are asked about the present types, harms and actions.

        None where they were asked about the same from the beginning. A pack that changes only
        numbers, ladders or sizes asks nobody anew (row 16).
        """
        since, before = None, self.first
        for taken in self.later:
            if taken.pack.catalogue.types != before.catalogue.types:
                since = taken.at
            before = taken.pack
        return since


class PackShelf:
    """The packs of one process, each read once.

    A pack that this version of the software cannot read any more is passed over: its days are read
    by the pack that came before it, or by the next where none did. The answer names the pack.
    """

    def __init__(self) -> None:
        self._packs: dict[str, FrameworkPack | None] = {}
        self._seen: tuple[list[int], FrameworkPack, PacksInForce] | None = None

    async def in_force(self, pack: FrameworkPack) -> PacksInForce:
        """Return the packs taken up so far; `pack` alone before any was."""
        rows = await PackAdoption.raw(_TAKEN_UP)
        events = [row["id"] for row in rows]
        if self._seen is not None and self._seen[0] == events and self._seen[1] is pack:
            return self._seen[2]
        self._packs[pack.digest] = pack
        found = [taken for row in rows if (taken := await self._take(row)) is not None]
        packs = PacksInForce(found[0].pack, tuple(found[1:])) if found else PacksInForce(pack)
        self._seen = (events, pack, packs)
        return packs

    async def _take(self, row: Mapping[str, Any]) -> TakenUp | None:
        digest = row["digest"]
        if digest not in self._packs:
            self._packs[digest] = await _read(digest)
        pack = self._packs[digest]
        return None if pack is None else TakenUp(row["id"], row["recorded_at"], pack)


async def _read(digest: str) -> FrameworkPack | None:
    [row] = await PackAdoption.select(PackAdoption.said).where(PackAdoption.digest == digest)
    try:
        return read_said(row["said"].encode())
    except msgspec.DecodeError:
        return None


_TAKEN_UP = """
SELECT id, recorded_at, data ->> 'digest' AS digest FROM event
WHERE kind = 'pack-adopted' ORDER BY id
"""
