"""The database: pointing Piccolo at a server, opening its pool, and bringing its schema up to date.

Piccolo without a pool connects anew for every query, so everything that touches a table does so
inside `open_database`.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, redirect_stdout
from io import StringIO
from typing import Any

os.environ.setdefault("PICCOLO_CONF", "registry.piccolo_conf")

import asyncpg
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from registry.grants import ensure_role, grant_rights, require_a_humble_role, role_of
from registry.piccolo_conf import APP_REGISTRY, DB
from registry.settings import Settings

POOL_SIZE = 10

CLOSING_SECONDS = 5
"""How long connections in use are waited for at the end. A job that is cancelled at the very start
of its transaction gives its connection back never, and nobody may wait for that."""

ARRAYS = ("bigint", "bytea", "integer", "smallint", "uuid")
"""Types of which statements take or return arrays; asyncpg asks the server for each of them."""

APPS: Sequence[AppConfig] = tuple(APP_REGISTRY.app_configs.values())
"""Every app with tables, in the order in which their migrations run."""

MIGRATING = int.from_bytes(b"migrate")
"""The number of the lock that whoever migrates holds."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[None]:
    """Point every table at the server behind `url`; connections open as they are needed."""
    async with _pool(url, min_size=1, max_size=POOL_SIZE):
        yield


@asynccontextmanager
async def serve_database(url: str, *, connections: int) -> AsyncIterator[None]:
    """Do the same for a process that serves: all its connections are open before the first use.

    Opening one and learning its types takes tens of milliseconds, and else would often happen
    while a lock is held that everybody else waits for.
    """
    async with _pool(url, min_size=connections, max_size=connections, init=_learn_types):
        yield


@asynccontextmanager
async def _pool(url: str, **terms: Any) -> AsyncIterator[None]:
    DB.config = {"dsn": url}
    await DB.start_connection_pool(**terms)
    try:
        yield
    finally:
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await DB.close_connection_pool()
        except TimeoutError:
            DB.pool = None  # what was still in use is cut off


async def _learn_types(connection: "asyncpg.Connection[Any]") -> None:
    """Look up the array types of our statements, as the first one to use them would."""
    await connection.prepare(f"SELECT {', '.join(f'NULL::{name}[]' for name in ARRAYS)}")


@asynccontextmanager
async def open_to_serve(settings: Settings) -> AsyncIterator[None]:
    """Open the database as web and worker do, for the block.

    In production raises `RoleMayRewriteHistory` where the role could change what was published.
    """
    async with serve_database(settings.database_url, connections=settings.database_connections):
        if settings.in_production:
            await require_a_humble_role()
        yield


async def migrate(owner_url: str, *, application_url: str) -> None:
    """Bring the schema up to date as its owner, and give the application's role its rights.

    All of it is done or, where anything fails, nothing. Running it twice changes nothing; two at
    once take turns. Where both addresses name one role, that role owns everything.
    """
    application = role_of(application_url)
    apart = application != role_of(owner_url)
    if apart:
        await ensure_role(owner_url, application_url)
    async with open_database(owner_url), DB.transaction():
        await Migration.raw("SELECT pg_advisory_xact_lock({})", MIGRATING)
        for app in APPS:
            await _run_pending(app)
        if apart:
            await grant_rights(application)


async def pending_migrations() -> list[str]:
    """Return the migrations that the open database still lacks, as `app 0001`."""
    ran = set()
    if await Migration.table_exists():
        rows = await Migration.select(Migration.app_name, Migration.name)
        ran = {(row["app_name"], row["name"]) for row in rows}
    return [
        f"{app.app_name} {number}"
        for app in APPS
        for number in sorted(
            _runner(app).get_migration_modules(app.resolved_migrations_folder_path)
        )
        if (app.app_name, number) not in ran
    ]


async def _run_pending(app: AppConfig) -> None:
    """Let Piccolo's own runner run what has not run. Raises whatever a migration raises."""
    runner = _runner(app)
    with redirect_stdout(StringIO()):  # it speaks to a person at a terminal
        await runner.create_migration_table()
        result = await runner.run_migrations(app)
    if not result.success:
        raise RuntimeError(result.message)


def _runner(app: AppConfig) -> ForwardsMigrationManager:
    return ForwardsMigrationManager(app_name=app.app_name)
