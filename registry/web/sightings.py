"""Counting, in one web process, how often badges are looked at.

While a request is answered a number goes up, and nothing else: which badge and place it was is
read off the address later, once a minute for all of them. Of a request nothing is kept but the
name of the site that shows a badge's live picture, as its reader's browser tells it.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Final

import structlog

from badges.codes import MistypedCode, read_badge_code, read_placement_code
from badges.sightings import Seen, add_sightings

SEEN_UNDER: Final = "/b/"
LIVE: Final = "/live.svg"

WRITE_EVERY: Final = 60.0
"""Seconds; what was counted since is lost with the process, which a count can bear."""

MOST_KEPT: Final = 10_000
"""Different addresses and sites counted between two writings; more are not counted."""

_PAGE: Final = re.compile(r"/b/(?P<code>[^/.]+)(?:/(?P<place>[^/.]+))?")
_PICTURE: Final = re.compile(r"/b/(?P<code>[^/.]+)/live\.svg")
_SITE: Final = re.compile(rb"https?://(?P<host>[A-Za-z0-9.-]{1,240}(?::[0-9]{1,5})?)(?:/|$)")

_log = structlog.get_logger(__name__)

Headers = Iterable[tuple[bytes, bytes]]


class Sightings:
    """What this process has counted and not written down yet."""

    def __init__(self, own_host: str) -> None:
        self._own_host = own_host
        self._counted: Counter[tuple[str, str]] = Counter()

    def note(self, path: str, headers: Headers) -> None:
        """Count one look at `path`: a page of ours, or the live picture on somebody's site."""
        host = ""
        if path.endswith(LIVE):
            host = site_named(headers)
            if host in {"", self._own_host}:
                return
        if len(self._counted) < MOST_KEPT or (path, host) in self._counted:
            self._counted[path, host] += 1

    def take(self) -> list[Seen]:
        """Return what was counted, read as badges, places and sites, and begin anew."""
        counted, self._counted = self._counted, Counter()
        read = Counter[tuple[str, str, str]]()
        for (path, host), times in counted.items():
            meant = _badge_and_place(path)
            if meant is not None:
                read[*meant, host] += times
        return [Seen(code, place, host, times) for (code, place, host), times in read.items()]


def site_named(headers: Headers) -> str:
    """Return the site whose page the reader came from, empty where their browser tells none."""
    referer = next((value for name, value in headers if name == b"referer"), b"")
    found = _SITE.match(referer)
    return found["host"].decode().lower() if found else ""


def _badge_and_place(path: str) -> tuple[str, str] | None:
    """Return the badge and the place of an address; None where it is neither page nor picture."""
    found = _PICTURE.fullmatch(path) or _PAGE.fullmatch(path)
    if found is None:
        return None
    try:
        place = found.groupdict().get("place")
        return read_badge_code(found["code"]), read_placement_code(place) if place else ""
    except MistypedCode:
        return None


@asynccontextmanager
async def counting(sightings: Sightings, today: Callable[[], date]) -> AsyncIterator[None]:
    """Write down what is counted once a minute for as long as the block runs, and at its end."""
    task = asyncio.create_task(_write_again_and_again(sightings, today))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await write_down(sightings, today())


async def _write_again_and_again(sightings: Sightings, today: Callable[[], date]) -> None:
    while True:
        await asyncio.sleep(WRITE_EVERY)
        await write_down(sightings, today())


async def write_down(sightings: Sightings, on: date) -> None:
    """Add what was counted to the day `on`; what cannot be written is let go."""
    seen = sightings.take()
    if not seen:
        return
    try:
        await add_sightings(seen, on=on)
    except Exception as failure:  # noqa: BLE001 - pages come first, whatever is wrong with counting
        _log.warning("sightings", error=type(failure).__name__)
