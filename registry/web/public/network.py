"""Everybody in one borough or sector: who is there, what they pledge, what they learnt.

A place to find each other, never a table of places: organisations stand by name alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from charter.learning.celebration_queries import CelebrationSeen, find_celebrations
from charter.learning.queries import LibrarySearch, Note, find_notes
from charter.organisations.tables import Organisation
from charter.standing.words import GONE
from registry.web.learning.payloads import (
    CelebrationPayload,
    NotePayload,
    describe_celebration,
    describe_note,
)
from registry.web.public.listing import Search, Site, find_organisations
from registry.web.public.payloads import Meta, Payload

NetworkKind = Literal["borough", "sector"]

NEWEST = 5
"""Notes and celebrations that a page tells; the library has them all."""


class NetworkMemberPayload(Payload, frozen=True, kw_only=True):
    """One organisation there: how it stands, and its live pledges for each of the five types."""

    slug: str
    name: str
    url: str
    sector: str
    boroughs: list[str]
    standing: str
    sentence: str
    pledges: dict[str, int]


class PlacePayload(Payload, frozen=True, kw_only=True):
    """An organisation by its address and name."""

    slug: str
    name: str


class SharedActionPayload(Payload, frozen=True, kw_only=True):
    """A catalogue action that several organisations there have live pledges for."""

    action: str
    type: str
    organisations: list[PlacePayload]


class ContactPayload(Payload, frozen=True, kw_only=True):
    """How to reach the hub, which passes messages on. Nobody else's address is public."""

    name: str
    email: str


class NetworkPayload(Payload, frozen=True, kw_only=True):
    """Who works against racism in one borough or sector. `next` is the next page of them."""

    meta: Meta
    kind: str
    id: str
    name: str
    organisations: list[NetworkMemberPayload]
    same_action: list[SharedActionPayload]
    notes: list[NotePayload]
    celebrations: list[CelebrationPayload]
    contact: ContactPayload


class NetworkLinePayload(Payload, frozen=True, kw_only=True):
    """One borough or sector, and how many organisations are there."""

    id: str
    name: str
    organisations: int
    url: str


class NetworksPayload(Payload, frozen=True, kw_only=True):
    """All boroughs, or all sectors, in the order of the framework pack."""

    meta: Meta
    kind: str
    places: list[NetworkLinePayload]


@dataclass(frozen=True, slots=True)
class Network:
    """One borough or sector as its page reads it."""

    members: list[NetworkMemberPayload]
    total: int
    next_cursor: str | None
    same_action: list[SharedActionPayload]
    notes: Sequence[Note]
    celebrations: Sequence[CelebrationSeen]


PATHS: Mapping[NetworkKind, str] = {"borough": "/boroughs", "sector": "/sectors"}


def places_of(kind: NetworkKind, site: Site) -> Mapping[str, str]:
    """Return the names of the boroughs or sectors, by token."""
    region = site.pack.region
    rows = region.boroughs if kind == "borough" else region.sectors
    return {row.id: row.name for row in rows}


async def find_network(kind: NetworkKind, place: str, cursor: str | None, site: Site) -> Network:
    """Return who is in one borough or sector, a page at a time, and what they do and learnt."""
    borough, sector = (place, None) if kind == "borough" else (None, place)
    library = LibrarySearch(borough=borough, sector=sector, limit=NEWEST)
    search = Search(borough=borough, sector=sector, cursor=cursor)
    found = await find_organisations(search, site)
    pledges = await _live_pledges([row.slug for row in found.organisations], site)
    members = [
        NetworkMemberPayload(
            slug=row.slug,
            name=row.name,
            url=row.url,
            sector=row.sector,
            boroughs=row.boroughs,
            standing=row.standing,
            sentence=row.sentence,
            pledges=pledges[row.slug],
        )
        for row in found.organisations
    ]
    return Network(
        members=members,
        total=found.total,
        next_cursor=found.next_cursor,
        same_action=await _same_action(place, site),
        notes=(await find_notes(library)).rows,
        celebrations=(await find_celebrations(library)).rows,
    )


