"""What each kind of event teaches about an organisation: one short lesson a kind.

A lesson writes down a fact and decides nothing. A kind without a lesson changes no answer.
"""

from charter.history.events import RecordedEvent
from charter.history.kinds import KINDS
from charter.standing import clock_lessons, promise_lessons
from charter.standing.facts import Known
from charter.standing.teaching import Lessons

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

_LESSONS: Lessons = {**clock_lessons.LESSONS, **promise_lessons.LESSONS}


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
