"""An empty register on services of its own, as durable as real ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from registry.database import POOL_SIZE, migrate, serve_database
from registry.embedded import embedded_services
from tests.folders import new_open_folder


@asynccontextmanager
async def empty_register() -> AsyncIterator[str]:
    """Lend a database with the newest schema and no rows, its pool open; yield its address."""
    with new_open_folder() as folder, embedded_services(folder) as services:
        await migrate(services.database_url)
        async with serve_database(services.database_url, connections=POOL_SIZE):
            yield services.database_url
