"""What every test may ask for: the real servers, and an empty database of its own.

The embedded servers are started once per test process, when first asked for. Set
`TEST_DATABASE_URL` or `TEST_REDIS_URL` to use a server of your own instead; its role must be
allowed to create databases.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from registry.database import migrate, open_database
from registry.embedded import Services, embedded_services
from tests.folders import new_open_folder


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """Run PostgreSQL and Valkey for this test process, or use those that the environment names."""
    database_url = os.environ.get("TEST_DATABASE_URL")
    redis_url = os.environ.get("TEST_REDIS_URL")
    if database_url and redis_url:
        yield Services(database_url, redis_url)
        return
    with new_open_folder() as folder, embedded_services(folder, durable=False) as embedded:
        yield Services(database_url or embedded.database_url, redis_url or embedded.redis_url)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Lend a folder that every account can reach, for data of embedded servers."""
    with new_open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
async def migrated_template(services: Services) -> AsyncIterator[str]:
    """Name a database with the newest schema, from which others are copied; never connect to it."""
    async with new_database(services.database_url) as url:
        await migrate(url)
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
async def database_url(services: Services, migrated_template: str) -> AsyncIterator[str]:
    """Lend a database of its own, with the newest schema and no rows."""
    async with new_database(services.database_url, template=migrated_template) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """Point every table at an empty database of the test's own, with its pool open."""
    async with open_database(database_url):
        yield database_url


@asynccontextmanager
async def new_database(server_url: str, *, template: str = "template0") -> AsyncIterator[str]:
    """Make a database from `template` and yield its URL; drop it afterwards, guests and all."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
