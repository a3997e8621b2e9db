"""What was promised and who agreed to it, told from the facts of the events and nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from charter.history.events import RecordedEvent
from tests.world import the_pack

TYPES = set(the_pack().type_ids)


def answers(events: Sequence[RecordedEvent]) -> dict[str, dict[str, Any]]:
    """Return the newest answer for each type, with whether it was agreed."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.kind == "type-answered":
            found[event.data["type"]] = {**event.data, "agreed": event.data["applies"]}
        elif event.kind in {"answer-agreed", "answer-disputed"}:
            answer = found[event.data["type"]]
            if answer["version"] == event.data["version"]:
                answer["agreed"] = event.kind == "answer-agreed"
                answer["expires_on"] = event.data.get("expires_on", answer["expires_on"])
    return found


def applicable(events: Sequence[RecordedEvent]) -> list[str]:
    """Return the types that an organisation says apply to it."""
    return [name for name, answer in answers(events).items() if answer["applies"]]


def no_row_unless_agreed(events: Sequence[RecordedEvent], today: date) -> None:
    """Assert that all five are answered, each "does not apply" agreed and in force (rule 5)."""
    given = answers(events)
    assert given.keys() == TYPES
    for answer in given.values():
        assert answer["agreed"], answer
        assert not answer["expires_on"] or date.fromisoformat(answer["expires_on"]) >= today


def live(events: Sequence[RecordedEvent]) -> dict[int, dict[str, Any]]:
    """Return the newest facts of each pledge that was published and not withdrawn."""
    found: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.kind in {"pledge-published", "pledge-amended", "pledge-taken-over"}:
            found[event.data["pledge"]] = dict(event.data)
        elif event.kind == "pledge-withdrawn":
            found.pop(event.data["pledge"], None)
    return found


def confirmed(events: Sequence[RecordedEvent]) -> set[int]:
    """Return the pledges that somebody independent, not left unpaid, agreed to and still does."""
    sessions: dict[int, set[int]] = {}
    unpaid: set[int] = set()
    before: set[int] = set()
    for event in events:
        facts = event.data
        if event.kind == "codesign-confirmed":
            if facts["paid"] == "unpaid":
                unpaid.add(facts["session"])
            elif facts["independent"]:
                sessions.setdefault(facts["session"], set()).update(facts["pledges"])
        elif event.kind == "payment-confirmed":
            unpaid.discard(facts["session"])
        elif event.kind == "agreement-withdrawn" and not facts["still_agreed"]:
            sessions.pop(facts["session"], None)
        elif event.kind == "pledge-taken-over" and facts["agreed"]:
            before.add(facts["pledge"])
    agreed = (pledges for session, pledges in sessions.items() if session not in unpaid)
    return before.union(*agreed)
