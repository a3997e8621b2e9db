"""The walk through time: events are learnt in order, and in between time alone may move a standing.

What was found up to an instant never changes with what is learnt later: a walk only goes on.
"""

from collections.abc import Iterable
from datetime import datetime

from charter.clock import local_day
from charter.framework.pack import FrameworkPack
from charter.history.kinds import RecordedEvent
from charter.standing.facts import Known
from charter.standing.lessons import LEVELLING, MOVING, learn
from charter.standing.level import note_shortfall, settle_level
from charter.standing.rules import (
    Moment,
    Move,
    count_missed_cycles,
    first_row,
    turning_points,
)


class Walk:
    """What is known of one organisation, every move so far, and when time may next move it."""

    def __init__(self, pack: FrameworkPack) -> None:
        self.known = Known(pack)
        self.moves: list[Move] = []
        self._turns: dict[int, datetime] = {}

    @property
    def next_change(self) -> datetime | None:
        """Return the first instant to come at which time alone may move the standing."""
        return min(self._turns.values(), default=None)

    def learn(self, event: RecordedEvent) -> None:
        """Let time pass until an event, and take it in. Events are given in their order."""
        at = event.recorded_at
        self.pass_time(at)
        known = self.known
        moment = Moment(known, at, local_day(at, known.pack.zone))
        levelling = event.kind in LEVELLING
        if levelling or self._is_about_the_level(event):
            settle_level(moment)
        learn(known, event)
        if event.kind in MOVING:
            self._settle(moment)
        if levelling:
            settle_level(moment)
            note_shortfall(moment)
        self._look_ahead(at)

    def pass_time(self, until: datetime) -> None:
        """Let time pass: each move it brings carries the instant at which it took effect."""
        while (turn := self.next_change) is not None and turn <= until:
            self._settle(Moment(self.known, turn, local_day(turn, self.known.pack.zone)))
            self.known.changed.update(owed for owed, at in self._turns.items() if at <= turn)
            self._look_ahead(turn)

    def settle_level(self, at: datetime) -> None:
        """Write down the level held at an instant, to which time has passed."""
        settle_level(Moment(self.known, at, local_day(at, self.known.pack.zone)))

    def _is_about_the_level(self, event: RecordedEvent) -> bool:
        """Whether an event is about what is owed to keep the level, or opens such a thing."""
        if event.kind == "obligation-opened":
            return self.known.pack.obligation_kind(event.data["kind"]).keeps_level is not None
        keeping = self.known.keeping
        return keeping is not None and event.data.get("obligation") == keeping.id

    def _settle(self, moment: Moment) -> None:
        known = moment.known
        count_missed_cycles(moment)
        while (found := first_row(moment)) is not None:
            row, cause = found
            latest = known.most_late(moment.today)
            days = max(0, latest.days_late(moment.today)) if latest else 0
            self.moves.append(Move(row.number, known.standing, row.to, moment.at, days, cause))
            known.standing, known.since = row.to, moment.at
            settle_level(moment)

    def _look_ahead(self, after: datetime) -> None:
        for number in self.known.changed:
            owed = self.known.find_owed(number)
            coming = turning_points(self.known, owed) if owed is not None else ()
            turn = min((at for at in coming if at > after), default=None)
            if turn is None:
                self._turns.pop(number, None)
            else:
                self._turns[number] = turn
        self.known.changed.clear()


def walk(events: Iterable[RecordedEvent], until: datetime, pack: FrameworkPack) -> Walk:
    """Learn `events` in order; those recorded after `until` are left out."""
    steps = Walk(pack)
    for event in events:
        if event.recorded_at > until:
            break
        steps.learn(event)
    return steps
