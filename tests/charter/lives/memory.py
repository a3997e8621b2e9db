"""What must stay true through a whole life, told from the events and tables anew at each look.

Nothing here asks the rules: who is confirmed, which pledge stands for which type, and why a date
moved are reckoned from the facts of the events.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from charter.history.events import RecordedEvent
from charter.history.queries import events_of
from charter.obligations.tables import Obligation
from charter.plans.queries import find_published_pledge
from charter.plans.tables import Milestone, Pledge, PledgeVersion
from charter.standing.assessment import Assessment, assess
from charter.standing.rules import ROWS
from charter.standing.tables import CurrentStanding
from charter.standing.words import Level
from tests.charter.lives.town import Town
from tests.world import the_pack

PACK = the_pack()

MOVES = {
    (row.number, origin.value if origin else None, row.to.value)
    for row in ROWS
    for origin in row.origins
}
"""The transition table: by which row, from where, to where."""

MOST_DAYS = 60
"""A due date moves by at most this, once (rule 13)."""

_VERSIONS = """
SELECT p.number, v.version, v.published_at, v.terms::text AS terms
FROM pledge p JOIN pledge_version v ON v.pledge = p.id WHERE p.organisation = {}
"""

COMMITTED = {Level.COMMITTED, Level.EVIDENCED, Level.REVIEWED}


@dataclass
class Memory:
    """Everything that was seen so far. Each look compares what there is with it."""

    town: Town
    events: list[RecordedEvent] = field(default_factory=list)
    versions: dict[tuple[int, int], tuple[datetime, str]] = field(default_factory=dict)
    dates: dict[int, date] = field(default_factory=dict)
    answers: list[Assessment | None] = field(default_factory=list)

    async def look(self) -> None:
        """Look at everything, compare it with what was, and remember it."""
        events = await events_of(self.town.organisation)
        self._no_event_is_deleted_or_changed(events)
        await self._no_version_disappears()
        await self._no_date_moves_without_its_reason(events)
        answer = assess(events, self.town.world.scheme.now(), PACK)
        await self._the_standing_is_what_the_table_allows(events, answer)
        if answer is not None and answer.level in COMMITTED:
            self._each_type_has_a_confirmed_pledge_of_its_own(events, answer)
        self.events = events
        self.answers.append(answer)

    def look_back(self) -> None:
        """Ask for every answer anew, now that more is known: each is what it was (rule 29)."""
        for answer in self.answers:
            if answer is not None:
                assert assess(self.events, answer.at, PACK) == answer

    def _no_event_is_deleted_or_changed(self, events: Sequence[RecordedEvent]) -> None:
        assert events[: len(self.events)] == self.events
        instants = [event.recorded_at for event in events]
        assert instants == sorted(instants)

    async def _no_version_disappears(self) -> None:
        rows = await PledgeVersion.raw(_VERSIONS, self.town.organisation)
        seen = {
            (row["number"], row["version"]): (row["published_at"], row["terms"]) for row in rows
        }
        assert seen | self.versions == seen
        self.versions = seen

    async def read_what_was_promised(self) -> None:
        """Read each pledge as everybody does: with every version there ever was (rule 12)."""
        read = {
            (number, version.version): version.published_at
            for number in await self.town.numbers()
            if (pledge := await find_published_pledge(self.town.organisation, number))
            for version in pledge.versions
        }
        assert read == {place: published_at for place, (published_at, _) in self.versions.items()}

    async def _no_date_moves_without_its_reason(self, events: Sequence[RecordedEvent]) -> None:
        rows = await Obligation.objects().where(Obligation.organisation == self.town.organisation)
        now = {row.id: row.due_on for row in rows}
        assert self.dates.keys() <= now.keys()
        new = events[len(self.events) :]
        for number, due_on in now.items():
            was = self.dates.get(number)
            if was is not None and was != due_on:
                assert _is_granted(new, number, was, due_on), (number, was, due_on)
        self.dates = now
        for row in await Milestone.objects():
            assert row.first_due_on <= row.due_on
            assert row.due_on - row.first_due_on <= timedelta(days=MOST_DAYS)
            assert row.moved == (row.due_on != row.first_due_on)

    async def _the_standing_is_what_the_table_allows(
        self, events: Sequence[RecordedEvent], answer: Assessment | None
    ) -> None:
        told = [event.data for event in events if event.kind == "standing-changed"]
        assert {(data["row"], data["from"], data["to"]) for data in told} <= MOVES
        before = None
        for data in told:
            assert data["from"] == before
            before = data["to"]
        kept = (
            await CurrentStanding.objects()
            .where(CurrentStanding.organisation == self.town.organisation)
            .first()
        )
        if answer is None:
            assert kept is None
            return
        assert kept is not None
        assert kept.standing == before
        until: datetime | None = kept.holds_until
        if until is None or until > answer.at:
            assert answer.standing == kept.standing

    def _each_type_has_a_confirmed_pledge_of_its_own(
        self, events: Sequence[RecordedEvent], answer: Assessment
    ) -> None:
        """Count as rules 6, 7 and 11 do, from the events alone."""
        applies = {
            event.data["type"]: event.data["applies"]
            for event in events
            if event.kind == "type-answered"
        }
        agreed = _agreed(events)
        today = self.town.world.scheme.today()
        for type_id in (name for name, does in applies.items() if does):
            own = [
                number
                for number, facts in _live(events).items()
                if facts["type"] == type_id and date.fromisoformat(facts["ends_on"]) >= today
            ]
            assert set(own) & agreed, (type_id, own, agreed, answer.level)


def _is_granted(new: Sequence[RecordedEvent], number: int, was: date, due_on: date) -> bool:
    """Whether a panel granted more time, and the move that followed says both dates."""
    about = [event for event in new if event.data.get("obligation") == number]
    granted = [event.data["days"] for event in about if event.kind == "extension-granted"]
    moved = [
        (event.data["was"], event.data["due_on"])
        for event in about
        if event.kind == "due-date-moved"
    ]
    return moved == [(was.isoformat(), due_on.isoformat())] and len(granted) == 1


def _live(events: Sequence[RecordedEvent]) -> dict[int, dict[str, str]]:
    """Return the newest facts of each pledge that was published and not withdrawn."""
    found: dict[int, dict[str, str]] = {}
    for event in events:
        if event.kind in {"pledge-published", "pledge-amended"}:
            found[event.data["pledge"]] = dict(event.data)
        elif event.kind == "pledge-withdrawn":
            found.pop(event.data["pledge"], None)
    return found


def _agreed(events: Sequence[RecordedEvent]) -> set[int]:
    """Return the pledges that somebody independent, not left unpaid, agreed to and still does."""
    sessions: dict[int, set[int]] = {}
    for event in events:
        facts = event.data
        if event.kind == "codesign-confirmed" and facts["independent"]:
            if facts["paid"] != "unpaid":
                sessions.setdefault(facts["session"], set()).update(facts["pledges"])
        elif event.kind == "agreement-withdrawn" and not facts["still_agreed"]:
            sessions.pop(facts["session"], None)
    return {number for pledges in sessions.values() for number in pledges}


async def every_pledge_counts_for_one_type(town: Town) -> bool:
    """Whether all versions of each pledge name the type that it was first published for."""
    rows = await Pledge.objects().where(Pledge.organisation == town.organisation)
    events = await events_of(town.organisation)
    types: dict[int, set[str]] = {}
    for event in events:
        if event.kind in {"pledge-published", "pledge-amended"}:
            types.setdefault(event.data["pledge"], set()).add(event.data["type"])
    kept = {row.number: {row.type} for row in rows if row.version}
    return types == kept
