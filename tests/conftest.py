"""What every test may ask for: the real servers, and an empty database of its own.

The embedded servers are started once per test process, when first asked for. Set
`TEST_DATABASE_URL` or `TEST_REDIS_URL` to use a server of your own instead; its role must be
allowed to create databases and roles.

Whatever a test runs through the pool of `database` runs as the application's own role, which may
add to history and not change it. `owner_url` is for tests that play somebody who owns the tables.
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
from registry.embedded import APPLICATION, Services, embedded_services
from tests.folders import new_open_folder, place_for_databases


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """Run PostgreSQL and Valkey for this test process, or use those that the environment names."""
    owner_url = os.environ.get("TEST_DATABASE_URL")
    redis_url = os.environ.get("TEST_REDIS_URL")
    if owner_url and redis_url:
        yield Services(owner_url, as_application(owner_url), redis_url)
        return
    with (
        new_open_folder(place_for_databases()) as folder,
        embedded_services(folder, durable=False) as embedded,
    ):
        url = owner_url or embedded.owner_url
        yield Services(url, as_application(url), redis_url or embedded.redis_url)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Lend a folder that every account can reach, for data of embedded servers."""
    with new_open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
async def migrated_template(services: Services) -> AsyncIterator[str]:
    """Name a database with the newest schema, from which others are copied; never connect to it."""
    async with new_database(services.owner_url) as url:
        await migrate(url, application_url=as_application(url))
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
async def owner_url(services: Services, migrated_template: str) -> AsyncIterator[str]:
    """Lend a database of its own, with the newest schema and no rows, as its owner reaches it."""
    async with new_database(services.owner_url, template=migrated_template) as url:
        yield url


@pytest.fixture
def database_url(owner_url: str) -> str:
    """Name that database as the application reaches it."""
    return as_application(owner_url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """Point every table at an empty database of the test's own, with its pool open."""
    async with open_database(database_url):
        yield database_url


def as_application(owner_url: str) -> str:
    """Return the address of the same database for the application's role."""
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{APPLICATION}:{APPLICATION}@{place}").geturl()


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Connect to that database as the role that owns the tables."""
    connection = await asyncpg.connect(owner_url)
    yield connection
    await connection.close()


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
