"""The library as data, by the names that outsiders rely on."""

from datetime import date, datetime

from charter.clock import local_day
from charter.learning.celebration_queries import CelebrationSeen
from charter.learning.queries import Note
from charter.learning.resource_queries import ResourceSeen
from charter.learning.rules import LICENCES
from registry.web.public.listing import Site
from registry.web.public.payloads import Meta, Payload


class NotePayload(Payload, frozen=True, kw_only=True):
    """What one organisation learnt from a pledge or, with `cycle`, from a year: its own words."""

    id: int
    organisation: str
    organisation_name: str
    sector: str
    boroughs: list[str]
    pledge: int | None
    pledge_url: str | None
    cycle: int | None
    type: str | None
    types: list[str]
    actions: list[str]
    forms: list[str]
    worked: str
    summary: str
    what_did_not_work: str | None
    why: str | None
    what_changes: str | None
    published_on: date


class ResourcePayload(Payload, frozen=True, kw_only=True):
    """Something others may use. Empty lists and null stand for all."""

    id: int
    kind: str
    title: str
    owner: str
    link: str
    licence: str
    licence_name: str
    licence_url: str | None
    summary: str
    types: list[str]
    forms: list[str]
    action: str | None
    sector: str | None
    borough: str | None
    released_on: date | None


class CelebrationPayload(Payload, frozen=True, kw_only=True):
    """Something worth celebrating; `confirmed_by` is a community group, or null."""

    id: int
    organisation: str
    organisation_name: str
    sector: str
    boroughs: list[str]
    pledge: int | None
    type: str | None
    title: str
    text: str
    told_by: str
    shown_on: date | None
    confirmed_by: str | None
    confirmed_by_url: str | None
    confirmed_on: date | None


class NotesPayload(Payload, frozen=True, kw_only=True):
    """A page of notes, the newest first."""

    meta: Meta
    notes: list[NotePayload]


class ResourcesPayload(Payload, frozen=True, kw_only=True):
    """A page of resources, the newest first."""

    meta: Meta
    resources: list[ResourcePayload]


class CelebrationsPayload(Payload, frozen=True, kw_only=True):
    """A page of celebrations, the newest first."""

    meta: Meta
    celebrations: list[CelebrationPayload]


def describe_note(note: Note, site: Site) -> NotePayload:
    """Return the payload of a note."""
    return NotePayload(
        id=note.id,
        organisation=note.slug,
        organisation_name=note.organisation,
        sector=note.sector,
        boroughs=list(note.boroughs),
        pledge=note.pledge,
        pledge_url=f"{site.public_url}/organisations/{note.slug}/pledges/{note.pledge}"
        if note.pledge
        else None,
        cycle=note.cycle,
        type=note.types[0] if note.pledge else None,
        types=list(note.types),
        actions=list(note.actions),
        forms=list(note.forms),
        worked=note.worked,
        summary=note.summary,
        what_did_not_work=note.what_did_not_work or None,
        why=note.why or None,
        what_changes=note.what_changes or None,
        published_on=local_day(note.published_at, site.pack.zone),
    )


def describe_resource(resource: ResourceSeen, site: Site) -> ResourcePayload:
    """Return the payload of a resource."""
    licence = LICENCES[resource.licence]
    return ResourcePayload(
        id=resource.id,
        kind=resource.kind,
        title=resource.title,
        owner=resource.owner,
        link=resource.link,
        licence=resource.licence,
        licence_name=licence.name,
        licence_url=licence.url or None,
        summary=resource.summary,
        types=list(resource.types),
        forms=list(resource.forms),
        action=resource.action or None,
        sector=resource.sector or None,
        borough=resource.borough or None,
        released_on=_day(resource.released_at, site),
    )


def describe_celebration(celebration: CelebrationSeen, site: Site) -> CelebrationPayload:
    """Return the payload of a celebration."""
    return CelebrationPayload(
        id=celebration.id,
        organisation=celebration.slug,
        organisation_name=celebration.organisation,
        sector=celebration.sector,
        boroughs=list(celebration.boroughs),
        pledge=celebration.pledge,
        type=celebration.type or None,
        title=celebration.title,
        text=celebration.text,
        told_by=celebration.proposed_by,
        shown_on=_day(celebration.shown_at, site),
        confirmed_by=celebration.confirmed_by,
        confirmed_by_url=f"{site.public_url}/community-groups/{celebration.group}"
        if celebration.group
        else None,
        confirmed_on=_day(celebration.confirmed_at, site),
    )


def _day(instant: datetime | None, site: Site) -> date | None:
    return None if instant is None else local_day(instant, site.pack.zone)
