"""Reading the history: an organisation's events, everything after a cursor, words by their id."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.history.erasure_rules import Mark, with_notes
from charter.history.events import RecordedEvent
from charter.history.tables import Event, PublicText

_COLUMNS = "id, kind, organisation, effective_at, recorded_at, by, data, words, commitment"

PAGE = 200
"""Organisations whose histories are held at once where all are read."""

NOBODY = UUID(int=0)
"""Comes before every organisation."""


async def events_of(
    organisation: UUID, *, after: int = 0, recorded_by: datetime | None = None
) -> list[RecordedEvent]:
    """Return one organisation's events in order: after an id, and up to an instant if given."""
    rows = await Event.raw(
        f"SELECT {_COLUMNS} FROM event"  # noqa: S608 - a constant list
        " WHERE organisation = {} AND id > {}"
        " AND ({}::timestamptz IS NULL OR recorded_at <= {}::timestamptz) ORDER BY id",
        organisation,
        after,
        recorded_by,
        recorded_by,
    )
    return [recorded(row) for row in rows]


async def histories(
    passed_over: Collection[str], *, recorded_by: datetime
) -> AsyncIterator[tuple[UUID, list[RecordedEvent]]]:
    """Yield each public organisation with its events in order, without some kinds.

    Two pages of them at most are held, however many there are: while one is looked at, the
    database reads the next.
    """
    reading = asyncio.create_task(_page_after(NOBODY, passed_over, recorded_by))
    try:
        while page := await reading:
            last = page[-1]["organisation"]
            reading = asyncio.create_task(_page_after(last, passed_over, recorded_by))
            for row in page:
                await asyncio.sleep(0)
                if row["events"] is not None:
                    yield row["organisation"], _HISTORY.decode(row["events"])
    finally:
        reading.cancel()


async def _page_after(
    organisation: UUID, passed_over: Collection[str], recorded_by: datetime
) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = await Event.raw(
        _HISTORIES, organisation, PAGE, list(passed_over), recorded_by
    )
    return rows


_HISTORIES = """
SELECT o.id AS organisation, h.events FROM (SELECT id FROM organisation
    WHERE public_since IS NOT NULL AND id > {} ORDER BY id LIMIT {}) o, LATERAL (
    SELECT json_agg(json_build_object('id', e.id, 'kind', e.kind, 'organisation', e.organisation,
        'effective_at', e.effective_at, 'recorded_at', e.recorded_at, 'by', e.by,
        'data', e.data) ORDER BY e.id)::text AS events
    FROM event e WHERE e.organisation = o.id AND e.kind <> ALL({}::text[]) AND e.recorded_at <= {}
) h ORDER BY o.id
"""

_HISTORY = msgspec.json.Decoder(list[RecordedEvent])
"""Reads a whole history at once; its words are left out, which no standing looks at."""


async def events_after(
    event_id: int,
    *,
    limit: int,
    organisation: UUID | None = None,
    recorded_by: datetime | None = None,
) -> list[RecordedEvent]:
    """Return up to `limit` committed events with a greater id, in order; none is ever skipped.

    They are of one organisation and up to an instant, if given.
    """
    rows = await Event.raw(
        f"SELECT {_COLUMNS} FROM event WHERE id > {{}}"  # noqa: S608 - a constant list
        " AND ({}::uuid IS NULL OR organisation = {}::uuid)"
        " AND ({}::timestamptz IS NULL OR recorded_at <= {}::timestamptz) ORDER BY id LIMIT {}",
        event_id,
        organisation,
        organisation,
        recorded_by,
        recorded_by,
        limit,
    )
    return [recorded(row) for row in rows]


async def newest_event() -> int:
    """Return the id of the newest committed event, 0 before the first."""
    [row] = await Event.raw("SELECT COALESCE(max(id), 0) AS newest FROM event")
    newest: int = row["newest"]
    return newest


async def words_of(ids: Iterable[UUID | None]) -> dict[UUID, dict[str, Any]]:
    """Return public words by id; a field that was erased reads how many words went, and why."""
    wanted = [text for text in set(ids) if text is not None]
    if not wanted:
        return {}
    rows: Sequence[Mapping[str, Any]] = await PublicText.raw(
        "SELECT id, words, erased FROM public_text WHERE id = ANY({}::uuid[])", wanted
    )
    return {row["id"]: read_words(row["words"], row["erased"]) for row in rows}


def read_words(words: str, erased: str | None) -> dict[str, Any]:
    """Return public words as everybody reads them, from their two columns."""
    return with_notes(msgspec.json.decode(words), read_marks(erased))


def read_marks(erased: str | None) -> dict[str, Mark]:
    """Return the marks of what was blanked, by its place."""
    return msgspec.json.decode(erased, type=dict[str, Mark]) if erased else {}


def recorded(row: Mapping[str, Any]) -> RecordedEvent:
    """Return the event that a row of its table says."""
    return RecordedEvent(
        row["id"],
        row["kind"],
        row["organisation"],
        row["effective_at"],
        row["recorded_at"],
        row["by"],
        msgspec.json.decode(row["data"]),
        row["words"],
        row["commitment"],
    )
