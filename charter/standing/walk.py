"""The walk through time: events are learnt in order, and in between time alone may move a standing.

What was found up to an instant never changes with what is learnt later: a walk only goes on.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime

from charter.clock import local_day
from charter.framework.in_force import PacksInForce, TakenUp
from charter.framework.ladders import FIRST_LATE_DAY
from charter.framework.pack import FrameworkPack
from charter.history.events import RecordedEvent
from charter.standing.facts import Known
from charter.standing.lessons import LEVELLING, MOVING, MOVING_WHEN_LATE, learn
from charter.standing.level import note_shortfall, settle_level
from charter.standing.rules import (
    Moment,
    Move,
    count_missed_cycles,
    first_row,
    next_turn,
)


class Walk:
    """What is known of one organisation, every move so far, and when time may next move it."""

    def __init__(self, pack: FrameworkPack, later: Sequence[TakenUp] = ()) -> None:
        self.packs = PacksInForce(pack, tuple(later))
        self.known = Known(pack)
        self._coming = deque(later)
        self.moves: list[Move] = []
        self._turns: dict[int, datetime] = {}
        self._next_change: datetime | None = None
        self._latest: Moment | None = None
        self._levelled: Moment | None = None

    @property
    def next_change(self) -> datetime | None:
        """Return the first instant to come at which time alone may move the standing."""
        return self._next_change

    def learn(self, event: RecordedEvent) -> None:
        """Let time pass until an event, and take it in. Events are given in their order."""
        while self._coming and self._coming[0].event < event.id:
            self._take_up(self._coming.popleft())
        self._let_pass(event.recorded_at)
        known = self.known
        moment = self._moment(event.recorded_at)
        levelling = event.kind in LEVELLING
        about_level = levelling or self._is_about_the_level(event)
        if about_level and moment is not self._levelled:
            settle_level(moment)
        learn(known, event)
        if event.kind in MOVING and self._can_move(event, moment):
            self._settle(moment)
        if levelling:
            note_shortfall(moment, settle_level(moment))
        if about_level:
            self._levelled = moment if levelling else None
        if known.changed:
            self._look_ahead(moment)

    def pass_time(self, until: datetime) -> None:
        """Let time pass: each move it brings carries the instant at which it took effect."""
        while self._coming and self._coming[0].at <= until:
            self._take_up(self._coming.popleft())
        self._let_pass(until)

    def _take_up(self, taken: TakenUp) -> None:
        """Go on under another pack from its instant on; what was found before stays as it was."""
        self._let_pass(taken.at)
        settle_level(self._moment(taken.at))
        self.known.take_up(taken.pack)
        self._latest = None
        moment = self._moment(taken.at)
        self._settle(moment)
        settle_level(moment)
        self._look_ahead(moment)

    def _let_pass(self, until: datetime) -> None:
        while (turn := self.next_change) is not None and turn <= until:
            moment = self._moment(turn)
            self._settle(moment)
            self.known.changed.update(owed for owed, at in self._turns.items() if at <= turn)
            self._look_ahead(moment)

    def settle_level(self, at: datetime) -> None:
        """Write down the level held at an instant, to which time has passed."""
        settle_level(self._moment(at))

    def _moment(self, at: datetime) -> Moment:
        """Return what is known at an instant. Many events share one, and so its local day."""
        if self._latest is None or self._latest.at != at:
            self._latest = Moment(self.known, at, local_day(at, self.known.pack.zone))
        return self._latest

    def _can_move(self, event: RecordedEvent, moment: Moment) -> bool:
        if event.kind not in MOVING_WHEN_LATE:
            return True
        owed = self.known.owed.get(event.data["obligation"])
        return owed is not None and owed.days_late(moment.today) >= FIRST_LATE_DAY

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

    def _look_ahead(self, moment: Moment) -> None:
        for number in self.known.changed:
            owed = self.known.find_owed(number)
            turn = next_turn(moment, owed) if owed is not None else None
            if turn is None:
                self._turns.pop(number, None)
            else:
                self._turns[number] = turn
        self.known.changed.clear()
        self._next_change = min(self._turns.values(), default=None)


def walk(
    events: Iterable[RecordedEvent],
    until: datetime,
    pack: FrameworkPack,
    later: Sequence[TakenUp] = (),
) -> Walk:
    """Learn `events` in order, by `pack` and by those taken up later, each from its instant on.

    Events recorded after `until` are left out.
    """
    steps = Walk(pack, later)
    for event in events:
        if event.recorded_at > until:
            break
        steps.learn(event)
    return steps
