"""The list of organisations: what may be asked of it, and one statement that answers.

Filters name tokens of the pack; an unknown token is refused with the allowed ones. The cursor is
the last row's place in the order, so it stays right while rows come and go.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from charter.clock import local_day
from charter.errors import FieldError
from charter.framework.pack import FrameworkPack
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from charter.standing.words import Level, Standing
from registry.web.public.payloads import (
    IdentifierPayload,
    OrganisationPayload,
    ResultsPayload,
)
from registry.web.refusals import UnusableQuery
from registry.web.text import is_readable

PAGE_SIZE = 50

FILTERS = ("q", "borough", "sector", "type", "standing", "level", "size")
"""What may be asked of the list, beside its order and its pages."""

SORTS: Mapping[str, str] = {
    "name": "lower(o.name)",
    "signed": "COALESCE((SELECT to_char(max(signed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    " FROM signature WHERE organisation = o.id), '')",
    "updated": "to_char(s.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}
"""What a list may be sorted by. There is no order by level: this is no league table."""


Place = tuple[str, str]
"""Where a row stands in the order: the value sorted by, then the slug."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the register is reached, and the scheme whose days and tokens it speaks in."""

    public_url: str
    scheme: Scheme

    @property
    def pack(self) -> FrameworkPack:
        """The pack in force."""
        return self.scheme.pack


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the list."""

    q: str | None = None
    borough: str | None = None
    sector: str | None = None
    type: str | None = None
    standing: str | None = None
    level: str | None = None
    size: str | None = None
    sort: str = "name"
    cursor: str | None = None
    limit: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Found:
    """A page of organisations, how many there are in all, and where to go on."""

    organisations: list[OrganisationPayload]
    total: int
    next_cursor: str | None


def read_search(parameters: Mapping[str, str], pack: FrameworkPack) -> Search:
    """Return what a query string asks. Raises UnusableQuery naming every value not allowed."""
    allowed = allowed_values(pack)
    errors = [
        FieldError(name, f"“{value}” is not one of: {', '.join(allowed[name])}.")
        for name, value in parameters.items()
        if name in allowed and value and value not in allowed[name]
    ]
    cursor = parameters.get("cursor") or None
    if cursor is not None and read_cursor(cursor) is None:
        errors.append(FieldError("cursor", "This cursor is not one that the list gave out."))
    if errors:
        raise UnusableQuery("The list was asked for something it does not know.", errors=errors)
    return Search(
        q=parameters.get("q") or None,
        borough=parameters.get("borough") or None,
        sector=parameters.get("sector") or None,
        type=parameters.get("type") or None,
        standing=parameters.get("standing") or None,
        level=parameters.get("level") or None,
        size=parameters.get("size") or None,
        sort=parameters.get("sort") or "name",
        cursor=cursor,
    )


def allowed_values(pack: FrameworkPack) -> Mapping[str, Sequence[str]]:
    """Return what each filter may be."""
    return {
        "borough": [row.id for row in pack.region.boroughs],
        "sector": [row.id for row in pack.region.sectors],
        "type": list(pack.type_ids),
        "standing": [word.value for word in Standing],
        "level": [word.value for word in Level],
        "size": [band.id for band in pack.bands],
        "sort": list(SORTS),
    }


async def find_organisations(search: Search, site: Site) -> Found:
    """Return one page of the organisations that fit."""
    sort = SORTS[search.sort]
    after = read_cursor(search.cursor) if search.cursor else None
    rows = await Organisation.raw(
        _LIST.replace("$SORT", sort),
        *_filters(search),
        after[0] if after else None,
        after[0] if after else "",
        after[1] if after else "",
        search.limit + 1,
    )
    page = rows[: search.limit]
    more = len(rows) > search.limit
    return Found(
        [read_row(row, site) for row in page],
        int(page[0]["total"]) if page else 0,
        write_cursor(page[-1]["place"], page[-1]["slug"]) if more else None,
    )


async def find_slugs(search: Search) -> list[str]:
    """Return the slugs of all organisations that fit, however many."""
    rows = await Organisation.raw(_SLUGS, *_filters(search))
    return [row["slug"] for row in rows]


async def find_organisation(slug: str, site: Site) -> OrganisationPayload | None:
    """Return one public organisation, or None."""
    rows = await Organisation.raw(_ONE, slug)
    return read_row(rows[0], site) if rows else None


def read_row(row: Mapping[str, Any], site: Site) -> OrganisationPayload:
    """Return the payload of a row that `COLUMNS` names."""
    return OrganisationPayload(
        slug=row["slug"],
        name=row["name"],
        url=f"{site.public_url}/organisations/{row['slug']}",
        identifiers=msgspec.json.decode(row["identifiers"], type=list[IdentifierPayload]),
        sector=row["sector"],
        boroughs=list(row["boroughs"]),
        size=row["band"],
        signed_on=local_day(row["signed_at"], site.pack.zone) if row["signed_at"] else None,
        charter_version=row["charter_version"],
        standing=row["standing"],
        standing_since=row["since"],
        days_late=row["days_late"],
        level=row["level"],
        flags=sorted({flag["flag"] for flag in msgspec.json.decode(row["flags"])}),
        results=msgspec.json.decode(row["results"], type=ResultsPayload),
        sentence=row["sentence"],
        badge_url=f"{site.public_url}/b/{row['code']}" if row["code"] else None,
        updated_at=row["updated_at"],
        town=row["town"],
        website=row["website"],
        sponsor_role=row["sponsor_role"] or None,
    )


def write_cursor(place: str, slug: str) -> str:
    """Return an opaque cursor for the row after which the next page starts."""
    return base64.urlsafe_b64encode(msgspec.json.encode([place, slug])).decode().rstrip("=")


def read_cursor(cursor: str) -> Place | None:
    """Return the place and slug in a cursor, or None where it is not one of ours."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        place: Place = msgspec.json.decode(
            base64.b64decode(padded, b"-_", validate=True), type=Place
        )
    except (ValueError, msgspec.DecodeError):
        return None
    return place if all(is_readable(part) for part in place) else None


