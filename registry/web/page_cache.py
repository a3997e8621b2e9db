"""Public pages as bytes, ready to send.

A kept page may be sent while nothing it was made from has changed. Three things end it: an
event of an organisation it speaks of (`forget`), the instant its answer may change by time
alone (`holds_until`), and silence: without word from the database that nothing has changed
(`confirm_fresh`), a page is made again after FRESH_FOR.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

FRESH_FOR = timedelta(seconds=4)
"""How long a page is sent without word that it still holds; a change shows within 5 s."""

MOST_BYTES = 48 * 1024 * 1024
"""Bytes of pages kept; the page asked for longest ago goes first."""

MAX_AGE = 60
"""Seconds a reader's own cache may keep a public page."""

Headers = tuple[tuple[bytes, bytes], ...]


def etag_of(body: bytes) -> bytes:
    """Return the entity tag of `body`: the same bytes, the same tag, on every machine."""
    return b'"' + sha256(body).hexdigest()[:32].encode() + b'"'


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Bytes anyone may see, with what a reader's cache needs to know about them.

    `holds_until` is when they may be wrong; `kept_until` when they are made again though they
    still hold, because they tell the time.
    """

    body: bytes
    media_type: bytes
    etag: bytes
    made_at: datetime
    holds_until: datetime | None = None
    kept_until: datetime | None = None
    max_age: int = MAX_AGE
    extra: Headers = ()

    def cache_control(self, now: datetime) -> bytes:
        """Return the Cache-Control that promises nothing past `holds_until`."""
        seconds = self.max_age
        if self.holds_until is not None:
            seconds = max(0, min(seconds, int((self.holds_until - now).total_seconds())))
        return b"public, max-age=%d" % seconds

    def headers(self, now: datetime) -> Headers:
        """Return the headers of a full answer."""
        return (
            (b"content-type", self.media_type),
            (b"content-length", b"%d" % len(self.body)),
            (b"etag", self.etag),
            (b"cache-control", self.cache_control(now)),
            *self.extra,
        )


def etag_beside(clock: str, body: bytes) -> bytes:
    """Return the entity tag of JSON whose member `clock` only tells when the answer was made.

    It is a weak one, the same for the same answer made at another time. The member's value is
    taken out where it first stands; a quotation mark inside a text is never followed by a colon.
    """
    before, told, after = body.partition(b'"' + clock.encode() + b'":"')
    _instant, _, rest = after.partition(b'"')
    return b"W/" + etag_of(before + rest) if told else etag_of(body)


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Say whether a reader who sent `if_none_match` already has what `etag` stands for."""
    tags = [tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")]
    return etag.removeprefix(b"W/") in tags or tags == [b"*"]


class PageCache:
    """The pages of one process, at most MOST_BYTES of them.

    A page belongs to the organisations it speaks of; one that speaks of the whole register
    belongs to REGISTER and ends with a change of any of them.
    """

    REGISTER = "*"

    def __init__(self, now: Callable[[], datetime], most_bytes: int = MOST_BYTES) -> None:
        self._clock = now
        self._most = most_bytes
        self._size = 0
        self._pages: OrderedDict[bytes, PublicPage] = OrderedDict()
        self._keys: dict[str, set[bytes]] = {}
        self._owners: dict[bytes, frozenset[str]] = {}
        self._ticket = 0
        self._emptied = 0
        self._forgotten: dict[str, int] = {}
        self._fresh_until: datetime | None = None

    def now(self) -> datetime:
        """Return the present instant, by the clock the cache was given."""
        return self._clock()

    def ticket(self) -> int:
        """Return a number to take before facts are read; `keep` asks for it."""
        return self._ticket

    def find(self, key: bytes) -> PublicPage | None:
        """Return the page kept under `key`, if it still holds."""
        page = self._pages.get(key)
        if page is None:
            return None
        now = self._clock()
        expired = (page.holds_until is not None and now >= page.holds_until) or (
            page.kept_until is not None and now >= page.kept_until
        )
        confirmed = self._fresh_until is not None and now < self._fresh_until
        if expired or not (confirmed or now < page.made_at + FRESH_FOR):
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def keep(
        self, key: bytes, page: PublicPage, *, organisations: Collection[str], ticket: int
    ) -> bool:
        """Keep `page`, unless something it speaks of changed after `ticket` was taken.

        A page made from facts read before a change and kept after it would be stale for ever.
        """
        owners = frozenset(organisations)
        if ticket < self._emptied or any(
            self._forgotten.get(owner, -1) > ticket for owner in owners
        ):
            return False
        self._drop(key)
        self._pages[key] = page
        self._owners[key] = owners
        for owner in owners:
            self._keys.setdefault(owner, set()).add(key)
        self._size += len(page.body)
        while self._size > self._most:
            self._drop(next(iter(self._pages)))
        return True

    def forget(self, organisations: Sequence[str]) -> None:
        """Let go of every page that speaks of one of `organisations`, or of the register."""
        self._ticket += 1
        for owner in (*organisations, self.REGISTER):
            self._forgotten[owner] = self._ticket
            for key in tuple(self._keys.get(owner, ())):
                self._drop(key)

    def forget_everything(self) -> None:
        """Let go of every page."""
        self._ticket += 1
        self._emptied = self._ticket
        for key in tuple(self._pages):
            self._drop(key)

    def confirm_fresh(self, as_of: datetime) -> None:
        """Note that at `as_of` no change was waiting: pages kept hold for FRESH_FOR from then."""
        self._fresh_until = as_of + FRESH_FOR

    def _drop(self, key: bytes) -> None:
        page = self._pages.pop(key, None)
        if page is None:
            return
        self._size -= len(page.body)
        for owner in self._owners.pop(key):
            keys = self._keys[owner]
            keys.discard(key)
            if not keys:
                del self._keys[owner]
