"""Who asks: believed from our own proxies only, and counted by network."""

from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from charter.clock import SetClock
from registry.accounts.limits import TooManyAttempts
from registry.accounts.post import allow_mail
from registry.accounts.tables import AttemptCounter
from registry.app import create_app
from registry.bootstrap import Registry, bootstrap
from registry.settings import Settings
from registry.web.networks import client_address, network_prefix
from tests.registry.web.conftest import SECRET

OURS = ("10.0.0.0/8", "127.0.0.1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "asking"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1, rubbish"], "10.0.0.1"),
        ("10.0.0.1", ["rubbish, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", [",,,"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", [" 2001:db8::1 "], "2001:db8::1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_the_one_who_asks_is_the_first_that_is_no_proxy_of_ours(
    peer: str, forwarded: list[str], asking: str
) -> None:
    assert client_address(peer, forwarded, OURS) == asking


def test_nobody_is_believed_where_no_proxy_is_named() -> None:
    assert client_address("127.0.0.1", ["198.51.100.1"], ()) == "127.0.0.1"


def test_a_long_walk_of_proxies_ends() -> None:
    assert client_address("10.0.0.1", ["10.0.0.2," * 5_000 + "10.0.0.2"], OURS) == "10.0.0.2"


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:0:12ff::1", "2001:db8:0:1200::/56"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_neighbours_are_counted_as_one(host: str, network: str) -> None:
    assert network_prefix(host) == network


def test_a_proxy_that_is_no_address_stops_the_start() -> None:
    with pytest.raises(ValidationError):
        Settings(environment="development", trusted_proxies=("nginx",))


async def test_behind_a_proxy_each_network_has_its_own_limit(
    database: str, clock: SetClock
) -> None:
    settings = Settings(
        environment="development",
        database_url=database,
        secret=SecretStr(SECRET),
        trusted_proxies=("127.0.0.1",),
    )
    registry = bootstrap(settings, clock=clock)
    transport = httpx.ASGITransport(cast("Any", create_app(registry)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for host in ("198.51.100.1", "198.51.100.200", "192.0.2.1"):
            asked = {"x-forwarded-for": f"192.0.2.66, {host}"}
            await client.post("/verify", data={"text": "x"}, headers=asked)
    spent = await AttemptCounter.select(AttemptCounter.attempts)
    assert sorted(row["attempts"] for row in spent) == [1, 2]


async def test_nobodys_mailbox_is_filled_by_strangers(registry: Registry) -> None:
    for typed in ("lead@a.example", " Lead@A.example ") * 5:
        await allow_mail(registry.desk, to=typed)
    with pytest.raises(TooManyAttempts):
        await allow_mail(registry.desk, to="lead@a.example")
    await allow_mail(registry.desk, to="sponsor@a.example")
