"""How everything that the registry depends on is doing: asked by `/health/ready` and the doctor.

Each question has a time limit and yields a finding, never an exception. A dependency is needed
where no page can be served without it; the others may be away for a while, and nothing accepted
is lost meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from badges.log.queries import newest_signed
from registry.bootstrap import Registry
from registry.database import pending_migrations
from registry.demo.state import is_presentable
from registry.grants import rewritable
from registry.rounds.outbox import oldest_due
from registry.rounds.tables import ScheduleWindow
from registry.rounds.windows import windows
from registry.settings import STAND_INS

PATIENCE_SECONDS = 3.0

HEARTBEAT = timedelta(minutes=3)
"""A worker walks its shortest round every minute; after so long in silence it is taken for dead."""

POST_WAITS = timedelta(minutes=10)
"""How long mail may wait before somebody should look."""

NO_FILE = "0" * 64
"""A digest that no file has."""

State = Literal["up", "down", "stand-in", "waiting"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one dependency.

    `age_seconds` is how old its newest sign of life is: 0 where it answered just now, None where
    there never was one.
    """

    name: str
    state: State
    needed: bool = False
    age_seconds: int | None = 0
    version: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """All findings, and whether pages can be served and be relied on."""

    findings: Sequence[Finding]

    @property
    def ready(self) -> bool:
        """Whether everything that is needed is there."""
        return all(finding.state == "up" for finding in self.findings if finding.needed)

    @property
    def well(self) -> bool:
        """Whether nothing at all is down."""
        return all(finding.state != "down" for finding in self.findings)


Question = Callable[[Registry], Awaitable[Finding]]


async def examine(registry: Registry) -> Health:
    """Ask after everything at once. The database must be open."""
    questions = {**QUESTIONS, **(OF_A_DEMONSTRATION if _is_demo(registry) else {})}
    asked = (_ask(registry, name, question) for name, question in questions.items())
    return Health(await asyncio.gather(*asked))


async def _ask(registry: Registry, name: str, question: Question) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await question(registry)
    except Exception as fault:  # noqa: BLE001 whatever goes wrong is the finding
        # The fault's own words may hold an address with a password; its kind cannot.
        kind = type(fault).__name__
        return Finding(name, "down", needed=name in NEEDED, age_seconds=None, detail=kind)


async def _database(_: Registry) -> Finding:
    [row] = await ScheduleWindow.raw("SELECT current_setting('server_version') AS version")
    return Finding("database", "up", needed=True, version=row["version"].split()[0])


async def _schema(_: Registry) -> Finding:
    pending = await pending_migrations()
    said = f"run `registry migrate` for {', '.join(pending)}" if pending else ""
    return Finding("schema", "down" if pending else "up", needed=True, detail=said)


async def _history(registry: Registry) -> Finding:
    tables = await rewritable()
    said = f"our role could change {', '.join(tables)}" if tables else ""
    if tables and not registry.settings.in_production:
        return Finding("history", "stand-in", detail=said)
    return Finding("history", "down" if tables else "up", detail=said)


async def _valkey(registry: Registry) -> Finding:
    from redis.asyncio import Redis  # noqa: PLC0415 - 10 MB that pages can do without

    client = Redis.from_url(registry.settings.redis_url, socket_timeout=PATIENCE_SECONDS)
    try:
        told = await client.info("server")
    finally:
        await client.aclose()
    version = told.get("valkey_version") or told.get("redis_version")
    return Finding("valkey", "up", version=str(version))


async def _files(registry: Registry) -> Finding:
    await registry.files.holds(NO_FILE)
    scheme = urlsplit(registry.settings.files_url).scheme
    return Finding("files", "up", needed=True, detail=f"{scheme}://")


async def _scanner(registry: Registry) -> Finding:
    url = registry.settings.scanner_url
    if url == STAND_INS["scanner_url"]:
        return Finding("scanner", "stand-in", detail="real viruses are not found")
    parts = urlsplit(url)
    said = await _first_words(parts.hostname or "", parts.port or 3310, b"zVERSION\0")
    return Finding("scanner", "up", version=said.strip("\0\r\n ") or None)


async def _mail(registry: Registry) -> Finding:
    url = registry.settings.mail_url
    if url == STAND_INS["mail_url"]:
        return Finding("mail", "stand-in", detail="mail is shown on the inbox page")
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        default = 465 if parts.scheme == "smtps" else 25
        await _first_words(parts.hostname, parts.port or default, b"", read=False)
    return Finding("mail", "up", detail=f"{parts.scheme}://")


async def _worker(registry: Registry) -> Finding:
    walked = max((await windows()).values(), default=None)
    age = _age(registry, walked)
    alive = age is not None and age <= HEARTBEAT.total_seconds()
    return Finding("worker", "up" if alive else "down", age_seconds=age)


async def _post(registry: Registry) -> Finding:
    waiting = await oldest_due(registry.clock)
    age = _age(registry, waiting)
    late = age is not None and age > POST_WAITS.total_seconds()
    return Finding("post", "down" if late else "up", age_seconds=age or 0)


async def _log(registry: Registry) -> Finding:
    newest = await newest_signed()
    if newest is None:
        return Finding("log", "waiting", age_seconds=None, detail="nothing is signed yet")
    cosigned = f"{newest.size} entries, {newest.witnesses} witnesses"
    return Finding("log", "up", age_seconds=_age(registry, newest.signed_at), detail=cosigned)


async def _region(_: Registry) -> Finding:
    played = await is_presentable()
    said = "" if played else "the region is being played"
    return Finding("region", "up" if played else "waiting", needed=True, detail=said)


QUESTIONS: Mapping[str, Question] = {
    "database": _database,
    "schema": _schema,
    "history": _history,
    "valkey": _valkey,
    "files": _files,
    "scanner": _scanner,
    "mail": _mail,
    "worker": _worker,
    "post": _post,
    "log": _log,
}
"""Who is asked after, and how."""

OF_A_DEMONSTRATION: Mapping[str, Question] = {"region": _region}

NEEDED = frozenset({"database", "schema", "files", "region"})
"""Without these no page can be served or relied on."""


async def _first_words(host: str, port: int, greeting: bytes, *, read: bool = True) -> str:
    """Return what a server says, after a greeting where it waits for one. Raises OSError."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(greeting)
        await writer.drain()
        return (await reader.read(200)).decode(errors="replace") if read else ""
    finally:
        writer.close()


def _age(registry: Registry, since: datetime | None) -> int | None:
    return None if since is None else max(0, int((registry.clock.now() - since).total_seconds()))


def _is_demo(registry: Registry) -> bool:
    return registry.settings.environment == "demo"
