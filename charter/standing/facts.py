"""What is known about one organisation at an instant, gathered from its events in their order.

`Known` learns one event at a time and decides nothing. Events are learnt in the order in which
they were recorded, so what is known at an instant never depends on what was recorded later
(rule 29). Instants are UTC; days are local days of the scheme.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from charter.calendar import add_months
from charter.framework.ladders import STANDARD_BAND, Band, ObligationKind
from charter.framework.pack import FrameworkPack
from charter.standing.words import Level, Standing


@dataclass(slots=True)
class WarningGiven:
    """One step of a ladder as it went out: first attempt, arrival, or that it reached nobody."""

    sent_at: datetime
    accepted_at: datetime | None = None
    bounced_at: datetime | None = None

    def served_at(self, *, after: timedelta, shown: timedelta) -> datetime:
        """Return when the warning counts as served (rule 31).

        `after` is how long accepted mail must not bounce; `shown` how long a warning stands in
        public before it counts whatever became of the mail.
        """
        served = [self.sent_at + shown]
        if self.bounced_at is not None:
            served.append(self.bounced_at)
        if self.accepted_at is not None:
            served.append(self.accepted_at + after)
        return min(served)


@dataclass(slots=True)
class Owed:
    """One obligation of the organisation that can move its standing or its level.

    No one pause stops its clock for more than `pause_most` days (rule 32). `warnings` are those
    given of the date in force, `given_of` those of any date that was.
    """

    id: int
    kind: ObligationKind
    due_on: date
    event: int
    pledge: int | None
    milestone: int | None
    type: str | None
    what: str
    pause_most: int
    paused_days: int = 0
    paused_since: date | None = None
    paused_why: str | None = None
    missed_cycle: bool = False
    warnings: dict[str, WarningGiven] = field(default_factory=dict)
    given_of: dict[date, dict[str, WarningGiven]] = field(default_factory=dict)

    def move_to(self, due_on: date) -> None:
        """Put another date in force. What was told of it before, if it was, holds again."""
        self.given_of[self.due_on] = self.warnings
        self.due_on, self.warnings = due_on, self.given_of.get(due_on, {})

    def given(self, due_on: date) -> dict[str, WarningGiven]:
        """Return the warnings that were given of a date."""
        return self.warnings if due_on == self.due_on else self.given_of.get(due_on, {})

    def days_late(self, today: date) -> int:
        """Return n: days past the date in force, less the days its clock stood still."""
        late = (today - self.due_on).days - self.paused_days
        return late if self.paused_since is None else late - self._stood(today)

    def day_when_late(self, days: int) -> date | None:
        """Return the local day on which it becomes `days` late; None if it was when it stopped."""
        day = self.due_on + timedelta(days=days + self.paused_days)
        if self.paused_since is None:
            return day
        return day + timedelta(days=self.pause_most) if self.paused_since < day else None

    def stop(self, day: date, why: str) -> None:
        """Let its clock stand still from a day on."""
        self.paused_since, self.paused_why = day, why

    def go_on(self, day: date) -> None:
        """Let its clock run again; the days it stood still are never counted."""
        self.paused_days += self._stood(day)
        self.paused_since = self.paused_why = None

    def _stood(self, today: date) -> int:
        since = self.paused_since or today
        return min((today - since).days, self.pause_most)


@dataclass(slots=True)
class Renewed:
    """What a level rests on for some months each time it comes: an accepted report, or a review.

    While something sent in waits for auditors the months stand still, each time at most as long
    as any clock (rule 32).
    """

    came_on: date | None = None
    waited_days: int = 0
    waiting: set[tuple[int, int]] = field(default_factory=set)
    waits_since: date | None = None

    def send(self, what: tuple[int, int], day: date) -> None:
        """Take in that something waits for auditors."""
        if not self.waiting:
            self.waits_since = day
        self.waiting.add(what)

    def answer(self, what: tuple[int, int], day: date, most: int) -> None:
        """Take in that auditors answered; the days waited are added."""
        self.waiting.discard(what)
        if self.waits_since is not None and not self.waiting:
            self.waited_days += min((day - self.waits_since).days, most)
            self.waits_since = None

    def renew(self, day: date) -> None:
        """Count from a day anew."""
        self.came_on, self.waited_days = day, 0
        if self.waits_since is not None:
            self.waits_since = day

    def lasts_until(self, months: int) -> date | None:
        """Return the first day on which it no longer counts, if nothing waits any longer."""
        if self.came_on is None:
            return None
        return add_months(self.came_on, months) + timedelta(days=self.waited_days)

    def lapses_on(self, months: int, most: int) -> date | None:
        """Return the first day on which it no longer counts, whatever still waits."""
        day = self.lasts_until(months)
        if day is None or self.waits_since is None or self.waits_since >= day:
            return day
        return day + timedelta(days=most)


@dataclass(slots=True)
class AnswerGiven:
    """The answer in force for one type of racism."""

    version: int
    applies: bool
    event: int
    given_at: datetime
    agreed: bool = False
    expires_on: date | None = None


@dataclass(slots=True)
class MilestoneReviewed:
    """What published verdicts say of one milestone."""

    due_on: date
    verdict: str | None = None
    worked: str | None = None
    final: bool = False
    event: int | None = None


@dataclass(slots=True)
class PledgeMade:
    """A published pledge: its one counted type, its milestones, and who confirmed it.

    `live` says that it was not withdrawn; whether it still runs is asked with `runs_on`.
    `agreed_before` says that it was confirmed for the organisation it was taken over from.
    """

    number: int
    type: str
    event: int
    milestones: dict[int, MilestoneReviewed]
    ends_on: date
    live: bool = True
    agreed_before: bool = False
    agreed_in: set[int] = field(default_factory=set)
    claimed_in: set[int] = field(default_factory=set)
    unpaid_in: set[int] = field(default_factory=set)

    def runs_on(self, today: date) -> bool:
        """Whether it counts as a live pledge of its type: not withdrawn, and not over (rule 6)."""
        return self.live and today <= self.ends_on

    @property
    def confirmed(self) -> bool:
        """Whether somebody who took part, not employed by the organisation, confirmed it.

        A session in which somebody was left unpaid counts once its pay is confirmed (rule 24).
        """
        return self.agreed_before or bool(self.agreed_in - self.unpaid_in)


@dataclass(slots=True)
class Raised:
    """A flag: since when, why, and by whom."""

    since: datetime
    reason: str
    by: str


class Known:
    """Everything known about one organisation up to the last event learnt.

    `reflections` are those of `owed` that are yearly reflections. `level` is the one held,
    `short_since` the day of the event since which it rests on nothing, and `keeping` what is owed
    to keep it (rule 30).
    """

    def __init__(self, pack: FrameworkPack) -> None:
        self.pack = pack
        self.band: Band = pack.band(STANDARD_BAND)
        self.identity_at: datetime | None = None
        self.signed_at: datetime | None = None
        self.signed_event: int | None = None
        self.spell = 0
        self.signed_again_at: datetime | None = None
        self.plan_published_at: datetime | None = None
        self.plan_event: int | None = None
        self.withdrew_at: datetime | None = None
        self.withdrew_event: int | None = None
        self.standing: Standing | None = None
        self.since: datetime | None = None
        self.owed: dict[int, Owed] = {}
        self.reflections: dict[int, Owed] = {}
        self.cycles_missed: list[date] = []
        self.cycle_kept: date | None = None
        self.answers: dict[str, AnswerGiven] = {}
        self.pledges: dict[int, PledgeMade] = {}
        self.claimed_in: dict[int, set[int]] = defaultdict(set)
        self.agreed_in: dict[int, set[int]] = defaultdict(set)
        self.reports: dict[str, Renewed] = defaultdict(Renewed)
        self.review = Renewed()
        self.level: Level | None = None
        self.short_since: date | None = None
        self.keeping: Owed | None = None
        self.unpaid_in: dict[int, set[int]] = defaultdict(set)
        self.findings: dict[str, str] = {}
        self.flags: dict[str, Raised] = {}
        self.told_moves = 0
        self.told_level: str | None = None
        self.last_event = 0
        self.changed: set[int] = set()

    def take_up(self, pack: FrameworkPack) -> None:
        """Go on under another pack: its numbers hold from now on, for what is owed already too.

        Raises KeyError with what is in use and not in the pack.
        """
        self.pack, self.band = pack, pack.band(self.band.id)
        kept = [self.keeping] if self.keeping is not None else []
        for owed in (*self.owed.values(), *kept):
            owed.kind = pack.obligation_kind(owed.kind.kind)
            owed.pause_most = pack.numbers.pauses.days_most
            self.changed.add(owed.id)

    @property
    def grace(self) -> timedelta:
        """The time between a served warning and a suspension."""
        return timedelta(days=self.pack.numbers.standing.grace_days)

    @property
    def missed_cycles(self) -> int:
        """How many yearly reflections in a row were missed, since the last that came in time."""
        kept = self.cycle_kept
        return sum(kept is None or due_on > kept for due_on in self.cycles_missed)

    def find_owed(self, number: int) -> Owed | None:
        """Return what is owed under a number, be it for the standing or for the level."""
        owed = self.owed.get(number)
        if owed is None and self.keeping is not None and self.keeping.id == number:
            return self.keeping
        return owed

    def served(self, owed: Owed, step: str) -> datetime | None:
        """Return when the warning of `step` was or will be served; None if it never went out."""
        warning = owed.warnings.get(step)
        return None if warning is None else self.served_at(warning)

    def served_at(self, warning: WarningGiven) -> datetime:
        """Return when a warning was or will be served, by the pack's numbers."""
        numbers = self.pack.numbers.standing
        return warning.served_at(
            after=timedelta(hours=numbers.served_after_hours),
            shown=timedelta(days=numbers.shown_days),
        )

    def most_late(self, today: date) -> Owed | None:
        """Return what is latest of all that is owed, the first to be opened among equals."""
        return max(self.owed.values(), key=lambda owed: owed.days_late(today), default=None)
