"""Many organisations, for the benches only: one that was played, and copies of its rows.

The one comes through the use cases; the copies are inserted fast, each with numbers of its own,
and are as good as any to whoever only reads, folds, chases or signs.
"""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from tests.bench.databases import look_over
from tests.charter.acting import published
from tests.world import World

NUMBERS_APART = 1_000
"""Between the obligations of one copy and those of the next."""

_BODY = "md5('body' || s.n)::uuid"
_OWED = f"s.n * {NUMBERS_APART}"

COPIED: Mapping[str, tuple[str, str]] = {
    "organisation": ("id", f"'id', {_BODY}, 'slug', 'body-' || s.n, 'name', 'Body ' || s.n"),
    "organisation_identifier": (
        "organisation",
        (
            f"'id', nextval('organisation_identifier_id_seq'), 'organisation', {_BODY},"
            " 'identifier', 'B' || s.n"
        ),
    ),
    "signature": ("organisation", f"'id', gen_random_uuid(), 'organisation', {_BODY}"),
    "membership": ("organisation", f"'id', gen_random_uuid(), 'organisation', {_BODY}"),
    "badge": (
        "organisation",
        (
            f"'id', gen_random_uuid(), 'organisation', {_BODY},"
            " 'code', lpad(s.n::text, 10, '0'), 'picture_digest', ''"
        ),
    ),
    "current_standing": ("organisation", f"'organisation', {_BODY}"),
    "obligation": ("organisation", f"'id', (s.t).id + {_OWED}, 'organisation', {_BODY}"),
    "event": (
        "organisation",
        (
            f"'id', nextval('event_id_seq'), 'organisation', {_BODY}, 'data',"
            " CASE WHEN (s.t).data ? 'obligation' THEN jsonb_set((s.t).data, '{obligation}',"
            f" to_jsonb(((s.t).data ->> 'obligation')::bigint + {_OWED})) ELSE (s.t).data END"
        ),
    ),
}
"""Table → the column that names the organisation, and what is a copy's own."""


async def first_of_many(world: World) -> UUID:
    """Play one organisation as far as its published plan."""
    return await published(world)


async def copy(url: str, one: UUID, *, first: int, last: int) -> None:
    """Insert the copies numbered from `first` to `last`."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for table, (owner, own) in COPIED.items():
                await connection.execute(
                    f"INSERT INTO {table} SELECT r.* FROM"  # noqa: S608 - our own words
                    f" (SELECT t, n FROM {table} t, generate_series({first}, {last}) n"
                    f" WHERE t.{owner} = '{one}' ORDER BY n, t.ctid) s,"
                    f" LATERAL jsonb_populate_record(s.t, jsonb_build_object({own})) r"
                )
    finally:
        await connection.close()
    await look_over(url)


async def copy_histories(url: str, one: UUID, *, first: int, last: int) -> None:
    """Insert copies of a public organisation with their events alone: all that a fold reads.

    Obligations keep the numbers of the first; a fold never looks at two organisations together.
    """
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO organisation SELECT r.* FROM"  # noqa: S608 - our own words
                " (SELECT t, n FROM organisation t, generate_series($2::int, $3::int) n"
                " WHERE t.id = $1) s, LATERAL jsonb_populate_record(s.t, jsonb_build_object("
                f"{COPIED['organisation'][1]})) r",
                one,
                first,
                last,
            )
            await connection.execute(
                "INSERT INTO event (kind, organisation, effective_at, recorded_at, by, data)"
                " SELECT kind, md5('body' || n)::uuid, effective_at, recorded_at, by, data"
                " FROM generate_series($2::int, $3::int) n CROSS JOIN event"
                " WHERE organisation = $1 ORDER BY n, id",
                one,
                first,
                last,
            )
    finally:
        await connection.close()
    await look_over(url)
