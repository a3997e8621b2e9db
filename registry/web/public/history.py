"""The history as outsiders read it: events oldest first, with a cursor that stays right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from badges.log.queries import indexes_of
from charter.clock import local_day, start_of_day
from charter.history.events import RecordedEvent
from charter.history.kinds import KINDS
from charter.history.queries import events_after, recorded
from charter.history.sentences import sentence_of
from charter.history.tables import Event
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
    as_of: date | None = None
    recorded_by: datetime | None = None


async def describe_events(asked: Asked, site: Site, now: datetime) -> EventsPayload:
    """Return a page of public events. `meta.next` is null on the last page known today."""
    events = await events_after(
        asked.after,
        limit=asked.limit + 1,
        organisation=asked.organisation,
        recorded_by=asked.recorded_by,
    )
    page = events[: asked.limit]
    then = f"&as_of={asked.as_of}" if asked.as_of is not None else ""
    following = f"{site.public_url}{asked.address}?after={page[-1].id}{then}" if page else None
    return EventsPayload(
        meta=Meta(
            generated_at=now,
            as_of=asked.as_of,
            next=following if len(events) > asked.limit else None,
        ),
        events=await describe_all(page, site),
    )


async def describe_newest(
    site: Site,
    *,
    limit: int,
    slugs: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    before: int | None = None,
    recorded_by: datetime | None = None,
) -> list[EventPayload]:
    """Return the newest events, newest first: of some organisations and kinds, if given.

    With `before`, the newest of those recorded before that event; with `recorded_by`, by then.
    """
    by = recorded_by
    rows = await Event.raw(_NEWEST, slugs, slugs, kinds, kinds, before, before, by, by, limit)
    return await describe_all([recorded(row) for row in rows], site)


async def describe_all(events: Sequence[RecordedEvent], site: Site) -> list[EventPayload]:
    """Return the payloads of `events`, in their order."""
    names = await _names(events)
    indexes = await indexes_of([event.id for event in events])
    return [describe_event(event, names, indexes, site.pack.zone) for event in events]


def is_settled(events: Sequence[EventPayload]) -> bool:
    """Say whether every event has its place in the public log; it comes within seconds."""
    return all(event.log is not None for event in events)


def describe_event(
    event: RecordedEvent,
    names: Mapping[UUID, tuple[str, str]],
    indexes: Mapping[int, int],
    zone: ZoneInfo,
) -> EventPayload:
    """Return the payload of one event; instants of reviews are rounded to the day (rule 25)."""
    kind = KINDS[event.kind]
    index = indexes.get(event.id)
    facts = event.data
    slug, name = names.get(event.organisation, NOBODY) if event.organisation else NOBODY
    return EventPayload(
        id=event.id,
        kind=event.kind,
        organisation=slug,
        organisation_name=name,
        subject=SubjectPayload(
            type=kind.subject,
            number=facts.get(kind.number) if kind.number else None,
            version=facts.get(kind.version) if kind.version else None,
        )
        if kind.subject
        else None,
        effective_at=_shown(event.effective_at, zone, discreet=kind.discreet),
        recorded_at=_shown(event.recorded_at, zone, discreet=kind.discreet),
        summary=_summary(event),
        from_=facts.get("from"),
        to=facts.get("to"),
        log=LogPayload(index=index) if index is not None else None,
    )


def _summary(event: RecordedEvent) -> str:
    if event.kind in BEGINNINGS and event.data["from"] is None:
        return BEGINNINGS[event.kind].format(str(event.data["to"]).replace("-", " "))
    if event.kind == "level-changed" and event.data["to"] is None:
        return NO_LEVEL.format(event.data["from"])
    return sentence_of(event.kind, event.data)


BEGINNINGS = {"standing-changed": "Standing: {}.", "level-changed": "Level: {}."}
"""How the first of its kind is told, where there is nothing it changed from."""

NO_LEVEL = "No level is shown any more; it was {}."
"""How the loss of the level is told."""

NOBODY = (None, None)
"""Slug and name where there is no organisation, or none that is public."""


def _shown(at: datetime, zone: ZoneInfo, *, discreet: bool) -> datetime:
    return start_of_day(local_day(at, zone), zone) if discreet else at


async def _names(events: Sequence[RecordedEvent]) -> dict[UUID, tuple[str, str]]:
    """Return slug and name of every organisation that is public; of others nothing is told."""
    wanted = list({event.organisation for event in events if event.organisation})
    if not wanted:
        return {}
    rows = await Organisation.select(Organisation.id, Organisation.slug, Organisation.name).where(
        Organisation.id.is_in(wanted) & Organisation.public_since.is_not_null()
    )
    return {row["id"]: (row["slug"], row["name"]) for row in rows}


_NEWEST = """
SELECT e.id, e.kind, e.organisation, e.effective_at, e.recorded_at, e.by, e.data, e.words,
    e.commitment
FROM event e
WHERE ({}::text[] IS NULL OR e.organisation IN (
        SELECT id FROM organisation WHERE slug = ANY({}::text[])))
    AND ({}::text[] IS NULL OR e.kind = ANY({}::text[]))
    AND ({}::bigint IS NULL OR e.id < {}::bigint)
    AND ({}::timestamptz IS NULL OR e.recorded_at <= {}::timestamptz)
ORDER BY e.id DESC LIMIT {}
"""
