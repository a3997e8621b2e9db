"""Reading celebrations: what is shown, what waits to be read, what a group may confirm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.history.queries import words_of
from charter.learning.queries import ASKED, Found, LibrarySearch, asked_values, page_of
from charter.learning.tables import Celebration
from charter.plans.tables import CommunityGroup


@dataclass(frozen=True, slots=True)
class CelebrationSeen:
    """Something worth celebrating, who told it, and whether a community group confirmed it.

    `confirmed_by` is the group's name, `group` the group itself.
    """

    id: int
    organisation: str
    slug: str
    sector: str
    boroughs: tuple[str, ...]
    pledge: int | None
    type: str
    title: str
    text: str
    proposed_by: str
    shown_at: datetime | None
    group: UUID | None
    confirmed_by: str | None
    confirmed_at: datetime | None


async def find_celebrations(search: LibrarySearch) -> Found[CelebrationSeen]:
    """Return the celebrations that fit, confirmed or not."""
    rows = await Celebration.raw(_CELEBRATIONS, *asked_values(search))
    page, total, following = page_of(rows, search.limit)
    words = await words_of(row["words"] for row in page)
    seen = tuple(_see_celebration(row, words[row["words"]]) for row in page)
    return Found(seen, total, following)


async def celebrations_waiting() -> tuple[CelebrationSeen, ...]:
    """Return the celebrations a steward has to read, the oldest first."""
    rows = await Celebration.raw(_WAITING)
    return tuple(_see_celebration(row, msgspec.json.decode(row["draft"])) for row in rows)


async def celebrations_asked_of(group: UUID) -> tuple[CelebrationSeen, ...]:
    """Return what a community group may confirm: what names it and it has not answered."""
    return await _shown(_ASKED_OF, group)


async def celebrations_confirmed_by(group: UUID) -> tuple[CelebrationSeen, ...]:
    """Return what a community group has confirmed."""
    return await _shown(_CONFIRMED_BY, group)


async def find_celebration(number: int) -> CelebrationSeen | None:
    """Return one celebration that is shown, or None."""
    return next(iter(await _shown(_ONE, number)), None)


async def groups_that_may_confirm() -> tuple[tuple[UUID, str], ...]:
    """Return the checked community groups by name."""
    rows = (
        await CommunityGroup.select(CommunityGroup.id, CommunityGroup.name)
        .where(CommunityGroup.state == "checked")
        .order_by(CommunityGroup.name)
    )
    return tuple((row["id"], row["name"]) for row in rows)


async def _shown(statement: str, about: UUID | int) -> tuple[CelebrationSeen, ...]:
    rows = await Celebration.raw(statement, about)
    words = await words_of(row["words"] for row in rows)
    return tuple(_see_celebration(row, words[row["words"]]) for row in rows)


def _see_celebration(row: Mapping[str, Any], words: Mapping[str, Any]) -> CelebrationSeen:
    return CelebrationSeen(
        id=row["id"],
        organisation=row["name"],
        slug=row["slug"],
        sector=row["sector"],
        boroughs=tuple(row["boroughs"]),
        pledge=row["pledge"],
        type=row["type"],
        title=words.get("title", ""),
        text=words.get("text", ""),
        proposed_by=row["proposed_by"],
        shown_at=row["shown_at"],
        group=row["confirmed_by"],
        confirmed_by=row["confirmed_by_name"],
        confirmed_at=row["confirmed_at"],
    )


_CELEBRATION = """
    c.id, c.pledge, c.type, c.proposed_by, c.draft::text AS draft, c.words, c.shown_at,
    c.confirmed_by, c.confirmed_at, o.name, o.slug, o.sector, o.boroughs,
    g.name AS confirmed_by_name
FROM celebration c JOIN organisation o ON o.id = c.organisation
LEFT JOIN community_group g ON g.id = c.confirmed_by
"""

_WAITING = f"SELECT {_CELEBRATION} WHERE c.state = 'proposed' ORDER BY c.id"

_SHOWN = f"SELECT {_CELEBRATION} WHERE c.state = 'shown' AND o.reduced_on IS NULL"

_ONE = f"{_SHOWN} AND c.id = {{}}"

_CONFIRMED_BY = f"{_SHOWN} AND c.confirmed_by = {{}} ORDER BY c.id DESC"

_ASKED_OF = f"""{_SHOWN} AND c."group" = {{}} AND c.confirmed_by IS NULL AND c.declined_at IS NULL
ORDER BY c.id DESC"""

_CELEBRATIONS = f"""{ASKED} fitting AS (
    SELECT c.id FROM asked a, celebration c JOIN organisation o ON o.id = c.organisation
    WHERE c.state = 'shown'
        AND (a.q IS NULL OR to_tsvector('english', o.name) @@ a.wanted
            OR c.words = ANY(ARRAY(SELECT id FROM public_text WHERE about = 'celebration'
                AND to_tsvector('english', words) @@ a.wanted)))
        AND (a.type IS NULL OR c.type = a.type)
        AND (a.sector IS NULL OR o.sector = a.sector)
        AND (a.borough IS NULL OR a.borough = ANY(o.boroughs))
        AND (a.organisation IS NULL OR o.slug = a.organisation)
        AND o.reduced_on IS NULL
        AND (a.confirmed IS NULL OR (c.confirmed_by IS NOT NULL) = (a.confirmed = 'yes'))
), page AS (
    SELECT f.id FROM fitting f, asked a WHERE a.before IS NULL OR f.id < a.before
    ORDER BY f.id DESC LIMIT {{}}
)
SELECT (SELECT count(*) FROM fitting) AS total, {_CELEBRATION}
WHERE c.id IN (SELECT id FROM page) ORDER BY c.id DESC
"""  # noqa: S608 - constants only; every value is a parameter
