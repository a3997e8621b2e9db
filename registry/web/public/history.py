"""The history as outsiders read it: events oldest first, with a cursor that stays right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from badges.log.queries import indexes_of
from charter.clock import local_day, start_of_day
from charter.history.kinds import KINDS, RecordedEvent, sentence_of
from charter.history.queries import events_after
from charter.organisations.tables import Organisation
from registry.web.public.listing import Site
from registry.web.public.payloads import (
    EventPayload,
    EventsPayload,
    LogPayload,
    Meta,
    SubjectPayload,
)

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events are wanted: after which, how many, of one organisation or of all."""

    after: int = 0
    limit: int = PAGE_SIZE
    organisation: UUID | None = None
    address: str = "/api/v1/events"


async def describe_events(asked: Asked, site: Site, now: datetime) -> EventsPayload:
    """Return a page of public events. `meta.next` is null on the last page known today."""
    events = await events_after(asked.after, limit=asked.limit + 1, organisation=asked.organisation)
    page = events[: asked.limit]
    slugs = await _slugs(page)
    indexes = await indexes_of([event.id for event in page])
    following = f"{site.public_url}{asked.address}?after={page[-1].id}" if page else None
    return EventsPayload(
        meta=Meta(generated_at=now, next=following if len(events) > asked.limit else None),
        events=[describe_event(event, slugs, indexes, site.pack.zone) for event in page],
    )


def describe_event(
    event: RecordedEvent,
    slugs: Mapping[UUID, str],
    indexes: Mapping[int, int],
    zone: ZoneInfo,
) -> EventPayload:
    """Return the payload of one event; instants of reviews are rounded to the day (rule 25)."""
    kind = KINDS[event.kind]
    index = indexes.get(event.id)
    facts = event.data
    return EventPayload(
        id=event.id,
        kind=event.kind,
        organisation=slugs.get(event.organisation) if event.organisation else None,
        subject=SubjectPayload(
            type=kind.subject,
            number=facts.get(kind.number) if kind.number else None,
            version=facts.get(kind.version) if kind.version else None,
        )
        if kind.subject
        else None,
        effective_at=_shown(event.effective_at, zone, discreet=kind.discreet),
        recorded_at=_shown(event.recorded_at, zone, discreet=kind.discreet),
        summary=sentence_of(event.kind, facts),
        from_=facts.get("from"),
        to=facts.get("to"),
        log=LogPayload(index=index) if index is not None else None,
    )


def _shown(at: datetime, zone: ZoneInfo, *, discreet: bool) -> datetime:
    return start_of_day(local_day(at, zone), zone) if discreet else at


async def _slugs(events: list[RecordedEvent]) -> dict[UUID, str]:
    wanted = list({event.organisation for event in events if event.organisation})
    if not wanted:
        return {}
    rows = await Organisation.select(Organisation.id, Organisation.slug).where(
        Organisation.id.is_in(wanted) & Organisation.public_since.is_not_null()
    )
    return {row["id"]: row["slug"] for row in rows}
