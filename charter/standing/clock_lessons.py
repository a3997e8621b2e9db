"""What signing, what is owed, and the notices about it teach: all that can move a standing."""

from datetime import date
from typing import Any

from charter.clock import local_day
from charter.framework.ladders import REFLECTION
from charter.history.events import RecordedEvent
from charter.standing.facts import Known, Owed, Raised, WarningGiven
from charter.standing.teaching import Lessons, teacher

LESSONS: Lessons = {}
_on = teacher(LESSONS)


@_on("identity-accepted")
def _identity_accepted(known: Known, event: RecordedEvent, data: Any) -> None:
    known.identity_at = event.recorded_at
    _band_changed(known, event, data)


@_on("band-changed")
def _band_changed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.band = known.pack.band(data["band"])
    known.changed.update(known.owed)


@_on("charter-signed")
def _charter_signed(known: Known, event: RecordedEvent, data: Any) -> None:
    known.signed_at = event.recorded_at
    known.signed_event = event.id
    known.spell = data["spell"]
    known.plan_published_at = None
    known.withdrew_at = None
    known.cycles_missed, known.cycle_kept = [], None


@_on("charter-signed-again")
def _charter_signed_again(known: Known, event: RecordedEvent, _: Any) -> None:
    known.signed_again_at = event.recorded_at


@_on("withdrew-from-charter", "merged")
def _withdrew(known: Known, event: RecordedEvent, _: Any) -> None:
    known.withdrew_at = event.recorded_at
    known.withdrew_event = event.id


@_on("plan-published")
def _plan_published(known: Known, event: RecordedEvent, _: Any) -> None:
    known.plan_published_at = event.recorded_at
    known.plan_event = event.id


@_on("obligation-opened")
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


@_on("obligation-met", "obligation-closed", "obligation-waived")
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


@_on("due-date-moved")
def _due_date_moved(known: Known, _: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None:
        owed.move_to(date.fromisoformat(data["due_on"]))


@_on("clock-paused")
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


@_on("clock-resumed")
def _clock_resumed(known: Known, event: RecordedEvent, data: Any) -> None:
    _lower_flags(known, data["obligation"])
    owed = known.find_owed(data["obligation"])
    if owed is not None and owed.paused_since is not None:
        owed.go_on(local_day(event.effective_at, known.pack.zone))


@_on("notice-sent")
def _notice_sent(known: Known, event: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None and owed.due_on.isoformat() == data["due_on"]:
        owed.warnings.setdefault(data["name"], WarningGiven(event.recorded_at))


@_on("notice-accepted")
def _notice_accepted(known: Known, event: RecordedEvent, data: Any) -> None:
    warning = _warning(known, data)
    if warning is not None:
        warning.accepted_at = event.recorded_at


@_on("notice-bounced")
def _notice_bounced(known: Known, event: RecordedEvent, data: Any) -> None:
    warning = _warning(known, data)
    if warning is not None:
        warning.bounced_at = event.recorded_at


@_on("standing-changed")
def _standing_changed(known: Known, _: RecordedEvent, __: Any) -> None:
    known.told_moves += 1


@_on("level-changed")
def _level_changed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.told_level = data["to"]


def _warning(known: Known, data: Any) -> WarningGiven | None:
    """Return the warning that a letter was about: of its own date, in force or not."""
    owed = known.find_owed(data["obligation"])
    if owed is None:
        return None
    return owed.given(date.fromisoformat(data["due_on"])).get(data["name"])


def _lower_flags(known: Known, obligation: int) -> None:
    known.flags.pop(f"paused:{obligation}", None)
    known.flags.pop(f"under-review:{obligation}", None)
