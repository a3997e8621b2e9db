"""The pool of connections: opened for a block, and gone after it whatever happened inside."""

import asyncio

from registry.database import CLOSING_SECONDS, open_database
from registry.piccolo_conf import DB


async def test_a_connection_that_never_comes_back_holds_nobody_up(database_url: str) -> None:
    async with asyncio.timeout(3 * CLOSING_SECONDS):
        async with open_database(database_url):
            assert DB.pool is not None
            await DB.pool.acquire()
    assert DB.pool is None
    async with open_database(database_url):
        assert DB.pool is not None
