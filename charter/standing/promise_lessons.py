"""What answers, pledges, co-design, reports and reviews teach: what results and level rest on."""

from datetime import date
from typing import Any

from charter.clock import local_day
from charter.history.events import RecordedEvent
from charter.standing.facts import AnswerGiven, Known, MilestoneReviewed, PledgeMade, Raised
from charter.standing.teaching import Lessons, teacher

LESSONS: Lessons = {}
_on = teacher(LESSONS)


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
    for pledge in data["pledges"]:
        if data["paid"] == "unpaid":
            known.unpaid_in[pledge].add(data["session"])
        if data["independent"]:
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
        about = known.pack.catalogue.spell_types(data["voices_differ"])
        known.flags["voices-differ"] = Raised(
            event.recorded_at, f"The two voices differ about {about}", "auditors"
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


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
