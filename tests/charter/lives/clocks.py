"""What is due through a life: each date that moved has its reason, and each day that did not count.

A date moves by a community decision, an outage or a fact put right. A clock stands still for a
quiet period, for what waits on others, or because a steward said so. Either is an event with its
reason, which is looked for here among the events and never asked of the rules (rules 13 and 32).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from charter.clock import local_day
from charter.history.events import RecordedEvent
from charter.obligations.tables import FactCorrection, Obligation, Pause
from charter.plans.tables import ContributorLink, Milestone, RequestToTakePart
from charter.scheme import Scheme
from charter.standing.facts import Owed
from tests.world import the_pack

ZONE = the_pack().zone

MOST_DAYS = 60
"""A due date moves by at most this, once; a pause lasts no longer (rules 13 and 32)."""

OUTAGE_MOST = timedelta(days=6)
"""Over Christmas and Easter the next working day is a few days off."""

CAUSES: Mapping[str, frozenset[str]] = {
    "quiet-period": frozenset({"quiet-period-opened"}),
    "extension-asked": frozenset({"extension-asked"}),
    "concern-appealed": frozenset({"concern-appealed"}),
    "no-panel-available": frozenset({"no-panel-available"}),
    "payee-to-confirm": frozenset({"payment-made"}),
    "under-review": frozenset({"evidence-received", "reflection-received"}),
}
"""What must have happened before a clock may stand still for a reason."""

BY_STEWARD = frozenset({"hub-late", "outage", "quiet-period"})
"""Reasons a steward may give, in public, with nothing more behind them."""

TAKEN_OVER = frozenset({"evidence", "more-needed-reply", "new-evidence", "co-design-pay"})
"""What a successor owes as it was; it has its own of every other kind."""

_OPEN_EVIDENCE = """
SELECT o.id, o.due_on, m.due_on AS milestone FROM obligation o
JOIN pledge p ON p.organisation = o.organisation AND p.number = o.pledge
JOIN milestone m ON m.pledge = p.id AND m.number = o.milestone
WHERE o.state = 'open' AND o.kind = 'evidence'
"""


@dataclass
class Clocks:
    """Dates and pauses as they were at the last look."""

    rows: dict[int, Obligation] = field(default_factory=dict)
    dates: dict[int, date] = field(default_factory=dict)
    milestones: dict[int, date] = field(default_factory=dict)
    asked_until: dict[UUID, object] = field(default_factory=dict)
    pauses: dict[int, list[Pause]] = field(default_factory=dict)
    told: set[tuple[int, str, str]] = field(default_factory=set)
    today: date = date.min

    async def look(
        self, events: Sequence[RecordedEvent], new: Sequence[RecordedEvent], scheme: Scheme
    ) -> None:
        """Look at every date and pause; `new` are the events since the last look."""
        self.today = scheme.today()
        self.rows = {row.id: row for row in await Obligation.objects()}
        self.pauses = {}
        for pause in await Pause.objects().order_by(Pause.id):
            self.pauses.setdefault(pause.obligation, []).append(pause)
        await self._no_date_moves_without_its_reason(events, new)
        self._what_goes_over_is_as_late_as_it_was(new)
        await self._milestones_read_the_date_in_force()
        await self._asks_wait_longer_for_quiet_alone(new)
        self._no_clock_stands_still_without_its_reason(events)
        self._nothing_is_told_early_twice_or_while_a_clock_stands_still(new)

    def count_the_same_days_late(self, owed: Iterable[Owed]) -> None:
        """Assert that the standing counts days late as the tables do."""
        for each in owed:
            row = self.rows[each.id]
            assert row.state == "open", row.kind
            assert each.due_on == row.due_on
            assert each.days_late(self.today) == self._days_late(row, self.today)

    async def _no_date_moves_without_its_reason(
        self, events: Sequence[RecordedEvent], new: Sequence[RecordedEvent]
    ) -> None:
        now = {number: row.due_on for number, row in self.rows.items()}
        assert self.dates.keys() <= now.keys()
        for event in (each for each in events if each.kind == "obligation-opened"):
            opened = date.fromisoformat(event.data["due_on"])
            assert self.rows[event.data["obligation"]].first_due_on == opened
        for number, due_on in now.items():
            was = self.dates.get(number, self.rows[number].first_due_on)
            for move in moves_of(new, number):
                assert date.fromisoformat(move.data["was"]) == was
                was = date.fromisoformat(move.data["due_on"])
                assert move.data["why"] in REASONS, move.data
                assert REASONS[move.data["why"]](move, events), move.data
            assert was == due_on, (number, was, due_on)
        self.dates = now
        await self._every_correction_is_of_two(new)

    async def _every_correction_is_of_two(self, new: Sequence[RecordedEvent]) -> None:
        if any(event.kind == "correction" for event in new):
            for row in await FactCorrection.objects().where(FactCorrection.state == "confirmed"):
                assert row.decided_by not in {None, row.proposed_by}

    def _what_goes_over_is_as_late_as_it_was(self, new: Sequence[RecordedEvent]) -> None:
        """Compare what was closed by a merger with what its successor owes since (row 14)."""
        closed = [
            self.rows[event.data["obligation"]]
            for event in new
            if event.kind == "obligation-closed" and event.data["why"] == "merged"
        ]
        instants = {row.ended_at for row in closed}
        opened = [row for row in self.rows.values() if row.opened_at in instants]
        gone, come = (
            sorted((row.kind, row.due_on, self._stood(row.id, self.today)) for row in rows)
            for rows in ([row for row in closed if row.kind in TAKEN_OVER], opened)
        )
        assert gone == come

    async def _milestones_read_the_date_in_force(self) -> None:
        for obligation in self.rows.values():
            assert obligation.kind != "evidence" or obligation.pledge
        for row in await Obligation.raw(_OPEN_EVIDENCE):
            assert row["due_on"] == row["milestone"], row
        now = {row.id: row.due_on for row in await Milestone.objects()}
        assert self.milestones.keys() <= now.keys()
        self.milestones = now

    async def _asks_wait_longer_for_quiet_alone(self, new: Sequence[RecordedEvent]) -> None:
        """Assert that asks and codes wait longer for a quiet period and nothing else (rule 11a)."""
        now: dict[UUID, object] = {
            row.id: row.answer_by for row in await RequestToTakePart.objects()
        }
        now |= {row.id: row.expires_at for row in await ContributorLink.objects()}
        moved = [each for each, until in now.items() if self.asked_until.get(each, until) != until]
        assert not moved or any(event.kind == "quiet-period-opened" for event in new)
        self.asked_until = now

    def _no_clock_stands_still_without_its_reason(self, events: Sequence[RecordedEvent]) -> None:
        stopped = {
            (event.data["obligation"], event.effective_at): event
            for event in events
            if event.kind == "clock-paused"
        }
        ended = {
            (event.data["obligation"], event.effective_at)
            for event in events
            if event.kind
            in {"clock-resumed", "obligation-met", "obligation-closed", "obligation-waived"}
        }
        pauses = [pause for each in self.pauses.values() for pause in each]
        assert {(pause.obligation, pause.since) for pause in pauses} == stopped.keys()
        for pause in pauses:
            event = stopped[pause.obligation, pause.since]
            assert (event.data["why"], event.data["paused_by"]) == (pause.why, pause.by)
            until = _until(pause)
            assert until is None or (pause.obligation, until) in ended
            assert has_a_cause(pause, events), pause.why

    def _nothing_is_told_early_twice_or_while_a_clock_stands_still(
        self, new: Sequence[RecordedEvent]
    ) -> None:
        for event in new:
            if event.kind not in {"notice-sent", "notice-skipped"}:
                continue
            data, day = event.data, local_day(event.recorded_at, ZONE)
            place = (data["obligation"], data["due_on"], data["name"])
            assert place not in self.told, place
            self.told.add(place)
            row, at = self.rows[data["obligation"]], event.recorded_at
            due_on = date.fromisoformat(data["due_on"])
            assert not self._stands_still(row.id, at), data
            assert data["step"] <= (day - due_on).days - self._stood(row.id, day, at), data

    def _stands_still(self, number: int, at: datetime) -> bool:
        return any(
            pause.since < at and ((until := _until(pause)) is None or until > at)
            for pause in self.pauses.get(number, ())
        )

    def _days_late(self, row: Obligation, today: date) -> int:
        return (today - row.due_on).days - self._stood(row.id, today)

    def _stood(self, number: int, today: date, by: datetime | None = None) -> int:
        """Return the days a clock stood still, in pauses that began before an instant if given."""
        return sum(
            min(MOST_DAYS, (_last_day(pause, today) - local_day(pause.since, ZONE)).days)
            for pause in self.pauses.get(number, ())
            if by is None or pause.since < by
        )


def _until(pause: Pause) -> datetime | None:
    """Return when a pause ended; None while it lasts."""
    until: datetime | None = pause.until
    return until


def _last_day(pause: Pause, today: date) -> date:
    until = _until(pause)
    return today if until is None else local_day(until, ZONE)


def moves_of(events: Sequence[RecordedEvent], number: int) -> list[RecordedEvent]:
    """Return the moves of one date, in order."""
    return [
        event
        for event in events
        if event.kind == "due-date-moved" and event.data["obligation"] == number
    ]


def has_a_cause(pause: Pause, events: Sequence[RecordedEvent]) -> bool:
    """Whether a steward said why a clock stands still, or what it waits for happened before."""
    if pause.by == "steward":
        return pause.why in BY_STEWARD
    return any(
        event.kind in CAUSES[pause.why] and event.recorded_at <= pause.since for event in events
    )


def _is_granted(move: RecordedEvent, events: Sequence[RecordedEvent]) -> bool:
    """Whether a panel granted so many days, at that instant, and only this once (rule 13)."""
    granted = [
        event
        for event in events
        if event.kind == "extension-granted" and event.data["obligation"] == move.data["obligation"]
    ]
    days = _days_moved(move)
    return (
        0 < days <= MOST_DAYS
        and [event.data["days"] for event in granted] == [days]
        and granted[0].recorded_at == move.recorded_at
    )


def _is_of_an_outage(move: RecordedEvent, events: Sequence[RecordedEvent]) -> bool:
    """Whether the register was out of reach for an hour on the very day that was due (rule 32)."""
    return timedelta(days=_days_moved(move)) <= OUTAGE_MOST and any(
        event.kind == "outage-recorded"
        and event.data["day"] == move.data["was"]
        and event.data["minutes"] >= 60
        and event.recorded_at == move.recorded_at
        for event in events
    )


def _is_put_right(move: RecordedEvent, events: Sequence[RecordedEvent]) -> bool:
    """Whether a correction with this date, with words, stands at the same instant (rule 29)."""
    return any(
        event.kind == "correction"
        and event.data["facts"] == {"due_on": move.data["due_on"]}
        and event.words is not None
        and event.recorded_at == move.recorded_at
        for event in events
    )


def _days_moved(move: RecordedEvent) -> int:
    was, due_on = (date.fromisoformat(move.data[name]) for name in ("was", "due_on"))
    return (due_on - was).days


REASONS: Mapping[str, Any] = {
    "extension": _is_granted,
    "outage": _is_of_an_outage,
    "correction": _is_put_right,
}
"""What must stand beside the move of a date, by the reason that it gives."""
