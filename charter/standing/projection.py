"""Keeping the last answer beside the facts: the row that lists and filters read.

The row is a copy of what the pure function says and can be thrown away. What it says moved since
the last time becomes events.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.history.events import Fact
from charter.history.queries import events_of
from charter.organisations.tables import Organisation
from charter.standing.assessment import Assessment, answer_of
from charter.standing.facts import Known
from charter.standing.tables import CurrentStanding
from charter.standing.walk import Walk


@dataclass(frozen=True, slots=True)
class Moved:
    """An event that follows from facts and time: a standing or a level that changed."""

    kind: str
    at: datetime
    facts: dict[str, Fact]


async def settle(steps: Walk, organisation: UUID, now: datetime) -> list[Moved]:
    """Take in what was recorded since the walk's last event, keep the answer, return what moved."""
    for event in await events_of(organisation, after=steps.known.last_event):
        steps.learn(event)
    answer = answer_of(steps, now)
    if answer is None:
        return []
    await _keep(organisation, answer)
    return [*_standing_moves(steps.known, answer), *_level_moves(steps.known, answer)]


def _standing_moves(known: Known, answer: Assessment) -> list[Moved]:
    return [
        Moved(
            "standing-changed",
            move.at,
            {
                "from": move.origin.value if move.origin else None,
                "to": move.to.value,
                "row": move.row,
                "days_late": move.days_late,
            },
        )
        for move in answer.moves[known.told_moves :]
    ]


def _level_moves(known: Known, answer: Assessment) -> list[Moved]:
    level = answer.level.value if answer.level else None
    if known.told_level == level:
        return []
    return [Moved("level-changed", answer.at, {"from": known.told_level, "to": level})]


async def _keep(organisation: UUID, answer: Assessment) -> None:
    row: dict[Any, Any] = {
        CurrentStanding.standing: answer.standing.value,
        CurrentStanding.since: answer.since,
        CurrentStanding.days_late: answer.days_late,
        CurrentStanding.level: answer.level.value if answer.level else None,
        CurrentStanding.level_lapses_on: answer.level_rest and answer.level_rest.lapses_on,
        CurrentStanding.level_waits: bool(answer.level_rest and answer.level_rest.waits),
        CurrentStanding.results: _json(answer.results),
        CurrentStanding.flags: _json(answer.flags),
        CurrentStanding.types: _json(answer.types),
        CurrentStanding.pledges: _json(answer.pledge_results),
        CurrentStanding.reasons: _json(answer.reasons),
        CurrentStanding.sentence: answer.sentence,
        CurrentStanding.holds_until: answer.holds_until,
        CurrentStanding.updated_at: answer.at,
        CurrentStanding.last_event: answer.last_event,
    }
    known = CurrentStanding.organisation == organisation
    if await CurrentStanding.update(row).where(known).returning(CurrentStanding.organisation):
        return
    await CurrentStanding.insert(
        CurrentStanding({CurrentStanding.organisation: organisation, **row})
    )
    await Organisation.update({Organisation.public_since: answer.public_since}).where(
        Organisation.id == organisation
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