def _filters(search: Search) -> tuple[str | None, ...]:
    """Return the values of `_FITTING` in its order."""
    like = _like(search.q)
    twice = (search.borough, search.sector, search.standing, search.level, search.size, search.type)
    return (search.q, like, like, search.q, *(value for one in twice for value in (one, one)))


def _like(text: str | None) -> str:
    escaped = (text or "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


COLUMNS = """
    o.slug, o.name, o.sector, o.boroughs, o.band, o.town, o.website, o.sponsor_role,
    COALESCE((SELECT json_agg(json_build_object('scheme', i.scheme, 'id', i.identifier)
        ORDER BY i.scheme, i.identifier) FROM organisation_identifier i
        WHERE i.organisation = o.id AND NOT i.released), '[]'::json)::text AS identifiers,
    g.signed_at, g.charter_version,
    s.standing, s.since, s.days_late, s.level, s.flags::text AS flags,
    s.results::text AS results, s.sentence, s.updated_at, b.code
"""

_JOINS = """
    FROM organisation o
    JOIN current_standing s ON s.organisation = o.id
    LEFT JOIN LATERAL (SELECT signed_at, charter_version FROM signature
        WHERE organisation = o.id ORDER BY signed_at DESC LIMIT 1) g ON true
    LEFT JOIN badge b ON b.organisation = o.id
"""

_ONE = f"SELECT {COLUMNS} {_JOINS} WHERE o.slug = {{}}"

_FITTING = """
    WHERE ({}::text IS NULL OR o.name ILIKE {} OR EXISTS (
            SELECT 1 FROM organisation_former_name f
            WHERE f.organisation = o.id AND f.name ILIKE {}) OR EXISTS (
            SELECT 1 FROM organisation_identifier i
            WHERE i.organisation = o.id AND NOT i.released
            AND upper({}::text) IN (i.identifier, i.scheme || '-' || i.identifier)))
        AND ({}::text IS NULL OR {} = ANY(o.boroughs))
        AND ({}::text IS NULL OR o.sector = {})
        AND ({}::text IS NULL OR s.standing = {})
        AND ({}::text IS NULL OR s.level = {})
        AND ({}::text IS NULL OR o.band = {})
        AND ({}::text IS NULL OR s.types @> json_build_array(
            json_build_object('type', {}::text, 'answer', 'applies'))::jsonb)
"""

_SLUGS = f"""
SELECT o.slug FROM organisation o JOIN current_standing s ON s.organisation = o.id
{_FITTING}
"""  # noqa: S608 - constants only; every value is a parameter

_LIST = f"""
WITH fitting AS (
    SELECT o.id, o.slug AS name_in_order, $SORT AS place
    FROM organisation o JOIN current_standing s ON s.organisation = o.id
    {_FITTING}
), page AS (
    SELECT * FROM fitting
    WHERE {{}}::text IS NULL OR (place, name_in_order) > ({{}}::text, {{}}::text)
    ORDER BY place, name_in_order LIMIT {{}}
)
SELECT {COLUMNS}, page.place, (SELECT count(*) FROM fitting) AS total
FROM page JOIN organisation o ON o.id = page.id
{_JOINS.replace("FROM organisation o", "")}
ORDER BY page.place, page.name_in_order
"""  # noqa: S608 - constants only; every value is a parameter
