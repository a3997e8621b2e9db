"""Migrations make exactly what the table classes describe, once, and all of it or nothing."""

import asyncpg
import pytest
from piccolo.table import create_db_tables

from registry.database import APPS, migrate, open_database, pending_migrations
from registry.embedded import Services
from tests.conftest import as_application, new_database

COLUMNS = """
SELECT table_name, column_name, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM information_schema.columns c
JOIN pg_attribute a ON a.attrelid = c.table_name::regclass AND a.attname = c.column_name
WHERE table_schema = 'public' AND table_name <> 'migration'
"""

KEYS = """
SELECT conrelid::regclass::text, contype::text, array_agg(a.attname::text ORDER BY a.attname)
FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = ANY (conkey)
WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace
GROUP BY pg_constraint.oid
"""

Rows = set[tuple[object, ...]]

WITHOUT_CLASS = {"log_node"}
"""Tables with a key of two columns, for which Piccolo has no word."""


async def rows(url: str, query: str) -> Rows:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(query)
    finally:
        await connection.close()
    values = [tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in found]
    return {row for row in values if row[0] not in WITHOUT_CLASS | {"migration"}}


@pytest.fixture
async def from_classes(services: Services) -> tuple[Rows, Rows]:
    """Describe a database that Piccolo made from the table classes by itself."""
    async with new_database(services.owner_url) as url:
        async with open_database(url):
            await create_db_tables(*(table for app in APPS for table in app.table_classes))
        return await rows(url, COLUMNS), await rows(url, KEYS)


async def test_the_scripts_make_the_columns_that_the_classes_describe(
    owner_url: str, from_classes: tuple[Rows, Rows]
) -> None:
    columns, _ = from_classes
    assert await rows(owner_url, COLUMNS) ^ columns == set(), "run `python -m tests.schema`"


async def test_the_scripts_make_the_keys_that_the_classes_describe(
    owner_url: str, from_classes: tuple[Rows, Rows]
) -> None:
    _, keys = from_classes
    assert keys - await rows(owner_url, KEYS) == set()


async def test_migrating_again_or_twice_at_once_changes_nothing(services: Services) -> None:
    async with new_database(services.owner_url) as url:
        await migrate(url, application_url=as_application(url))
        before = await rows(url, COLUMNS)
        await migrate(url, application_url=as_application(url))
        assert await rows(url, COLUMNS) == before
        async with open_database(url):
            assert await pending_migrations() == []


async def test_an_empty_database_lacks_every_migration(services: Services) -> None:
    async with new_database(services.owner_url) as url, open_database(url):
        pending = await pending_migrations()
    assert pending == ["charter 0001", "badges 0001", "accounts 0001", "rounds 0001"]


async def test_a_migration_that_fails_leaves_nothing_behind(services: Services) -> None:
    async with new_database(services.owner_url) as url:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE badge (a_stranger integer)")
        with pytest.raises(asyncpg.DuplicateTableError):
            await migrate(url, application_url=as_application(url))
        left = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        await connection.close()
    assert [row["tablename"] for row in left] == ["badge"]
