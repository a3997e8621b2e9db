"""What events about due dates, clocks and notices teach, and what a table of lessons is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from charter.clock import local_day
from charter.framework.ladders import REFLECTION
from charter.history.events import RecordedEvent
from charter.standing.facts import Known, Owed, Raised, WarningGiven

Lesson = Callable[[Known, RecordedEvent, Any], None]


class Lessons(dict[str, Lesson]):
    """The lesson of each kind of event that teaches something."""

    def on(self, *kinds: str) -> Callable[[Lesson], Lesson]:
        """Teach by the decorated lesson whenever an event of one of these kinds is met."""

        def teach(lesson: Lesson) -> Lesson:
            for kind in kinds:
                self[kind] = lesson
            return lesson

        return teach


DUE = Lessons()


@DUE.on("obligation-opened")
def _obligation_opened(known: Known, event: RecordedEvent, data: Any) -> None:
    kind = known.pack.obligation_kind(data["kind"])
    if not kind.moves_standing and kind.keeps_level is None:
        return
    owed = Owed(
        id=data["obligation"],
        kind=kind,
        due_on=date.fromisoformat(data["due_on"]),
        event=event.id,
        pledge=data["pledge"],
        milestone=data["milestone"],
        type=data["type"],
        what=data["what"],
        pause_most=known.pack.numbers.pauses.days_most,
    )
    if kind.moves_standing:
        known.owed[owed.id] = owed
        if kind.kind == REFLECTION:
            known.reflections[owed.id] = owed
    elif known.level == kind.keeps_level:
        known.keeping = owed


@DUE.on("obligation-met", "obligation-closed", "obligation-waived")
def _obligation_ended(known: Known, event: RecordedEvent, data: Any) -> None:
    _lower_flags(known, data["obligation"])
    if known.keeping is not None and known.keeping.id == data["obligation"]:
        known.keeping = None
    known.owed.pop(data["obligation"], None)
    owed = known.reflections.pop(data["obligation"], None)
    if owed is None or event.kind != "obligation-met":
        return
    late = owed.days_late(local_day(event.recorded_at, known.pack.zone))
    if late < known.pack.numbers.accountability.missed_after_days:
        known.cycle_kept = max(known.cycle_kept or owed.due_on, owed.due_on)


@DUE.on("due-date-moved")
def _due_date_moved(known: Known, _: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is None:
        return
    owed.due_on = date.fromisoformat(data["due_on"])
    owed.warnings = {}


@DUE.on("clock-paused")
def _clock_paused(known: Known, event: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None and owed.paused_since is None:
        owed.stop(local_day(event.effective_at, known.pack.zone), data["why"])
        flag = "under-review" if data["why"] == "under-review" else "paused"
        known.flags[f"{flag}:{owed.id}"] = Raised(
            event.effective_at,
            f"{data['what']}: {data['why'].replace('-', ' ')}",
            data["paused_by"],
        )


@DUE.on("clock-resumed")
def _clock_resumed(known: Known, event: RecordedEvent, data: Any) -> None:
    _lower_flags(known, data["obligation"])
    owed = known.find_owed(data["obligation"])
    if owed is not None and owed.paused_since is not None:
        owed.go_on(local_day(event.effective_at, known.pack.zone))


@DUE.on("notice-sent")
def _notice_sent(known: Known, event: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None and owed.due_on.isoformat() == data["due_on"]:
        owed.warnings.setdefault(data["name"], WarningGiven(event.recorded_at))


@DUE.on("notice-accepted")
def _notice_accepted(known: Known, event: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None and data["name"] in owed.warnings:
        owed.warnings[data["name"]].accepted_at = event.recorded_at


@DUE.on("notice-bounced")
def _notice_bounced(known: Known, event: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None and data["name"] in owed.warnings:
        owed.warnings[data["name"]].bounced_at = event.recorded_at


def _lower_flags(known: Known, obligation: int) -> None:
    known.flags.pop(f"paused:{obligation}", None)
    known.flags.pop(f"under-review:{obligation}", None)
