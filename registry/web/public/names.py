"""The names people read for the pack's tokens: types, places, sectors, sizes, harms."""

from collections.abc import Mapping
from functools import cached_property

from charter.framework.pack import FrameworkPack


class Names:
    """Names by token, for templates. A token the pack no longer knows reads as itself."""

    def __init__(self, pack: FrameworkPack) -> None:
        self._pack = pack

    @cached_property
    def types(self) -> Mapping[str, str]:
        """The five types, in their fixed order."""
        return {each.id: each.name for each in self._pack.catalogue.types}

    @cached_property
    def boroughs(self) -> Mapping[str, str]:
        """The boroughs."""
        return {row.id: row.name for row in self._pack.region.boroughs}

    @cached_property
    def sectors(self) -> Mapping[str, str]:
        """The sectors."""
        return {row.id: row.name for row in self._pack.region.sectors}

    @cached_property
    def sizes(self) -> Mapping[str, str]:
        """The size bands."""
        return {band.id: band.name for band in self._pack.bands}

    @cached_property
    def entries(self) -> Mapping[str, str]:
        """Harms, actions, changes and the rest of the catalogue."""
        return {
            entry.id: entry.name
            for each in self._pack.catalogue.types
            for entries in each.kinds.values()
            for entry in entries
        }

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """Communities, forms of racism, and what a pledge may also concern."""
        region = self._pack.region
        rows = (*region.communities, *region.forms, *region.intersections)
        return {row.id: row.name for row in rows}

    @cached_property
    def content_notes(self) -> Mapping[str, str]:
        """Harm that words may speak of, told before they are opened."""
        return {row.id: row.name for row in self._pack.region.content_notes}

    @cached_property
    def schemes(self) -> Mapping[str, str]:
        """The registers an organisation can stand in."""
        return {row.scheme: row.name for row in self._pack.identifiers.schemes}

    @cached_property
    def owed(self) -> Mapping[str, str]:
        """What can be owed."""
        return {kind.kind: kind.title for kind in self._pack.obligations}

    @cached_property
    def steps(self) -> Mapping[str, str]:
        """The steps of every chase."""
        return {step.name: step.title for ladder in self._pack.ladders for step in ladder.steps}
