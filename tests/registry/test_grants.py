"""The application's own role adds to history and can neither change nor delete any of it."""

import re
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest

from registry.database import APPS, migrate, open_database, open_to_serve
from registry.embedded import APPLICATION, Services
from registry.grants import (
    FORGOTTEN,
    HISTORY,
    MENDED,
    READ_ONLY,
    RoleMayRewriteHistory,
    rewritable,
    rights_on,
)
from registry.settings import Settings
from tests.conftest import as_application, new_database

REPOSITORY = Path(__file__).parents[2]

NO_CLASS = {"log_node", "migration"}
"""Tables that no class of ours describes."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CHANGED_AS_ROWS = {"community_group_member", "outage"}
"""Tables whose rows are changed by saving them again, or belong to people and may have to go."""

TRIGGERED = """
SELECT DISTINCT tgrelid::regclass::text AS name
FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE proname = 'refuse_change' AND (tgtype & 16) > 0
"""
"""Tables whose trigger refuses every update, whoever asks."""


def every_table() -> set[str]:
    return {table._meta.tablename for app in APPS for table in app.table_classes} | NO_CLASS  # noqa: SLF001 - Piccolo keeps it under this name


@pytest.fixture
async def application(database_url: str) -> Connection:
    """Connect as the application does."""
    connection: Connection = await asyncpg.connect(database_url)
    return connection


async def refused(application: Connection, statement: str) -> bool:
    try:
        await application.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    return False


def test_every_row_is_about_a_table_and_no_table_has_two() -> None:
    named = [*HISTORY, *MENDED, *FORGOTTEN, *READ_ONLY]
    assert len(named) == len(set(named))
    assert set(named) <= every_table()


def test_what_our_code_deletes_its_role_may_delete_and_history_it_never_changes() -> None:
    tables = {
        table.__name__: table._meta.tablename  # noqa: SLF001 - Piccolo keeps it under this name
        for app in APPS
        for table in app.table_classes
    }
    sources = [
        path.read_text()
        for room in ("charter", "badges", "registry", "workers")
        for path in (REPOSITORY / room).rglob("*.py")
    ]
    done = {
        (tables[name], verb)
        for text in sources
        for name, verb in re.findall(r"\b(\w+)\.(delete|update)\(", text)
        if name in tables
    }
    assert {table for table, verb in done if verb == "delete"} <= FORGOTTEN
    assert {table for table, verb in done if verb == "update"}.isdisjoint(HISTORY)


def test_what_our_code_only_ever_adds_to_is_history() -> None:
    """A table that no statement of ours changes is one that its role cannot change."""
    sources = "\n".join(
        path.read_text()
        for room in ("charter", "badges", "registry", "workers")
        for path in (REPOSITORY / room).rglob("*.py")
    )
    classes = {table.__name__: table for app in APPS for table in app.table_classes}
    added_to = {
        table._meta.tablename  # noqa: SLF001 - Piccolo keeps it under this name
        for name, table in classes.items()
        if not re.search(rf"\b{name}\.(update|delete)\(", sources)
        and not re.search(rf"UPDATE {table._meta.tablename}\b", sources)  # noqa: SLF001 - the same
        and not re.search(rf"INTO {table._meta.tablename}\b[^;]*?DO UPDATE", sources)  # noqa: SLF001 - the same
    }
    assert added_to - HISTORY - READ_ONLY - FORGOTTEN == CHANGED_AS_ROWS


async def test_what_no_trigger_lets_change_the_role_cannot_change_either(
    application: Connection,
) -> None:
    kept = {row["name"] for row in await application.fetch(TRIGGERED)}
    assert {"event", "pledge_version", "signature", "log_leaf", "log_node"} <= kept
    assert kept <= HISTORY


@pytest.mark.parametrize("table", sorted(HISTORY))
async def test_history_is_neither_changed_nor_deleted_by_our_own_role(
    table: str, application: Connection
) -> None:
    column = await application.fetchval(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1", table
    )
    for statement in (
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - names of the schema
        f"DELETE FROM {table}",  # noqa: S608 - the same
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table}",
    ):
        assert await refused(application, statement), statement


@pytest.mark.parametrize("table", sorted(MENDED))
async def test_of_what_may_be_mended_only_the_named_columns_change(
    table: str, application: Connection
) -> None:
    rows = await application.fetch(
        "SELECT attname AS name FROM pg_attribute"
        " WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
        table,
    )
    columns = {row["name"] for row in rows}
    assert set(MENDED[table]) < columns
    for column in columns:
        statement = f"UPDATE {table} SET {column} = {column}"  # noqa: S608 - names of the schema
        assert await refused(application, statement) == (column not in MENDED[table]), statement
    assert await refused(application, f"DELETE FROM {table}")  # noqa: S608 - the same


async def test_no_table_is_emptied_and_only_work_in_progress_is_deleted(
    application: Connection,
) -> None:
    for table in sorted(every_table()):
        assert await refused(application, f'TRUNCATE "{table}"'), table
        deleting = f'DELETE FROM "{table}"'  # noqa: S608 - a name of the schema
        assert await refused(application, deleting) == (table not in FORGOTTEN), table


async def test_the_role_cannot_make_itself_more_than_it_is(application: Connection) -> None:
    for statement in (
        "SET session_replication_role = replica",
        "CREATE TABLE one_more ()",
        "GRANT ALL ON event TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "DROP FUNCTION refuse_change() CASCADE",
    ):
        try:
            await application.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            continue
        assert not await application.fetchval("SELECT has_table_privilege('event', 'UPDATE')")
        assert statement.startswith("GRANT"), statement


@pytest.mark.usefixtures("database")
async def test_our_own_role_is_found_humble() -> None:
    assert await rewritable() == []


async def test_production_does_not_start_with_the_role_of_the_owner(owner_url: str) -> None:
    real = Settings(environment="demo", database_url=owner_url)
    async with open_to_serve(real):
        assert set(await rewritable()) == HISTORY | MENDED.keys()
    real = real.model_copy(update={"environment": "production"})
    with pytest.raises(RoleMayRewriteHistory, match="REGISTRY_DATABASE_OWNER_URL"):
        async with open_to_serve(real):
            pass


async def test_migrating_takes_back_what_somebody_gave_by_hand(
    owner_url: str, owner: Connection, application: Connection
) -> None:
    await owner.execute(f"GRANT ALL ON event TO {APPLICATION}")
    async with open_database(as_application(owner_url)):
        assert await rewritable() == ["event"]
    await migrate(owner_url, application_url=as_application(owner_url))
    assert await refused(application, "DELETE FROM event")


async def test_a_role_that_is_missing_is_made_with_the_password_of_its_address(
    services: Services,
) -> None:
    async with new_database(services.owner_url) as url:
        name = "test_" + url[-8:]
        stranger = as_application(url).replace(APPLICATION, name)
        for _ in range(2):
            await migrate(url, application_url=stranger)
        async with open_database(stranger):
            assert await rewritable() == []
        connection = await asyncpg.connect(services.owner_url)
        found = await connection.fetchval(
            "SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = $1", name
        )
        await connection.close()
    assert found


def test_a_table_that_nobody_named_is_added_to_and_changed_and_keeps_its_rows() -> None:
    assert rights_on("obligation") == "SELECT, INSERT, UPDATE"
