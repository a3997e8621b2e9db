"""An empty register on services of its own, as durable as real ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from registry.database import POOL_SIZE, migrate, serve_database
from registry.embedded import APPLICATION, DATABASE, embedded_services
from tests.folders import new_open_folder


@asynccontextmanager
async def empty_register() -> AsyncIterator[str]:
    """Lend a database with the newest schema and no rows, its pool open; yield its address."""
    with new_open_folder() as folder, embedded_services(folder) as services:
        await migrate(services.owner_url, application_url=services.database_url)
        async with serve_database(services.database_url, connections=POOL_SIZE):
            yield services.database_url


def owner_of(url: str) -> str:
    """Return the address of the same database for the role that owns its tables."""
    return url.replace(f"//{APPLICATION}@", f"//{DATABASE}@")


async def look_over(url: str) -> None:
    """Have the database count its rows anew, as its owner: only then does it plan by what it has.

    Where nobody is in a hurry it does so by itself.
    """
    connection = await asyncpg.connect(owner_of(url))
    try:
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
