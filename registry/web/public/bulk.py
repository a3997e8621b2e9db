"""The whole register as files: rows in batches, so that no file is ever held in memory.

Each file has a description of its columns (Frictionless Data), from which the package says what
is in it.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from charter.history.queries import words_of
from charter.plans.tables import Pledge
from registry.web.public.flat import (
    ORGANISATION_COLUMNS,
    RESULTS,
    flatten_organisation,
    write_header,
    write_row,
)
from registry.web.public.history import Asked, describe_events
from registry.web.public.listing import Search, Site, find_organisations
from registry.web.public.payloads import LICENCE
from registry.web.public.statistics import statistic_rows

BATCH = 500

Rows = Callable[[Site], AsyncIterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class BulkFile:
    """One file: its rows, its columns with their types, and what tells one row from another."""

    name: str
    title: str
    columns: dict[str, str]
    key: tuple[str, ...]
    rows: Rows


EVERYTHING = Search()


async def organisation_rows(
    site: Site, asked: Search = EVERYTHING
) -> AsyncIterator[dict[str, Any]]:
    """Yield every organisation that fits, by name unless asked otherwise."""
    search = replace(asked, limit=BATCH)
    while True:
        found = await find_organisations(search, site)
        for organisation in found.organisations:
            yield flatten_organisation(organisation)
        if found.next_cursor is None:
            return
        search = replace(search, cursor=found.next_cursor)


async def pledge_rows(site: Site) -> AsyncIterator[dict[str, Any]]:
    """Yield every published pledge, tombstones too, by organisation and number."""
    slug, number, zone = "", 0, site.pack.framework.zone
    while rows := await Pledge.raw(_PLEDGES, zone, zone, slug, number, BATCH):
        words = await words_of(row["words"] for row in rows)
        for row in rows:
            yield {
                **{name: row.get(name) for name in PLEDGE_COLUMNS},
                "title": words[row["words"]]["title"],
                "url": f"{site.public_url}/organisations/{row['slug']}/pledges/{row['number']}",
            }
        slug, number = rows[-1]["slug"], rows[-1]["number"]


async def event_rows(site: Site) -> AsyncIterator[dict[str, Any]]:
    """Yield every event in the order of recording."""
    asked = Asked(limit=BATCH)
    while True:
        payload = await describe_events(asked, site, site.scheme.now())
        for event in payload.events:
            subject = event.subject
            yield {
                **{name: getattr(event, name) for name in _OF_EVENT},
                "subject_type": subject.type if subject else None,
                "subject_number": subject.number if subject else None,
                "subject_version": subject.version if subject else None,
                "from": event.from_,
                "to": event.to,
                "log_index": event.log.index if event.log else None,
            }
        if payload.meta.next is None:
            return
        asked = replace(asked, after=payload.events[-1].id)


async def write_lines(
    columns: Sequence[str], rows: AsyncIterator[dict[str, Any]]
) -> AsyncIterator[bytes]:
    """Yield the lines of a file for spreadsheets, its header first."""
    yield write_header(columns).encode()
    async for row in rows:
        yield write_row(columns, row).encode()


def write_csv(file: BulkFile, site: Site) -> AsyncIterator[bytes]:
    """Yield the lines of the file for spreadsheets."""
    return write_lines(tuple(file.columns), file.rows(site))


async def write_json_lines(file: BulkFile, site: Site) -> AsyncIterator[bytes]:
    """Yield one JSON object a line; an absent value is null."""
    async for row in file.rows(site):
        members = {column: row.get(column) for column in file.columns}
        yield msgspec.json.encode(members) + b"\n"


def describe_package(site: Site) -> dict[str, Any]:
    """Return datapackage.json."""
    return {
        "profile": "tabular-data-package",
        "name": "charter-register",
        "title": site.pack.framework.name,
        "homepage": f"{site.public_url}/open-data",
        "licenses": [
            {"name": "OGL-UK-3.0", "title": "Open Government Licence v3.0", "path": LICENCE}
        ],
        "resources": [_describe_file(file, site) for file in FILES.values()],
    }


def _describe_file(file: BulkFile, site: Site) -> dict[str, Any]:
    return {
        "name": file.name,
        "title": file.title,
        "profile": "tabular-data-resource",
        "path": f"{site.public_url}/open-data/{file.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": name, "type": kind} for name, kind in file.columns.items()],
            "primaryKey": list(file.key),
            "missingValues": [""],
        },
    }


_TYPES = {
    "signed_on": "date",
    "standing_since": "datetime",
    "updated_at": "datetime",
    "days_late": "integer",
    **dict.fromkeys(RESULTS, "integer"),
}

PLEDGE_COLUMNS = {
    "organisation": "string",
    "number": "integer",
    "type": "string",
    "title": "string",
    "version": "integer",
    "result": "string",
    "first_published_on": "date",
    "first_due_on": "date",
    "due_on": "date",
    "funding_pence": "integer",
    "withdrawn_on": "date",
    "url": "string",
}

_OF_EVENT = ("id", "kind", "organisation", "effective_at", "recorded_at", "summary")

EVENT_COLUMNS = {
    "id": "integer",
    "kind": "string",
    "organisation": "string",
    "subject_type": "string",
    "subject_number": "string",
    "subject_version": "integer",
    "effective_at": "datetime",
    "recorded_at": "datetime",
    "summary": "string",
    "from": "string",
    "to": "string",
    "log_index": "integer",
}

FILES = {
    file.name: file
    for file in (
        BulkFile(
            "organisations",
            "Organisations and how they stand",
            {column: _TYPES.get(column, "string") for column in ORGANISATION_COLUMNS},
            ("slug",),
            organisation_rows,
        ),
        BulkFile(
            "pledges",
            "Pledges and what became of them",
            PLEDGE_COLUMNS,
            ("organisation", "number"),
            pledge_rows,
        ),
        BulkFile("events", "Everything that happened", EVENT_COLUMNS, ("id",), event_rows),
        BulkFile(
            "statistics",
            "The scheme in figures",
            {"figure": "string", "value": "number"},
            ("figure",),
            statistic_rows,
        ),
    )
}

_PLEDGES = """
SELECT o.slug, o.slug AS organisation, p.number, p.type, v.version, v.words,
    COALESCE(s.pledges ->> p.number::text, 'not-yet-due') AS result,
    (f.published_at AT TIME ZONE {}::text)::date AS first_published_on,
    m.first_due_on, m.due_on, (v.terms ->> 'funding_pence')::bigint AS funding_pence,
    (p.withdrawn_at AT TIME ZONE {}::text)::date AS withdrawn_on
FROM organisation o JOIN current_standing s ON s.organisation = o.id
JOIN pledge p ON p.organisation = o.id
JOIN pledge_version v ON v.pledge = p.id AND v.version = p.version
JOIN pledge_version f ON f.pledge = p.id AND f.version = 1
LEFT JOIN LATERAL (SELECT max(first_due_on) AS first_due_on, max(due_on) AS due_on
    FROM milestone WHERE pledge = p.id) m ON true
WHERE (o.slug, p.number) > ({}::text, {}::int)
ORDER BY o.slug, p.number LIMIT {}
"""
