"""One transaction: rows, events, the standing that follows, and work for later, all or nothing.

A use case opens a `transaction`, changes rows, and says what happened with `record`. Events are
written last, under one lock, so that their ids rise in the order of commits; whoever reads
"everything after id n" can therefore never miss one (rule 40).
"""

import hashlib
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import rfc8785
from piccolo.engine import engine_finder

from charter.errors import NotFound
from charter.history.events import Fact, RecordedEvent
from charter.history.kinds import check_facts
from charter.history.tables import Event, OutboxMessage, PublicText
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from charter.standing import projection
from charter.standing.walk import Walk

EVENT_ORDER_LOCK = 4_001
"""The advisory lock that gives events their one order. It is always the last lock taken."""

MOST_AT_ONCE = 500
"""Events that are inserted with one statement: a database takes only so many values in one."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words published beside an event: where they are kept, and their salted commitment."""

    id: uuid.UUID
    commitment: bytes


@dataclass(frozen=True, slots=True)
class _Pending:
    kind: str
    organisation: uuid.UUID | None
    effective_at: datetime
    by: str
    facts: Mapping[str, Fact]
    words: Words | None


class Ledger:
    """What one use case has to say: events, words and work, written when its transaction ends."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.now = scheme.now()
        self.today = scheme.today()
        self._pending: list[_Pending] = []
        self._work: list[tuple[str, str, Mapping[str, Any], datetime]] = []
        self._settle: set[uuid.UUID] = set()
        self._walks: dict[uuid.UUID, Walk] = {}
        self._recorded_at = self.now
        self._has_the_pen = False

    def new_id(self) -> uuid.UUID:
        """Return a new random identifier."""
        return uuid.UUID(bytes=self.scheme.chance.bytes(16), version=4)

    def record(
        self,
        kind: str,
        facts: Mapping[str, Fact],
        *,
        organisation: uuid.UUID | None = None,
        by: str,
        words: Words | None = None,
        effective_at: datetime | None = None,
    ) -> None:
        """Say that something happened. Raises `FactsDoNotMatch` unless `facts` fit the kind.

        `by` is the role that acted, never a person. `effective_at` is now unless it is given.
        """
        check_facts(kind, facts)
        at = effective_at or self.now
        self._pending.append(_Pending(kind, organisation, at, by, facts, words))

    async def publish_words(
        self,
        about: str,
        words: Mapping[str, Any],
        *,
        organisation: uuid.UUID | None = None,
        held_until: datetime | None = None,
    ) -> Words:
        """Keep public words apart from the facts and return the commitment that ties them."""
        salt = self.scheme.chance.bytes(32)
        commitment = commit(salt, words)
        text = PublicText(
            id=self.new_id(),
            organisation=organisation,
            about=about,
            words=msgspec.json.encode(words).decode(),
            salt=salt,
            commitment=commitment,
            recorded_at=self.now,
            held_until=held_until,
        )
        await text.save()
        return Words(text.id, commitment)

    def send(
        self, kind: str, key: str, payload: Mapping[str, Any], *, due_at: datetime | None = None
    ) -> None:
        """Leave work of `kind` in the outbox; the same `key` twice is the same work once."""
        self._work.append((kind, key, payload, due_at or self.now))

    def settle(self, organisation: uuid.UUID) -> None:
        """Have the standing of `organisation` computed anew though nothing new is recorded."""
        self._settle.add(organisation)

    async def lock_organisation(self, organisation: uuid.UUID) -> Organisation:
        """Lock an organisation's row until the end: one use case at a time. Raises `NotFound`."""
        row = (
            await Organisation.objects()
            .where(Organisation.id == organisation)
            .lock_rows("UPDATE")
            .first()
        )
        if row is None:
            raise NotFound("There is no such organisation.")
        return row

    async def take_the_pen(self) -> None:
        """Take the lock of the order of events; from then on no instant lies before the last.

        Nothing is recorded by anybody else until this transaction ends, so no standing moves.
        For a use case that has to change rows which watchers change, too: they hold the pen.
        """
        if self._has_the_pen:
            return
        await Event.raw("SELECT pg_advisory_xact_lock({})", EVENT_ORDER_LOCK)
        last = await Event.select(Event.recorded_at).order_by(Event.id, ascending=False).first()
        self._recorded_at = max(self.now, last["recorded_at"]) if last else self.now
        self._has_the_pen = True

    def bring_walks_back(self) -> None:
        """Keep, after the commit, what this transaction learnt."""
        for organisation, walk in self._walks.items():
            self.scheme.walks.bring_back(organisation, walk)

    async def write(self) -> None:
        """Write events, the moves that follow from them, what watchers add, and the outbox."""
        touched = {row.organisation for row in self._pending if row.organisation} | self._settle
        recorded = await self._insert_pending()
        for organisation in sorted(touched):
            await self._record_what_moved(organisation)
        recorded += await self._insert_pending()
        for watcher in self.scheme.watchers:
            await watcher(self, recorded)
        await self._insert_pending()
        for kind, key, payload, due_at in self._work:
            await _put_in_outbox(kind, key, payload, due_at, self.now)

    async def _record_what_moved(self, organisation: uuid.UUID) -> None:
        await self.take_the_pen()
        walk = self.scheme.walks.borrow(organisation, await self.scheme.packs())
        self._walks[organisation] = walk
        for move in await projection.settle(walk, organisation, self._recorded_at):
            self.record(
                move.kind,
                move.facts,
                organisation=organisation,
                by="system",
                effective_at=move.at,
            )

    async def _insert_pending(self) -> list[RecordedEvent]:
        pending, self._pending = self._pending, []
        if pending:
            await self.take_the_pen()
        recorded = []
        for start in range(0, len(pending), MOST_AT_ONCE):
            recorded += await self._insert(pending[start : start + MOST_AT_ONCE])
        return recorded

    async def _insert(self, pending: Sequence[_Pending]) -> list[RecordedEvent]:
        """Insert events with one statement: ids are drawn in the order of its rows."""
        inserted = await Event.insert(*map(self._row, pending))
        ids = sorted(each["id"] for each in inserted)
        return [
            RecordedEvent(
                number,
                row.kind,
                row.organisation,
                row.effective_at,
                self._recorded_at,
                row.by,
                row.facts,
                row.words.id if row.words else None,
                row.words.commitment if row.words else None,
            )
            for number, row in zip(ids, pending, strict=True)
        ]

    def _row(self, pending: _Pending) -> Event:
        return Event(
            kind=pending.kind,
            organisation=pending.organisation,
            effective_at=pending.effective_at,
            recorded_at=self._recorded_at,
            by=pending.by,
            data=msgspec.json.encode(pending.facts).decode(),
            words=pending.words.id if pending.words else None,
            commitment=pending.words.commitment if pending.words else None,
        )


@asynccontextmanager
async def transaction(scheme: Scheme) -> AsyncIterator[Ledger]:
    """Open a transaction on the primary database; everything in it commits together or not at all.

    Transactions do not nest: a use case that needs another's work calls a function that takes the
    `Ledger`.
    """
    ledger = Ledger(scheme)
    engine = engine_finder()
    if engine is None:
        raise RuntimeError("no database is configured")
    async with engine.transaction(allow_nested=False):
        yield ledger
        await ledger.write()
    ledger.bring_walks_back()


def commit(salt: bytes, words: Mapping[str, Any]) -> bytes:
    """Return the commitment to `words`: SHA-256 over salt and canonical JSON (RFC 8785)."""
    return hashlib.sha256(salt + rfc8785.dumps(dict(words))).digest()


async def _put_in_outbox(
    kind: str, key: str, payload: Mapping[str, Any], due_at: datetime, now: datetime
) -> None:
    message = OutboxMessage(
        key=key,
        kind=kind,
        payload=msgspec.json.encode(payload).decode(),
        created_at=now,
        due_at=due_at,
    )
    await OutboxMessage.insert(message).on_conflict(target=OutboxMessage.key, action="DO NOTHING")
