"""A rehearsal: who would change standing, results or level under another pack (rule 29).

Nothing is written. The histories of all are folded twice, a page at a time: by the packs in force,
and as they would be if the other were taken up at that instant.
"""

import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from charter.framework.in_force import PacksInForce, TakenUp
from charter.framework.pack import FrameworkPack
from charter.history.events import RecordedEvent
from charter.history.queries import histories
from charter.standing.assessment import Assessment, assess
from charter.standing.lessons import untaught


@dataclass(frozen=True, slots=True)
class Change:
    """One answer of one organisation that would be another: which, and the two of them."""

    organisation: UUID
    answer: str
    now: Any
    then: Any


@dataclass(frozen=True, slots=True)
class NotFoldable:
    """An organisation whose history names something that the other pack does not have."""

    organisation: UUID
    missing: str


async def rehearse(
    packs: PacksInForce, other: FrameworkPack, *, at: datetime
) -> AsyncIterator[Change | NotFoldable]:
    """Yield every answer that would be another if the other pack were taken up at an instant."""
    async for organisation, events in histories(untaught(), recorded_by=at):
        for difference in compare(organisation, events, packs, other, at):
            yield difference


def compare(
    organisation: UUID,
    events: list[RecordedEvent],
    packs: PacksInForce,
    other: FrameworkPack,
    at: datetime,
) -> list[Change | NotFoldable]:
    """Return what would be another for one organisation."""
    before = _answers(assess(events, at, *packs))
    coming = TakenUp(sys.maxsize, at, other)
    try:
        after = _answers(assess(events, at, packs.first, (*packs.later, coming)))
    except KeyError as unknown:
        return [NotFoldable(organisation, str(unknown.args[0]))]
    return [
        Change(organisation, name, before[name], after[name])
        for name in before
        if before[name] != after[name]
    ]


def _answers(answer: Assessment | None) -> dict[str, Any]:
    if answer is None:
        return {"standing": None, "results": None, "level": None}
    return {
        "standing": answer.standing.value,
        "results": asdict(answer.results),
        "level": answer.level.value if answer.level is not None else None,
    }