def describe_network(
    network: Network,
    kind: NetworkKind,
    place: str,
    *,
    meta: Meta,
    contact: ContactPayload,
    site: Site,
) -> NetworkPayload:
    """Return the payload of a borough or sector."""
    return NetworkPayload(
        meta=meta,
        kind=kind,
        id=place,
        name=places_of(kind, site)[place],
        organisations=network.members,
        same_action=network.same_action,
        notes=[describe_note(note, site) for note in network.notes],
        celebrations=[describe_celebration(one, site) for one in network.celebrations],
        contact=contact,
    )


async def describe_networks(kind: NetworkKind, site: Site, now: datetime) -> NetworksPayload:
    """Return every borough or sector with how many organisations are there."""
    rows = await Organisation.raw(_COUNTS[kind])
    counts = {row["place"]: row["count"] for row in rows}
    places = [
        NetworkLinePayload(
            id=place,
            name=name,
            organisations=counts.get(place, 0),
            url=f"{site.public_url}{PATHS[kind]}/{place}",
        )
        for place, name in places_of(kind, site).items()
    ]
    return NetworksPayload(meta=Meta(generated_at=now), kind=kind, places=places)


async def _live_pledges(slugs: list[str], site: Site) -> dict[str, dict[str, int]]:
    rows = await Organisation.raw(_PLEDGES, site.scheme.today(), slugs, sorted(GONE))
    counts = {slug: dict.fromkeys(site.pack.type_ids, 0) for slug in slugs}
    for row in rows:
        counts[row["slug"]][row["type"]] = row["count"]
    return counts


async def _same_action(place: str, site: Site) -> list[SharedActionPayload]:
    type_of = {entry.id: each.id for each in site.pack.catalogue.types for entry in each.actions}
    rows: list[Mapping[str, Any]] = await Organisation.raw(
        _SAME_ACTION, site.scheme.today(), place, place, sorted(GONE)
    )
    found = {row["action"]: row["organisations"] for row in rows}
    return [
        SharedActionPayload(
            action=action,
            type=type_id,
            organisations=msgspec.json.decode(found[action], type=list[PlacePayload]),
        )
        for action, type_id in type_of.items()
        if action in found
    ]


_COUNTS: Mapping[NetworkKind, str] = {
    "borough": "SELECT place, count(*) AS count FROM organisation o JOIN current_standing s"
    " ON s.organisation = o.id, unnest(o.boroughs) AS place GROUP BY place",
    "sector": "SELECT o.sector AS place, count(*) AS count FROM organisation o"
    " JOIN current_standing s ON s.organisation = o.id GROUP BY o.sector",
}

_PLEDGES = """
SELECT o.slug, p.type, count(*) AS count FROM pledge p JOIN organisation o ON o.id = p.organisation
JOIN current_standing s ON s.organisation = o.id
WHERE p.state = 'live' AND p.ends_on >= {} AND o.slug = ANY({}::text[])
    AND NOT s.standing = ANY({}::text[])
GROUP BY o.slug, p.type
"""

_SAME_ACTION = """
SELECT action, json_agg(json_build_object('slug', slug, 'name', name)
    ORDER BY lower(name), slug)::text AS organisations
FROM (
    SELECT DISTINCT action, o.slug, o.name
    FROM organisation o JOIN current_standing s ON s.organisation = o.id
    JOIN pledge p ON p.organisation = o.id AND p.state = 'live' AND p.ends_on >= {}
    JOIN pledge_version v ON v.pledge = p.id AND v.version = p.version,
    jsonb_array_elements_text(v.terms -> 'actions') AS action
    WHERE (o.sector = {}::text OR {}::text = ANY(o.boroughs)) AND NOT s.standing = ANY({}::text[])
) promised GROUP BY action HAVING count(*) > 1
"""
"""No borough bears the name of a sector (a test holds that), so one name asks for either."""
