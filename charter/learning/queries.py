"""Reading the library: by words, type, action, sector, borough and form of racism.

Every list is the newest first and goes on before the last id shown; nothing is ranked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from charter.history.queries import words_of
from charter.learning.tables import LearningNote

T = TypeVar("T")

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class LibrarySearch:
    """What is asked of one shelf of the library. None asks for everything.

    `worked` is of notes, `kind` of resources, `confirmed` (yes or no) of celebrations;
    `organisation` is a slug. `before` is the id after which the list goes on.
    """

    q: str | None = None
    type: str | None = None
    action: str | None = None
    sector: str | None = None
    borough: str | None = None
    form: str | None = None
    worked: str | None = None
    kind: str | None = None
    confirmed: str | None = None
    organisation: str | None = None
    before: int | None = None
    limit: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Note:
    """What one organisation reported, in its own words, once a panel had borne it out.

    A note is about one `pledge`, or about the year `cycle` as a whole.
    """

    id: int
    organisation: str
    slug: str
    sector: str
    boroughs: tuple[str, ...]
    pledge: int | None
    cycle: int | None
    types: tuple[str, ...]
    actions: tuple[str, ...]
    forms: tuple[str, ...]
    worked: str
    summary: str
    what_did_not_work: str
    why: str
    what_changes: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A page of one shelf, how much fits in all, and before which id the next page begins."""

    rows: tuple[T, ...]
    total: int
    following: int | None


async def find_notes(search: LibrarySearch) -> Found[Note]:
    """Return the notes that fit."""
    rows = await LearningNote.raw(_NOTES, *asked_values(search))
    page, total, following = page_of(rows, search.limit)
    words = await words_of(row["words"] for row in page)
    return Found(tuple(_see_note(row, words[row["words"]]) for row in page), total, following)


async def notes_by_action() -> dict[str, int]:
    """Return how many notes there are for each catalogue action that has any."""
    rows = await LearningNote.raw(
        "SELECT action, count(*) AS count FROM learning_note n JOIN organisation o"
        " ON o.id = n.organisation AND o.reduced_on IS NULL, unnest(n.actions) AS action"
        " GROUP BY action"
    )
    return {row["action"]: row["count"] for row in rows}


async def count_notes_on(type_id: str) -> int:
    """Return how many notes there are on one type of racism, whole years among them."""
    count: int = await LearningNote.count().where(LearningNote.types.any(type_id))
    return count


def page_of(
    rows: Sequence[Mapping[str, Any]], limit: int
) -> tuple[Sequence[Mapping[str, Any]], int, int | None]:
    """Return the rows of a page, how many fit in all, and before which id the next begins."""
    page = rows[:limit]
    following = int(page[-1]["id"]) if len(rows) > limit else None
    return page, int(page[0]["total"]) if page else 0, following


def asked_values(search: LibrarySearch) -> tuple[object, ...]:
    """Return the values of `ASKED` in its order, then how many rows are wanted: one too many."""
    return (
        *(search.q, search.q, search.type, search.action, search.sector, search.borough),
        *(search.form, search.worked, search.kind, search.confirmed, search.organisation),
        *(search.before, search.limit + 1),
    )


def _see_note(row: Mapping[str, Any], words: Mapping[str, Any]) -> Note:
    return Note(
        id=row["id"],
        organisation=row["name"],
        slug=row["slug"],
        sector=row["sector"],
        boroughs=tuple(row["boroughs"]),
        pledge=row["pledge"],
        cycle=row["cycle"],
        types=tuple(row["types"]),
        actions=tuple(row["actions"]),
        forms=tuple(row["forms"]),
        worked=row["worked"],
        summary=words.get("summary") or words.get("what_worked", ""),
        what_did_not_work=words.get("what_did_not_work", ""),
        why=words.get("why", ""),
        what_changes=words.get("what_changes", ""),
        published_at=row["published_at"],
    )


ASKED = """
WITH asked AS (
    SELECT {}::text AS q, websearch_to_tsquery('english', {}::text) AS wanted, {}::text AS type,
        {}::text AS action, {}::text AS sector, {}::text AS borough, {}::text AS form,
        {}::text AS worked, {}::text AS kind, {}::text AS confirmed, {}::text AS organisation,
        {}::bigint AS before
),"""
"""Everything that may be asked, once, so that each condition below can name it."""

_NOTES = f"""{ASKED} fitting AS (
    SELECT n.id FROM asked a, learning_note n JOIN organisation o ON o.id = n.organisation
    WHERE (a.q IS NULL OR to_tsvector('english', o.name) @@ a.wanted
            OR n.words = ANY(ARRAY(SELECT id FROM public_text
                WHERE about IN ('report', 'reflection')
                    AND to_tsvector('english', words) @@ a.wanted)))
        AND (a.type IS NULL OR a.type = ANY(n.types))
        AND (a.action IS NULL OR a.action = ANY(n.actions))
        AND (a.form IS NULL OR a.form = ANY(n.forms))
        AND (a.worked IS NULL OR n.worked = a.worked)
        AND (a.sector IS NULL OR o.sector = a.sector)
        AND (a.borough IS NULL OR a.borough = ANY(o.boroughs))
        AND (a.organisation IS NULL OR o.slug = a.organisation)
        AND o.reduced_on IS NULL
)
SELECT n.*, o.name, o.slug, o.sector, o.boroughs, (SELECT count(*) FROM fitting) AS total
FROM fitting JOIN learning_note n USING (id) JOIN organisation o ON o.id = n.organisation, asked a
WHERE a.before IS NULL OR n.id < a.before
ORDER BY n.id DESC LIMIT {{}}
"""  # noqa: S608 - constants only; every value is a parameter
