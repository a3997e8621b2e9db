"""What each kind of event teaches about an organisation: one short lesson a kind.

A lesson writes down a fact and decides nothing. A kind without a lesson changes no answer.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from charter.clock import local_day
from charter.framework.ladders import REFLECTION
from charter.history.events import RecordedEvent
from charter.history.kinds import KINDS
from charter.standing.facts import (
    AnswerGiven,
    Known,
    MilestoneReviewed,
    Owed,
    PledgeMade,
    Raised,
    WarningGiven,
)

MOVING = frozenset(
    {
        *("identity-accepted", "charter-signed", "charter-signed-again", "plan-published"),
        *("withdrew-from-charter", "merged", "band-changed", "due-date-moved"),
        *("obligation-opened", "obligation-met", "obligation-closed", "obligation-waived"),
        *("clock-paused", "clock-resumed", "notice-accepted", "notice-bounced", "notice-sent"),
    }
)
"""The kinds of event that can move a standing. All others are learnt for results and level."""

MOVING_WHEN_LATE = frozenset(
    {"notice-accepted", "notice-bounced", "notice-sent", "obligation-opened"}
)
"""Of these, the kinds that move one only where what they are about is late."""

LEVELLING = frozenset(
    {
        *("type-answered", "answer-agreed", "answer-disputed", "plan-published"),
        *("pledge-published", "pledge-amended", "pledge-taken-over", "pledge-withdrawn"),
        *("codesign-confirmed", "agreement-withdrawn", "verdict-published"),
        "accountability-review-published",
    }
)
"""The kinds of event that can raise a level, or take away what it rests on."""

Lesson = Callable[[Known, RecordedEvent, Any], None]
_LESSONS: dict[str, Lesson] = {}


def untaught() -> frozenset[str]:
    """Return the kinds of event that change no answer."""
    return frozenset(KINDS.keys() - _LESSONS.keys())


def learn(known: Known, event: RecordedEvent) -> None:
    """Take in one event. Kinds that change nothing here are passed over."""
    known.last_event = event.id
    lesson = _LESSONS.get(event.kind)
    if lesson is None:
        return
    lesson(known, event, event.data)
    if "obligation" in event.data:
        known.changed.add(event.data["obligation"])


def _on(*kinds: str) -> Callable[[Lesson], Lesson]:
    def teach(lesson: Lesson) -> Lesson:
        for kind in kinds:
            _LESSONS[kind] = lesson
        return lesson

    return teach


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
    if owed is None:
        return
    owed.due_on = date.fromisoformat(data["due_on"])
    owed.warnings = {}


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
    owed = known.find_owed(data["obligation"])
    if owed is not None and data["name"] in owed.warnings:
        owed.warnings[data["name"]].accepted_at = event.recorded_at


@_on("notice-bounced")
def _notice_bounced(known: Known, event: RecordedEvent, data: Any) -> None:
    owed = known.find_owed(data["obligation"])
    if owed is not None and data["name"] in owed.warnings:
        owed.warnings[data["name"]].bounced_at = event.recorded_at


@_on("standing-changed")
def _standing_changed(known: Known, _: RecordedEvent, __: Any) -> None:
    known.told_moves += 1


@_on("level-changed")
def _level_changed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.told_level = data["to"]


@_on("type-answered")
def _type_answered(known: Known, event: RecordedEvent, data: Any) -> None:
    known.answers[data["type"]] = AnswerGiven(
        data["version"],
        data["applies"],
        event.id,
        event.recorded_at,
        agreed=data["applies"],
        expires_on=_day(data["expires_on"]),
    )


@_on("answer-agreed")
def _answer_agreed(known: Known, _: RecordedEvent, data: Any) -> None:
    answer = known.answers.get(data["type"])
    if answer is not None and answer.version == data["version"]:
        answer.agreed = True
        answer.expires_on = _day(data["expires_on"])


@_on("answer-disputed")
def _answer_disputed(known: Known, _: RecordedEvent, data: Any) -> None:
    answer = known.answers.get(data["type"])
    if answer is not None and answer.version == data["version"]:
        answer.agreed = False


@_on("pledge-published", "pledge-amended")
def _pledge_published(known: Known, event: RecordedEvent, data: Any) -> None:
    before = known.pledges.get(data["pledge"])
    milestones = {
        row["number"]: MilestoneReviewed(date.fromisoformat(row["due_on"]))
        for row in data["milestones"]
    }
    if before is None:
        number = data["pledge"]
        known.pledges[number] = PledgeMade(
            number,
            data["type"],
            event.id,
            milestones,
            ends_on=date.fromisoformat(data["ends_on"]),
            agreed_in=known.agreed_in[number],
            claimed_in=known.claimed_in[number],
            unpaid_in=known.unpaid_in[number],
        )
        return
    before.ends_on = date.fromisoformat(data["ends_on"])
    for number, milestone in milestones.items():
        kept = before.milestones.setdefault(number, milestone)
        kept.due_on = milestone.due_on


@_on("pledge-taken-over")
def _pledge_taken_over(known: Known, event: RecordedEvent, data: Any) -> None:
    known.pledges[data["pledge"]] = PledgeMade(
        data["pledge"],
        data["type"],
        event.id,
        {
            row["number"]: MilestoneReviewed(
                date.fromisoformat(row["due_on"]), row["verdict"], row["worked"], row["final"]
            )
            for row in data["milestones"]
        },
        ends_on=date.fromisoformat(data["ends_on"]),
        agreed_before=data["agreed"],
        agreed_in=known.agreed_in[data["pledge"]],
        claimed_in=known.claimed_in[data["pledge"]],
        unpaid_in=known.unpaid_in[data["pledge"]],
    )


@_on("pledge-withdrawn")
def _pledge_withdrawn(known: Known, _: RecordedEvent, data: Any) -> None:
    pledge = known.pledges.get(data["pledge"])
    if pledge is not None:
        pledge.live = False


@_on("codesign-recorded")
def _codesign_recorded(known: Known, _: RecordedEvent, data: Any) -> None:
    for pledge in data["pledges"]:
        known.claimed_in[pledge].add(data["session"])


@_on("codesign-confirmed")
def _codesign_confirmed(known: Known, _: RecordedEvent, data: Any) -> None:
    if data["paid"] == "unpaid":
        for pledge in data["pledges"]:
            known.unpaid_in[pledge].add(data["session"])
        return
    if not data["independent"]:
        return
    for pledge in data["pledges"]:
        known.agreed_in[pledge].add(data["session"])


@_on("payment-confirmed")
def _payment_confirmed(known: Known, _: RecordedEvent, data: Any) -> None:
    for sessions in known.unpaid_in.values():
        sessions.discard(data["session"])


@_on("agreement-withdrawn")
def _agreement_withdrawn(known: Known, _: RecordedEvent, data: Any) -> None:
    if data["still_agreed"]:
        return
    for pledge in data["pledges"]:
        known.agreed_in[pledge].discard(data["session"])


@_on("evidence-received")
def _evidence_received(known: Known, event: RecordedEvent, data: Any) -> None:
    today = local_day(event.recorded_at, known.pack.zone)
    known.reports[data["type"]].send((data["pledge"], data["milestone"]), today)


@_on("reflection-received")
def _reflection_received(known: Known, event: RecordedEvent, data: Any) -> None:
    known.review.send((data["cycle"], 0), local_day(event.recorded_at, known.pack.zone))


@_on("verdict-published")
def _verdict_published(known: Known, event: RecordedEvent, data: Any) -> None:
    known.flags.pop(f"text-held:{data['case']}", None)
    pledge = known.pledges.get(data["pledge"])
    milestone = pledge.milestones.get(data["milestone"]) if pledge is not None else None
    if milestone is not None and not milestone.final:
        milestone.verdict = data["verdict"]
        milestone.worked = data["worked"]
        milestone.final = data["final"]
        milestone.event = event.id
    today = local_day(event.recorded_at, known.pack.zone)
    reports = known.reports[data["type"]]
    reports.answer((data["pledge"], data["milestone"]), today, known.pack.numbers.pauses.days_most)
    if data["verdict"] == "accepted":
        reports.renew(today)


@_on("milestone-reopened")
def _milestone_reopened(known: Known, event: RecordedEvent, data: Any) -> None:
    pledge = known.pledges.get(data["pledge"])
    milestone = pledge.milestones.get(data["milestone"]) if pledge is not None else None
    if milestone is not None:
        milestone.verdict = milestone.worked = None
        milestone.final = False
        milestone.event = event.id


@_on("accountability-review-published")
def _review_published(known: Known, event: RecordedEvent, data: Any) -> None:
    today = local_day(event.recorded_at, known.pack.zone)
    known.review.answer((data["cycle"], 0), today, known.pack.numbers.pauses.days_most)
    known.review.renew(today)
    known.findings = dict(data["findings"])
    if data["voices_differ"]:
        known.flags["voices-differ"] = Raised(
            event.recorded_at,
            f"The two voices differ about {', '.join(data['voices_differ'])}",
            "auditors",
        )
    else:
        known.flags.pop("voices-differ", None)


@_on("voices-agreed")
def _voices_agreed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.findings = dict(data["findings"])
    known.flags.pop("voices-differ", None)


@_on("no-panel-available")
def _no_panel(known: Known, event: RecordedEvent, data: Any) -> None:
    known.flags[f"no-panel-available:{data['case']}"] = Raised(
        event.recorded_at, "No panel without a tie could be drawn", "hub"
    )


@_on("panel-drawn")
def _panel_drawn(known: Known, _: RecordedEvent, data: Any) -> None:
    known.flags.pop(f"no-panel-available:{data['case']}", None)


@_on("text-held")
def _text_held(known: Known, event: RecordedEvent, data: Any) -> None:
    known.flags[f"text-held:{data['case']}"] = Raised(
        event.recorded_at, "Words that may name a person are being checked", "hub"
    )


def _lower_flags(known: Known, obligation: int) -> None:
    known.flags.pop(f"paused:{obligation}", None)
    known.flags.pop(f"under-review:{obligation}", None)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
