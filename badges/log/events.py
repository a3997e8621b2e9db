"""The events of the register, as the log tells of them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from badges.log.entry import SequencedEvent
from badges.log.errors import Malformed
from badges.tables import Badge
from charter.history.events import RecordedEvent
from charter.history.kinds import KINDS
from charter.history.queries import events_after

Handles = Callable[[Iterable[UUID]], Awaitable[Mapping[UUID, str]]]
"""Finds the badge codes of those organisations that are surely no natural person."""


@dataclass(frozen=True, slots=True)
class RegisterEvents:
    """The committed events of the register, in the order of their commits."""

    handles: Handles

    async def committed_events_after(self, event_id: int, limit: int) -> list[SequencedEvent]:
        """Return at most `limit` events with greater ids, in the order of their ids.

        Raise Malformed for an event that the ledger cannot have written.
        """
        events = await events_after(event_id, limit=limit)
        organisations = {event.organisation for event in events if event.organisation is not None}
        handles = await self.handles(organisations) if organisations else {}
        return [_told(event, _handle(event, handles)) for event in events]


def codes_of_registered(own_prefix: str) -> Handles:
    """Return a way to the badge codes of those organisations that a public register lists.

    Whoever carries only an identifier of the pack's `own_prefix`, or none, may be one person by
    another name, and is not named in the log.
    """

    async def handles(organisations: Iterable[UUID]) -> Mapping[UUID, str]:
        rows = await Badge.raw(
            """
            SELECT organisation, code FROM badge
            WHERE organisation = ANY({}::uuid[]) AND EXISTS (
                SELECT FROM organisation_identifier AS listed
                WHERE listed.organisation = badge.organisation
                AND listed.scheme <> {} AND NOT listed.released
            )
            """,
            list(organisations),
            own_prefix,
        )
        return {row["organisation"]: row["code"] for row in rows}

    return handles


def _handle(event: RecordedEvent, handles: Mapping[UUID, str]) -> str | None:
    return None if event.organisation is None else handles.get(event.organisation)


def _told(event: RecordedEvent, handle: str | None) -> SequencedEvent:
    """Return what the log tells; an edition is numbered only where its badge may be named."""
    if event.kind not in KINDS:
        raise Malformed(f"Event {event.id} is of a kind that nobody knows.")
    return SequencedEvent(
        id=event.id,
        kind=event.kind,
        recorded_at=_public_instant(event, event.recorded_at),
        effective_at=_public_instant(event, event.effective_at),
        organisation=None if event.organisation is None else str(event.organisation),
        by=event.by,
        facts=event.data,
        handle=handle,
        edition=_edition(event) if handle else None,
        standing=event.data.get("to") if event.kind == "standing-changed" else None,
        commitment=event.commitment,
    )


def _edition(event: RecordedEvent) -> int | None:
    return event.data.get("edition") if event.kind == "badge-edition-issued" else None


def _public_instant(event: RecordedEvent, at: datetime) -> datetime:
    """Return `at` as the public history shows it: for a discreet kind, only the day."""
    if KINDS[event.kind].discreet:
        return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return at
