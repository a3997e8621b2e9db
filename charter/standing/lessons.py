"""What each kind of event teaches about an organisation: one short lesson a kind.

A lesson writes down a fact and decides nothing. A kind without a lesson changes no answer.
"""

<<<<<<< HEAD
from datetime import date
from typing import Any

from charter.clock import local_day
from charter.history.events import RecordedEvent
from charter.history.kinds import KINDS
from charter.standing.due_lessons import DUE, Lessons
from charter.standing.facts import (
    AnswerGiven,
    Known,
    MilestoneReviewed,
    PledgeMade,
    Raised,
)
=======
from charter.history.events import RecordedEvent
from charter.history.kinds import KINDS
from charter.standing import clock_lessons, promise_lessons
from charter.standing.facts import Known
from charter.standing.teaching import Lessons
>>>>>>> standing

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
        *("codesign-confirmed", "agreement-withdrawn", "payment-confirmed"),
        *("verdict-published", "accountability-review-published"),
    }
)
"""The kinds of event that can raise a level, or take away what it rests on."""

<<<<<<< HEAD
LESSONS = Lessons(DUE)
=======
_LESSONS: Lessons = {**clock_lessons.LESSONS, **promise_lessons.LESSONS}
>>>>>>> standing


def untaught() -> frozenset[str]:
    """Return the kinds of event that change no answer."""
    return frozenset(KINDS.keys() - LESSONS.keys())


def learn(known: Known, event: RecordedEvent) -> None:
    """Take in one event. Kinds that change nothing here are passed over."""
    known.last_event = event.id
    lesson = LESSONS.get(event.kind)
    if lesson is None:
        return
    lesson(known, event, event.data)
    if "obligation" in event.data:
        known.changed.add(event.data["obligation"])


@LESSONS.on("identity-accepted")
def _identity_accepted(known: Known, event: RecordedEvent, data: Any) -> None:
    known.identity_at = event.recorded_at
    _band_changed(known, event, data)


@LESSONS.on("band-changed")
def _band_changed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.band = known.pack.band(data["band"])
    known.changed.update(known.owed)


@LESSONS.on("charter-signed")
def _charter_signed(known: Known, event: RecordedEvent, data: Any) -> None:
    known.signed_at = event.recorded_at
    known.signed_event = event.id
    known.spell = data["spell"]
    known.plan_published_at = None
    known.withdrew_at = None
    known.cycles_missed, known.cycle_kept = [], None


@LESSONS.on("charter-signed-again")
def _charter_signed_again(known: Known, event: RecordedEvent, _: Any) -> None:
    known.signed_again_at = event.recorded_at


@LESSONS.on("withdrew-from-charter", "merged")
def _withdrew(known: Known, event: RecordedEvent, _: Any) -> None:
    known.withdrew_at = event.recorded_at
    known.withdrew_event = event.id


@LESSONS.on("plan-published")
def _plan_published(known: Known, event: RecordedEvent, _: Any) -> None:
    known.plan_published_at = event.recorded_at
    known.plan_event = event.id


@LESSONS.on("standing-changed")
def _standing_changed(known: Known, _: RecordedEvent, __: Any) -> None:
    known.told_moves += 1


@LESSONS.on("level-changed")
def _level_changed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.told_level = data["to"]


@LESSONS.on("type-answered")
def _type_answered(known: Known, event: RecordedEvent, data: Any) -> None:
    known.answers[data["type"]] = AnswerGiven(
        data["version"],
        data["applies"],
        event.id,
        event.recorded_at,
        agreed=data["applies"],
        expires_on=_day(data["expires_on"]),
    )


@LESSONS.on("answer-agreed")
def _answer_agreed(known: Known, _: RecordedEvent, data: Any) -> None:
    answer = known.answers.get(data["type"])
    if answer is not None and answer.version == data["version"]:
        answer.agreed = True
        answer.expires_on = _day(data["expires_on"])


@LESSONS.on("answer-disputed")
def _answer_disputed(known: Known, _: RecordedEvent, data: Any) -> None:
    answer = known.answers.get(data["type"])
    if answer is not None and answer.version == data["version"]:
        answer.agreed = False


@LESSONS.on("pledge-published", "pledge-amended")
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


@LESSONS.on("pledge-taken-over")
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


@LESSONS.on("pledge-withdrawn")
def _pledge_withdrawn(known: Known, _: RecordedEvent, data: Any) -> None:
    pledge = known.pledges.get(data["pledge"])
    if pledge is not None:
        pledge.live = False


@LESSONS.on("codesign-recorded")
def _codesign_recorded(known: Known, _: RecordedEvent, data: Any) -> None:
    for pledge in data["pledges"]:
        known.claimed_in[pledge].add(data["session"])


@LESSONS.on("codesign-confirmed")
def _codesign_confirmed(known: Known, _: RecordedEvent, data: Any) -> None:
    if data["paid"] == "unpaid":
        for pledge in data["pledges"]:
            known.unpaid_in[pledge].add(data["session"])
        return
    if not data["independent"]:
        return
    for pledge in data["pledges"]:
        known.agreed_in[pledge].add(data["session"])


@LESSONS.on("payment-confirmed")
def _payment_confirmed(known: Known, _: RecordedEvent, data: Any) -> None:
    for sessions in known.unpaid_in.values():
        sessions.discard(data["session"])


@LESSONS.on("agreement-withdrawn")
def _agreement_withdrawn(known: Known, _: RecordedEvent, data: Any) -> None:
    if data["still_agreed"]:
        return
    for pledge in data["pledges"]:
        known.agreed_in[pledge].discard(data["session"])


@LESSONS.on("evidence-received")
def _evidence_received(known: Known, event: RecordedEvent, data: Any) -> None:
    today = local_day(event.recorded_at, known.pack.zone)
    known.reports[data["type"]].send((data["pledge"], data["milestone"]), today)


@LESSONS.on("reflection-received")
def _reflection_received(known: Known, event: RecordedEvent, data: Any) -> None:
    known.review.send((data["cycle"], 0), local_day(event.recorded_at, known.pack.zone))


@LESSONS.on("verdict-published")
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


@LESSONS.on("milestone-reopened")
def _milestone_reopened(known: Known, event: RecordedEvent, data: Any) -> None:
    pledge = known.pledges.get(data["pledge"])
    milestone = pledge.milestones.get(data["milestone"]) if pledge is not None else None
    if milestone is not None:
        milestone.verdict = milestone.worked = None
        milestone.final = False
        milestone.event = event.id


@LESSONS.on("accountability-review-published")
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


@LESSONS.on("voices-agreed")
def _voices_agreed(known: Known, _: RecordedEvent, data: Any) -> None:
    known.findings = dict(data["findings"])
    known.flags.pop("voices-differ", None)


@LESSONS.on("no-panel-available")
def _no_panel(known: Known, event: RecordedEvent, data: Any) -> None:
    known.flags[f"no-panel-available:{data['case']}"] = Raised(
        event.recorded_at, "No panel without a tie could be drawn", "hub"
    )


@LESSONS.on("panel-drawn")
def _panel_drawn(known: Known, _: RecordedEvent, data: Any) -> None:
    known.flags.pop(f"no-panel-available:{data['case']}", None)


@LESSONS.on("text-held")
def _text_held(known: Known, event: RecordedEvent, data: Any) -> None:
    known.flags[f"text-held:{data['case']}"] = Raised(
        event.recorded_at, "Words that may name a person are being checked", "hub"
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
