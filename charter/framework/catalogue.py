"""The five types of racism and all that is said about each, with the pledges to start from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import msgspec

from charter.framework.entry import Count, Entry, KebabId, Words

TYPES = 5
"""Internalised, interpersonal, institutional, structural, systemic: no pack has more or fewer."""


class CatalogueEntry(Entry, frozen=True, kw_only=True):
    """One thing said about one type of racism."""

    id: KebabId
    name: Words
    text: Words


class Impact(CatalogueEntry, frozen=True, kw_only=True):
    """A harm that one type of racism does."""


class Action(CatalogueEntry, frozen=True, kw_only=True):
    """Something to do about one type of racism; pledges name one or more of them (rule 10)."""

    guidance: Words
    """How to do it well."""
    good_evidence: Words
    """What a report about it should show, and what it should not."""


class Change(CatalogueEntry, frozen=True, kw_only=True):
    """What should be different in the end."""


class Challenge(CatalogueEntry, frozen=True, kw_only=True):
    """What stands in the way."""


class Practice(CatalogueEntry, frozen=True, kw_only=True):
    """Something good that somebody already does."""


class RacismType(Entry, frozen=True, kw_only=True):
    """One of the five types of racism."""

    id: KebabId
    name: Words
    meaning: Words
    aim: Words
    impacts: tuple[Impact, ...] = msgspec.field(name="impact")
    actions: tuple[Action, ...] = msgspec.field(name="action")
    changes: tuple[Change, ...] = msgspec.field(name="change")
    challenges: tuple[Challenge, ...] = msgspec.field(name="challenge")
    practices: tuple[Practice, ...] = msgspec.field(name="practice")

    @property
    def kinds(self) -> Mapping[str, tuple[CatalogueEntry, ...]]:
        """Every entry of the type, under the names their tables have in the pack's files."""
        return {
            "impact": self.impacts,
            "action": self.actions,
            "change": self.changes,
            "challenge": self.challenges,
            "practice": self.practices,
        }


class Link(Entry, frozen=True, kw_only=True):
    """Editorial: this action answers this harm, and these challenges stand in its way."""

    action: KebabId
    impact: KebabId
    challenges: Annotated[tuple[KebabId, ...], msgspec.Meta(min_length=1)]


class WorkedMilestone(Entry, frozen=True, kw_only=True):
    """A dated step of a worked pledge."""

    month: Count
    """Months after the pledge's start."""
    title: Words
    evidence: Words


class WorkedPledge(Entry, frozen=True, kw_only=True):
    """An invented pledge that shows what a good one looks like."""

    action: KebabId
    change: KebabId
    title: Words
    promise: Words
    noticed_by: Words
    """Who will notice the difference."""
    owner: Words
    """Who answers for it, by role."""
    months: Count
    measure: Words
    baseline: Words
    target: Words
    milestones: Annotated[tuple[WorkedMilestone, ...], msgspec.Meta(min_length=1)]


class ReadyMadePledge(WorkedPledge, frozen=True, kw_only=True):
    """A pledge that bodies of some size bands may take as it stands (rule 10a)."""

    bands: Annotated[tuple[KebabId, ...], msgspec.Meta(min_length=1)]


@dataclass(frozen=True)
class Catalogue:
    """Everything a pledge can refer to. Ids are unique across all types and kinds of entry."""

    types: tuple[RacismType, ...]
    links: tuple[Link, ...]
    worked_pledges: tuple[WorkedPledge, ...]
    ready_made_pledges: tuple[ReadyMadePledge, ...]

    @cached_property
    def _types(self) -> Mapping[str, RacismType]:
        return {racism_type.id: racism_type for racism_type in self.types}

    @cached_property
    def _actions(self) -> Mapping[str, Action]:
        return {action.id: action for each in self.types for action in each.actions}

    @cached_property
    def _type_of(self) -> Mapping[str, RacismType]:
        return {
            entry.id: racism_type
            for racism_type in self.types
            for entries in racism_type.kinds.values()
            for entry in entries
        }

    def racism_type(self, racism_type: str) -> RacismType:
        """Return the type of racism called `racism_type`; raises KeyError."""
        return self._types[racism_type]

    def types_among(self, named: Collection[str]) -> tuple[RacismType, ...]:
        """Return the types named, in the order in which the five are always shown."""
        return tuple(each for each in self.types if each.id in named)

    def spell_types(self, named: Collection[str]) -> str:
        """Return the types named as a sentence lists them: a racism, b racism and c racism."""
        *first, last = [each.name.lower() for each in self.types_among(named)] or [""]
        return " and ".join([", ".join(first), last]) if first else last

    def action(self, action: str) -> Action:
        """Return the action called `action`; raises KeyError."""
        return self._actions[action]

    def type_of(self, entry: str) -> RacismType:
        """Return the type that the impact, action, change, challenge or practice belongs to."""
        return self._type_of[entry]

    def links_of(self, action: str) -> tuple[Link, ...]:
        """Return which harms `action` answers and what stands in its way."""
        return tuple(link for link in self.links if link.action == action)

    def worked_for(self, action: str) -> tuple[WorkedPledge, ...]:
        """Return the worked pledges for `action`."""
        return tuple(worked for worked in self.worked_pledges if worked.action == action)

    def ready_made_for(self, band: str, racism_type: str) -> tuple[ReadyMadePledge, ...]:
        """Return the pledges bodies of `band` may take as they stand for one type (rule 10a)."""
        return tuple(
            pledge
            for pledge in self.ready_made_pledges
            if band in pledge.bands and self.type_of(pledge.action).id == racism_type
        )
