"""Reading the resources of the library: what is released, and what waits to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.history.queries import words_of
from charter.learning.queries import ASKED, Found, LibrarySearch, asked_values, page_of
from charter.learning.tables import Resource


@dataclass(frozen=True, slots=True)
class ResourceSeen:
    """Something others may use, with its licence and owner."""

    id: int
    kind: str
    title: str
    owner: str
    link: str
    licence: str
    summary: str
    types: tuple[str, ...]
    forms: tuple[str, ...]
    action: str
    sector: str
    borough: str
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProposalSeen:
    """A resource as its proposer sees it: where the hub's decision stands, and why not.

    `retired_at` and `retired_for` say when and why it was taken out of the library, if it was.
    """

    resource: ResourceSeen
    state: str
    refusal: str
    retired_at: datetime | None
    retired_for: str


async def find_resources(search: LibrarySearch) -> Found[ResourceSeen]:
    """Return the released resources that fit. One that names no sector fits every sector."""
    rows = await Resource.raw(_RESOURCES, *asked_values(search))
    page, total, following = page_of(rows, search.limit)
    words = await words_of(row["words"] for row in page)
    seen = tuple(_see_resource(row, words[row["words"]]) for row in page)
    return Found(seen, total, following)


async def resources_waiting() -> tuple[ResourceSeen, ...]:
    """Return the resources a steward has to read, the oldest first."""
    rows = await Resource.raw(_WAITING)
    return tuple(_see_resource(row, _draft(row)) for row in rows)


async def resources_proposed_by(account: UUID) -> tuple[ProposalSeen, ...]:
    """Return what somebody proposed, the newest first."""
    return await _proposals(_PROPOSED_BY, account)


async def find_resource(number: int) -> ProposalSeen | None:
    """Return a resource that is, or was, in the library; None where it never was."""
    return next(iter(await _proposals(_EVER_SHOWN, number)), None)


async def _proposals(statement: str, asked: UUID | int) -> tuple[ProposalSeen, ...]:
    rows = await Resource.raw(statement, asked)
    words = await words_of(row["words"] for row in rows)
    return tuple(
        ProposalSeen(
            _see_resource(row, words.get(row["words"]) or _draft(row)),
            row["state"],
            row["refusal"],
            row["retired_at"],
            row["retired_for"],
        )
        for row in rows
    )


def _draft(row: Mapping[str, Any]) -> dict[str, Any]:
    draft: dict[str, Any] = msgspec.json.decode(row["draft"]) if row["draft"] else {}
    return draft


def _see_resource(row: Mapping[str, Any], words: Mapping[str, Any]) -> ResourceSeen:
    return ResourceSeen(
        id=row["id"],
        kind=row["kind"],
        title=words.get("title", ""),
        owner=words.get("owner", ""),
        link=words.get("link", ""),
        licence=row["licence"],
        summary=words.get("summary", ""),
        types=tuple(row["types"]),
        forms=tuple(row["forms"]),
        action=row["action"],
        sector=row["sector"],
        borough=row["borough"],
        released_at=row["decided_at"],
    )


_RESOURCE = """
    r.id, r.kind, r.licence, r.types, r.forms, r.action, r.sector, r.borough,
    r.draft::text AS draft, r.words, r.state, r.refusal, r.decided_at,
    r.retired_at, r.retired_for
FROM learning_resource r
"""

_WAITING = f"SELECT {_RESOURCE} WHERE r.state = 'proposed' ORDER BY r.id"

_PROPOSED_BY = f"SELECT {_RESOURCE} WHERE r.account = {{}} ORDER BY r.id DESC"

_EVER_SHOWN = f"SELECT {_RESOURCE} WHERE r.id = {{}} AND r.state IN ('released', 'retired')"

_RESOURCES = f"""{ASKED} fitting AS (
    SELECT r.id FROM asked a, learning_resource r
    WHERE r.state = 'released'
        AND (a.q IS NULL OR r.words = ANY(ARRAY(SELECT id FROM public_text
            WHERE about = 'resource' AND to_tsvector('english', words) @@ a.wanted)))
        AND (a.type IS NULL OR a.type = ANY(r.types) OR cardinality(r.types) = 0)
        AND (a.form IS NULL OR a.form = ANY(r.forms) OR cardinality(r.forms) = 0)
        AND (a.action IS NULL OR r.action IN (a.action, ''))
        AND (a.sector IS NULL OR r.sector IN (a.sector, ''))
        AND (a.borough IS NULL OR r.borough IN (a.borough, ''))
        AND (a.kind IS NULL OR r.kind = a.kind)
), page AS (
    SELECT f.id FROM fitting f, asked a WHERE a.before IS NULL OR f.id < a.before
    ORDER BY f.id DESC LIMIT {{}}
)
SELECT (SELECT count(*) FROM fitting) AS total, {_RESOURCE}
WHERE r.id IN (SELECT id FROM page) ORDER BY r.id DESC
"""  # noqa: S608 - constants only; every value is a parameter
