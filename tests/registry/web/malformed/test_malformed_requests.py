"""Requests no browser sends, over a raw socket to the real server: none is a fault of ours."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from pydantic import SecretStr

from charter.organisations.tables import Membership
from registry.accounts import sessions
from registry.accounts.service import account_for
from registry.bootstrap import Registry, bootstrap
from registry.embedded import Services
from registry.settings import Settings
from registry.web.csrf import form_token
from tests.registry.web.conftest import SECRET
from tests.registry.web.malformed import addresses, bodies, heads
from tests.registry.web.malformed.raw import Known, get
from tests.world import World, harbour_lights

SECONDS = 5
"""Within which each request is answered, or its connection closed."""

QUIET_SECONDS = 2
"""After which we end our side of a connection that the server keeps open."""

AT_ONCE = 8

START_SECONDS = 60

STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3})")

# An answer without a body is the server's own, to what is no HTTP: it was never ours to word.
API = re.compile(rb"^[A-Z]+ (?:/api/|/\S*\.json[ ?])")

EXCUSED = {
    "line: nothing at all": "there is no request to answer",
    "line: line breaks alone": "there is no request to answer",
    "frame: a head cut short": "there is no whole request to answer",
    "line: an HTTP/2 preface": "answered in HTTP/2, which this test does not read",
    "line: an HTTP/2 preface and rubbish": "answered in HTTP/2, which this test does not read",
}
"""Rows that need no answer of HTTP/1, each with the reason. They must close in time all the same,
and the server must be there afterwards."""


@pytest.fixture
def registry(database: str) -> Registry:
    """Build what the server's process holds, on the same database."""
    settings = Settings(environment="development", database_url=database, secret=SecretStr(SECRET))
    return bootstrap(settings)


@pytest.fixture
async def known(registry: Registry) -> Known:
    """Sign in the lead of Harbour Lights, and make the tokens of our forms."""
    desk = registry.desk
    organisation = await harbour_lights(World())
    account = await account_for(desk, email="edi-lead@harbour-lights.example")
    for role in ("lead", "sponsor"):
        await Membership.insert(
            Membership(
                id=uuid4(),
                organisation=organisation.id,
                account=account,
                role=role,
                since=desk.now(),
            )
        )
    session = await sessions.start(desk, account=account, how="test", replaces=None)
    browser = "a-browser-of-the-tests"
    return Known(
        session=session.encode(),
        session_token=form_token(desk, f"session:{session}").encode(),
        browser=browser.encode(),
        browser_token=form_token(desk, f"browser:{browser}").encode(),
        free_token=form_token(desk, "nothing").encode(),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(database: str, services: Services) -> AsyncIterator[int]:
    """Run `registry serve` for the block and yield its port."""
    port = free_port()
    environment = {
        **os.environ,
        "REGISTRY_ENVIRONMENT": "development",
        "REGISTRY_DATABASE_URL": database,
        "REGISTRY_REDIS_URL": services.redis_url,
        "REGISTRY_SECRET": SECRET,
        "REGISTRY_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "registry.cli",
        "serve",
        "--port",
        str(port),
        env=environment,
    )
    try:
        await until_live(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def until_live(port: int) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                if (await sent(port, get(b"/health/live"))).startswith(b"HTTP/1.1 200"):
                    return
            except OSError:
                await asyncio.sleep(0.1)


async def sent(port: int, raw: bytes) -> bytes:
    """Send `raw` and return what comes back before the close; end our side once all is quiet.

    Ending it at once would let the server drop a request before it has looked at it.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(raw)
        while True:
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    piece = await reader.read(65_536)
            except TimeoutError:
                writer.write_eof()
                return answer + await reader.read(-1)
            answer += piece
            if not piece:
                return answer
    except ConnectionResetError:
        return answer  # closed before everything was sent
    finally:
        writer.close()


async def fault(port: int, raw: bytes) -> str | None:
    """Return what is wrong with the answer to `raw`, if anything is."""
    try:
        async with asyncio.timeout(SECONDS):
            answer = await sent(port, raw)
    except TimeoutError:
        return f"no answer and no close within {SECONDS} s"
    except ConnectionRefusedError:
        return "nobody listens any more"
    except OSError:
        return None  # closed before everything was sent
    return wrong_with(raw, answer)


def wrong_with(raw: bytes, answer: bytes) -> str | None:
    """Return what is wrong with `answer`, if anything is."""
    head, _break, body = answer.partition(b"\r\n\r\n")
    found = STATUS.match(answer)
    status = found[1] if found else b""
    problem = b"application/problem+json" in head or not body or not API.match(raw)
    wrongs = (
        (not answer, "closed without a word"),
        (found is None, f"no answer of HTTP: {answer[:60]!r}"),
        (b"/smuggled" in answer, "a second request was read out of the first one's body"),
        (status >= b"500", f"status {status.decode()}"),
        (b"Traceback" in answer, "shows how it failed"),
        (status >= b"400" and not problem, f"not problem+json: {head[:200]!r}"),
    )
    return next((sentence for wrong, sentence in wrongs if wrong), None)


def test_the_corpus_is_large_and_every_name_is_its_own() -> None:
    known = Known(b"s", b"t", b"b", b"t", b"t")
    rooms = [room.requests(known) for room in (addresses, heads, bodies)]
    names = [name for room in rooms for name in room]
    assert len(names) == len(set(names))
    assert len(names) >= 200


@pytest.mark.timeout(180)
async def test_no_malformed_request_is_a_fault_of_ours(
    known: Known, database: str, services: Services
) -> None:
    corpus = addresses.requests(known) | heads.requests(known) | bodies.requests(known)
    turns = asyncio.Semaphore(AT_ONCE)
    async with serving(database, services) as port:

        async def tried(raw: bytes) -> str | None:
            async with turns:
                return await fault(port, raw)

        found = await asyncio.gather(*(tried(raw) for raw in corpus.values()))
        still = await sent(port, get(b"/health/live"))
    faults = {
        name: what
        for name, what in zip(corpus, found, strict=True)
        if what and not (name in EXCUSED and what.startswith(("closed", "no answer of")))
    }
    assert faults == {}
    assert still.startswith(b"HTTP/1.1 200")
