"""Looking for viruses: one port, clamd behind it, and a loud stand-in for demonstrations.

Silence is never an all-clear. A scanner that cannot be reached, hangs up (clamd does so without
a word when a file is larger than its StreamMaxLength) or answers oddly yields CouldNotCheck, and
the file stays in quarantine (rule 17).
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from aioclamd import ClamdAsyncClient, ClamdError


@dataclass(frozen=True, slots=True)
class Clean:
    """The scanner read the whole file and knows nothing against it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The scanner knows this file as harmful, by this name."""

    name: str


@dataclass(frozen=True, slots=True)
class CouldNotCheck:
    """Nobody has looked. The file must wait; try again later."""

    why: str


Finding = Clean | Found | CouldNotCheck


class Scanner(Protocol):
    """Something that can look for viruses."""

    async def scan(self, file: Path) -> Finding:
        """Look through `file`. Never raises for anything the scanner does."""
        ...


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """A clamd service on the network."""

    host: str
    port: int
    timeout_seconds: float = 120.0

    async def scan(self, file: Path) -> Finding:
        """Stream `file` to clamd and read its answer."""
        client = ClamdAsyncClient(self.host, self.port, timeout=self.timeout_seconds)
        try:
            content = await asyncio.to_thread(file.open, "rb")
            with content:
                answer = await client.instream(content)
        except (ClamdError, OSError, EOFError, UnicodeError) as failure:
            return CouldNotCheck(str(failure) or type(failure).__name__)
        status, name = (answer or {}).get("stream", ("", None))
        if status == "OK":
            return Clean()
        if status == "FOUND":
            return Found(str(name))
        return CouldNotCheck("the scanner gave no answer")


_EICAR_PIECES = (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!", b"$H+H*")
EICAR_FILE = b"".join(_EICAR_PIECES)
"""The industry's harmless test virus; in pieces, lest a scanner take this source file for it."""

_OVERLAP = len(EICAR_FILE) - 1
_PIECE = 1024 * 1024


class BuiltInScanner:
    """Knows the EICAR test file and nothing else: for demonstrations and tests only."""

    def __init__(self) -> None:
        structlog.get_logger().warning(
            "built-in scanner in use: real viruses are NOT found",
            remedy="set REGISTRY_SCANNER_URL to tcp://host:3310 of a clamd service",
        )

    async def scan(self, file: Path) -> Finding:
        """Say whether `file` holds the EICAR test file."""
        try:
            harmful = await asyncio.to_thread(_holds_eicar, file)
        except OSError as failure:
            return CouldNotCheck(str(failure))
        return Found("Eicar-Test-Signature") if harmful else Clean()


def _holds_eicar(file: Path) -> bool:
    tail = b""
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            if EICAR_FILE in tail + piece:
                return True
            tail = piece[-_OVERLAP:]
    return False


def scanner_from_url(url: str) -> Scanner:
    """Return the scanner that `url` names: `tcp://host:3310` or, loudly, `builtin://`.

    Raises ValueError on any other.
    """
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return ClamdScanner(parts.hostname, parts.port or 3310)
    if parts.scheme == "builtin":
        return BuiltInScanner()
    raise ValueError("a scanner URL is tcp://host:3310 or builtin://")
