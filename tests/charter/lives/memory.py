"""What must stay true through a whole life, told from the events and tables anew at each look.

Nothing here asks the rules: who is confirmed, which pledge stands for which type, and why a date
moved are reckoned from the facts of the events. `clocks` does the same for what is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from charter.clock import local_day
from charter.history.events import RecordedEvent
from charter.history.queries import events_after
from charter.plans.queries import find_published_pledge
from charter.plans.tables import Pledge, PledgePartner, PledgeVersion
from charter.standing.assessment import Assessment, answer_of, assess
from charter.standing.rules import ROWS
from charter.standing.tables import CurrentStanding
from charter.standing.walk import walk
from charter.standing.words import Level
from tests.charter.lives.clocks import Clocks
from tests.charter.lives.promises import each_type_has_a_confirmed_pledge_of_its_own
from tests.charter.lives.town import Town
from tests.world import the_pack

PACK = the_pack()

MOVES = {
    (row.number, origin.value if origin else None, row.to.value)
    for row in ROWS
    for origin in row.origins
}
"""The transition table: by which row, from where, to where."""

LEVELS = [None, *(level.value for level in Level)]
"""From no level to the highest."""

COMMITTED = LEVELS.index(Level.COMMITTED.value)

SHARING = {"asked": {"asked", "joined", "declined"}, "joined": {"joined", "left"}}
"""What can become of somebody who was asked to share a pledge; every other word is the last."""

_VERSIONS = """
SELECT p.organisation, p.number, v.version, v.published_at, v.terms::text AS terms
FROM pledge p JOIN pledge_version v ON v.pledge = p.id
"""

Place = tuple[UUID, int, int]
"""An organisation, its pledge and a version of it."""


@dataclass
class Memory:
    """Everything that was seen so far. Each look compares what there is with it."""

    town: Town
    events: list[RecordedEvent] = field(default_factory=list)
    versions: dict[Place, tuple[datetime, str]] = field(default_factory=dict)
    sharing: dict[UUID, str] = field(default_factory=dict)
    answers: list[tuple[UUID, Assessment]] = field(default_factory=list)
    clocks: Clocks = field(default_factory=Clocks)

    async def look(self) -> None:
        """Look at everything, compare it with what was, and remember it."""
        events = await events_after(0, limit=100_000)
        self._no_event_is_deleted_or_changed(events)
        await self._no_version_disappears()
        await self._nobody_shares_who_did_not_agree(events)
        new = events[len(self.events) :]
        await self.clocks.look(events, new, self.town.world.scheme)
        standings = {row.organisation: row for row in await CurrentStanding.objects()}
        for body in self.town.bodies:
            own = [event for event in events if event.organisation == body]
            self._the_answer_is_what_the_table_allows(body, own, standings.get(body))
            self._a_level_rises_on_confirmed_pledges_alone(own, new)
        self.events = events

    def look_back(self) -> None:
        """Ask for every answer anew, now that more is known: each is what it was (rule 29)."""
        own = {
            body: [event for event in self.events if event.organisation == body]
            for body in self.town.bodies
        }
        for body, answer in self.answers:
            assert assess(own[body], answer.at, PACK) == answer

    def _no_event_is_deleted_or_changed(self, events: Sequence[RecordedEvent]) -> None:
        assert events[: len(self.events)] == self.events
        instants = [event.recorded_at for event in events]
        assert instants == sorted(instants)

    async def _no_version_disappears(self) -> None:
        seen = {
            (row["organisation"], row["number"], row["version"]): (
                row["published_at"],
                row["terms"],
            )
            for row in await PledgeVersion.raw(_VERSIONS)
        }
        assert seen | self.versions == seen
        self.versions = seen

    async def read_what_was_promised(self) -> None:
        """Read each pledge as everybody does: with every version there ever was (rule 12)."""
        read = {
            (body, number, version.version): version.published_at
            for body in self.town.bodies
            for number in await self.town.numbers(body)
            if (pledge := await find_published_pledge(body, number))
            for version in pledge.versions
        }
        assert read == {place: published_at for place, (published_at, _) in self.versions.items()}

    async def _nobody_shares_who_did_not_agree(self, events: Sequence[RecordedEvent]) -> None:
        """Every partner was asked, answered once, and is never forgotten (rule 15)."""
        now = {row.id: row.state for row in await PledgePartner.objects()}
        assert self.sharing.keys() <= now.keys()
        for partner, was in self.sharing.items():
            assert now[partner] in SHARING.get(was, {was})
        self.sharing = now
        kinds = [event.kind for event in events]
        taken_over = "pledge-taken-over" in kinds
        joined = sum(state in {"joined", "left"} for state in now.values())
        assert joined == kinds.count("partner-joined") or taken_over

    def _the_answer_is_what_the_table_allows(
        self, body: UUID, events: Sequence[RecordedEvent], kept: CurrentStanding | None
    ) -> None:
        now = self.town.world.scheme.now()
        steps = walk(events, now, PACK)
        answer = answer_of(steps, now)
        before = None
        for data in (event.data for event in events if event.kind == "standing-changed"):
            assert (data["row"], data["from"], data["to"]) in MOVES
            assert data["from"] == before
            before = data["to"]
        if answer is None:
            assert kept is None
            return
        self.answers.append((body, answer))
        assert kept is not None
        assert kept.standing == before
        until: datetime | None = kept.holds_until
        if until is None or until > now:
            assert answer.standing == kept.standing
        self.clocks.count_the_same_days_late(steps.known.owed.values())

    def _a_level_rises_on_confirmed_pledges_alone(
        self, events: Sequence[RecordedEvent], new: Sequence[RecordedEvent]
    ) -> None:
        """Count as rules 5, 6, 7 and 11 do, from the events alone, whenever a level rose."""
        seen = {event.id for event in new}
        for place, event in enumerate(events):
            if event.kind != "level-changed" or event.id not in seen:
                continue
            was, now = (LEVELS.index(event.data[name]) for name in ("from", "to"))
            if now > was and now >= COMMITTED:
                each_type_has_a_confirmed_pledge_of_its_own(
                    events[:place], local_day(event.effective_at, PACK.zone)
                )


async def every_pledge_counts_for_one_type(town: Town, events: Sequence[RecordedEvent]) -> bool:
    """Whether all versions of each pledge name the type that it was first published for."""
    types: dict[tuple[UUID | None, int], set[str]] = {}
    for event in events:
        if event.kind in {"pledge-published", "pledge-amended", "pledge-taken-over"}:
            place = (event.organisation, event.data["pledge"])
            types.setdefault(place, set()).add(event.data["type"])
    rows = await Pledge.objects().where(Pledge.organisation.is_in(town.bodies))
    kept = {(row.organisation, row.number): {row.type} for row in rows if row.version}
    return types == kept
