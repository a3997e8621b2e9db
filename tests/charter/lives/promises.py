"""What was promised and who agreed to it, told from the facts of the events and nothing else."""

from collections.abc import Mapping, Sequence
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
            answer = found.get(event.data["type"], {"version": None})
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
        assert answer["applies"] or answer["agreed"], answer
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
    agreed: set[tuple[int, int]] = set()
    unpaid: set[int] = set()
    before: set[int] = set()
    for event in events:
        facts = event.data
        if event.kind == "codesign-confirmed":
            if facts["paid"] == "unpaid":
                unpaid.add(facts["session"])
            elif facts["independent"]:
                agreed |= _each(facts)
        elif event.kind == "payment-confirmed":
            unpaid.discard(facts["session"])
        elif event.kind == "agreement-withdrawn" and not facts["still_agreed"]:
            agreed -= _each(facts)
        elif event.kind == "pledge-taken-over" and facts["agreed"]:
            before.add(facts["pledge"])
    return before | {pledge for session, pledge in agreed if session not in unpaid}


def _each(facts: Mapping[str, Any]) -> set[tuple[int, int]]:
    """Return what was agreed in a session, a pledge at a time."""
    return {(facts["session"], pledge) for pledge in facts["pledges"]}


def each_type_has_a_confirmed_pledge_of_its_own(
    events: Sequence[RecordedEvent], today: date
) -> None:
    """Assert that no pledge is counted twice, and none that nobody independent agreed to."""
    agreed, own = confirmed(events), live(events)
    for type_id in applicable(events):
        counted = {
            number
            for number, facts in own.items()
            if facts["type"] == type_id and date.fromisoformat(facts["ends_on"]) >= today
        }
        assert counted & agreed, (type_id, counted, agreed)
    no_row_unless_agreed(events, today)
