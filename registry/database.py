"""The database: pointing Piccolo at a server, opening its pool, and bringing its schema up to date.

Piccolo without a pool connects anew for every query, so everything that touches a table does so
inside `open_database`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

os.environ.setdefault("PICCOLO_CONF", "registry.piccolo_conf")

from piccolo.table import create_db_tables

from charter.history.tables import Event
from registry.piccolo_conf import APP_REGISTRY, DB

POOL_SIZE = 10


@asynccontextmanager
async def open_database(url: str, *, pool_size: int = POOL_SIZE) -> AsyncIterator[None]:
    """Point every table at the server behind `url` and keep a pool open for the block."""
    DB.config = {"dsn": url}
    await DB.start_connection_pool(min_size=1, max_size=pool_size)
    try:
        yield
    finally:
        await DB.close_connection_pool()


async def migrate(url: str) -> None:
    """Bring the schema behind `url` up to date. Running it twice changes nothing."""
    async with open_database(url):
        if await Event.table_exists():
            return
        apps = APP_REGISTRY.app_configs.values()
        tables = [table for app in apps for table in app.table_classes]
        await create_db_tables(*tables)
        connection = await asyncpg.connect(url)
        try:
            for app in apps:
                invariants = Path(app.migrations_folder_path) / "invariants.sql"
                await connection.execute(invariants.read_text())
        finally:
            await connection.close()
