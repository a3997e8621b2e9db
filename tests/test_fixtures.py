"""The ground that tests stand on."""

import socket

import asyncpg
import pytest
import redis

from registry.embedded import Services


async def test_a_test_gets_an_empty_database_of_its_own(
    services: Services, database_url: str
) -> None:
    assert database_url != services.database_url
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval("SELECT 1") == 1
    finally:
        await connection.close()


def test_valkey_answers(services: Services) -> None:
    with redis.Redis.from_url(services.redis_url) as client:
        assert client.ping() is True


def test_the_outside_world_is_out_of_reach() -> None:
    with (
        socket.socket() as client,
        pytest.raises(UserWarning, match=r"192\.0\.2\.1"),  # pytest-socket warns before it raises
    ):
        client.connect(("192.0.2.1", 80))
