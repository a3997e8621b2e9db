"""Keeping the kept pages of one process true while other processes write.

Event ids rise in the order of commits, so asking once a second for everything after the last one
seen misses nothing. What an event touched is forgotten; silence is noted as such, and pages are
only sent while it is recent. Whatever goes wrong here, pages end by themselves after FRESH_FOR.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from charter.history.queries import newest_event
from charter.history.tables import Event
from charter.reviews.unpaid import panels_are_stopped
from registry.web.notices import Notices
from registry.web.page_cache import PageCache

LOOK_EVERY = timedelta(seconds=1)
MOST_AT_ONCE = 500
"""Organisations touched at one look; beyond it everything is forgotten at once."""

_log = structlog.get_logger(__name__)


class Follower:
    """Follows the history for one process's pages."""

    def __init__(self, pages: PageCache, notices: Notices) -> None:
        self._pages = pages
        self._notices = notices
        self._seen: int | None = None

    async def look(self) -> None:
        """Forget what has changed since the last look, and note that nothing else has."""
        asked_at = self._pages.now()
        newest = await newest_event()
        if newest != self._seen:
            await self._tell()
        if self._seen is None:
            self._pages.forget_everything()
        elif newest > self._seen:
            self._forget(await _touched(self._seen, newest))
        self._seen = newest
        self._pages.confirm_fresh(asked_at)

    async def _tell(self) -> None:
        """Say on every page that panels stopped, or no longer: then no kept page is true."""
        stopped = await panels_are_stopped()
        if stopped != self._notices.panels_stopped:
            self._notices.panels_stopped = stopped
            self._pages.forget_everything()

    def _forget(self, slugs: Sequence[str]) -> None:
        if len(slugs) > MOST_AT_ONCE:
            self._pages.forget_everything()
        else:
            self._pages.forget(slugs)


@asynccontextmanager
async def following(pages: PageCache, notices: Notices) -> AsyncIterator[None]:
    """Follow the history for as long as the block runs."""
    task = asyncio.create_task(_follow(Follower(pages, notices)))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(follower: Follower) -> None:
    while True:
        try:
            await follower.look()
        except Exception as failure:  # noqa: BLE001 - the next look is the remedy, whatever it was
            _log.warning("freshness", error=type(failure).__name__)
        await asyncio.sleep(LOOK_EVERY.total_seconds())


async def _touched(after: int, until: int) -> list[str]:
    rows = await Event.raw(_TOUCHED, after, until, MOST_AT_ONCE + 1)
    return [row["slug"] for row in rows]


_TOUCHED = """
WITH touched AS (SELECT DISTINCT organisation FROM event WHERE id > {} AND id <= {})
SELECT slug FROM organisation WHERE id IN (SELECT organisation FROM touched)
UNION SELECT slug FROM organisation_former_slug WHERE organisation IN (
    SELECT organisation FROM touched)
LIMIT {}
"""
