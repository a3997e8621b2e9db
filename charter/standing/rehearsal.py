"""A rehearsal: who would change standing, results or level under another pack (rule 29).

Nothing is written. The histories of all are folded twice, once by each pack, a page at a time.
"""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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
    pack: FrameworkPack, other: FrameworkPack, *, at: datetime
) -> AsyncIterator[Change | NotFoldable]:
    """Yield every answer that would be another under the other pack at an instant."""
    async for organisation, events in histories(untaught(), recorded_by=at):
        for difference in compare(organisation, events, pack, other, at):
            yield difference


def compare(
    organisation: UUID,
    events: list[RecordedEvent],
    pack: FrameworkPack,
    other: FrameworkPack,
    at: datetime,
) -> list[Change | NotFoldable]:
    """Return what would be another for one organisation."""
    before = _answers(assess(events, at, pack))
    try:
        after = _answers(assess(events, at, other))
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
