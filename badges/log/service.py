"""The two acts of the log: append what was committed, and sign what was appended.

Appending is done by one *sequencer*. It takes every committed event after the last one in the
log, in the order of commits. What must be true for it never to skip one: an event's id is drawn
under a lock that is held until its transaction ends (`charter.ledger`), so when an event can be
seen, every event with a smaller id can be seen, or never will be.

Entries could be written by the use cases themselves, in their own transactions. Then a fault in
the log would stop the register, and all would queue for the log's lock to hash and write a few
rows each; in batches the same work takes a tenth of the time. The price is that an event is in
the log some seconds after it is public. Nothing is signed that was not committed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from badges.log import store
from badges.log.checkpoint import Checkpoint, open_checkpoint
from badges.log.checkpoint_file import CheckpointFile
from badges.log.entry import SequencedEvent, entry_of
from badges.log.errors import LogError, OutOfOrder, SigningRefused
from badges.log.note import Note, NoteSigner, NoteVerifier, sign_note
from badges.log.rules import assess_signing_due
from badges.log.tables import LogCheckpoint, transaction
from badges.log.tree import (
    EMPTY_ROOT,
    Hash,
    Span,
    frontier_places,
    grow,
    grown_frontier,
    leaf_hash,
    root_of,
)
from charter.clock import Clock

MOST_EVENTS = 1_000
"""In one batch, and so in one transaction."""

_ENTRIES_AT_ONCE = 4_096


class EventSource(Protocol):
    """Where the sequencer finds the events of the register."""

    async def committed_events_after(self, event_id: int, limit: int) -> Sequence[SequencedEvent]:
        """Return at most `limit` committed events with greater ids, in the order of their ids."""
        ...


@dataclass(frozen=True, slots=True)
class PublicLog:
    """This registry's log: who signs it, and where it remembers what was signed.

    All `signers` bear the log's origin as their name. There are two while one key takes over
    from another.
    """

    signers: tuple[NoteSigner, ...]
    remembered: CheckpointFile
    clock: Clock

    @property
    def origin(self) -> str:
        """The log's name: its address without the scheme."""
        return self.signers[0].verifier.name

    @property
    def keys(self) -> tuple[NoteVerifier, ...]:
        """The public halves of the signers."""
        return tuple(signer.verifier for signer in self.signers)


async def append_committed_events(*, source: EventSource, limit: int = MOST_EVENTS) -> int:
    """Append the next events of `source`, at most `limit`, and return how many they were.

    Running it twice, or in several processes at once, appends every event once. Raise OutOfOrder
    if the source does not keep its promise; nothing is appended then.
    """
    async with transaction():
        await store.wait_for_the_pen()
        head = await store.read_head()
        events = await source.committed_events_after(head.last_event, limit)
        if not events:
            return 0
        ids = [head.last_event, *(event.id for event in events)]
        if any(later <= earlier for earlier, later in pairwise(ids)):
            raise OutOfOrder(f"Events after number {head.last_event} came out of order.")
        entries = [entry_of(event) for event in events]
        await store.add(
            [
                (index, event.id, entry)
                for index, (event, entry) in enumerate(zip(events, entries, strict=True), head.size)
            ],
            list(grow(head.size, head.frontier, map(leaf_hash, entries))),
        )
    return len(events)


async def sign_checkpoint(*, log: PublicLog) -> Checkpoint | None:
    """Sign the log as it now is, if that is due, and return what was signed.

    Raise SigningRefused when the log does not extend the checkpoint remembered outside the
    database, when that memory is gone, or when the tree is not that of the entries.
    """
    async with transaction():
        await store.wait_for_the_seal()
        now = log.clock.now()
        size = await store.read_size()
        last = await store.read_last_signed()
        if not assess_signing_due(size=size, last=last, now=now):
            return None
        with log.remembered.held():
            before = _remembered(log, published=last is not None)
            checkpoint = Checkpoint(log.origin, size, await _extended_root(before, size))
            note = sign_note(str(checkpoint), log.signers)
            await asyncio.to_thread(log.remembered.write, str(note))
            # From here on the signature may be known to others: the file is already on the disk.
            await _keep(checkpoint, note, now)
    return checkpoint


def _remembered(log: PublicLog, *, published: bool) -> Checkpoint:
    """Return the last checkpoint signed, as the file outside the database has it."""
    written = log.remembered.read()
    if written is None:
        if published:
            raise SigningRefused(
                f"Checkpoints were signed before, but {log.remembered.path} is gone. Put back the "
                "newest checkpoint that was published, as a witness or a reader has it."
            )
        return Checkpoint(log.origin, 0, EMPTY_ROOT)
    try:
        checkpoint, _ = open_checkpoint(written, log.keys)
    except LogError as unreadable:
        raise SigningRefused(
            f"{log.remembered.path} does not hold a checkpoint signed by this log. "
            f"{unreadable.message}"
        ) from unreadable
    return checkpoint


async def _extended_root(before: Checkpoint, size: int) -> Hash:
    """Return the root over `size` entries, grown from what `before` covers and the entries since.

    What is signed so extends what was signed, whatever has happened to the tables.
    """
    if size < before.size:
        raise SigningRefused(
            f"The log has {size} entries, but {before.size} were signed: this looks like a "
            "database restored from a backup. Restore a newer one."
        )
    frontier = await _frontier(before.size)
    if root_of(frontier) != before.root:
        raise SigningRefused(
            f"The first {before.size} entries are not those that were signed: this looks like a "
            "database restored from a backup and then written to."
        )
    for start in range(before.size, size, _ENTRIES_AT_ONCE):
        span = Span(start, min(size, start + _ENTRIES_AT_ONCE))
        entries = await store.read_entries(span)
        if len(entries) != span.end - span.start:
            raise SigningRefused(f"Entries between {span.start} and {span.end} are missing.")
        frontier = grown_frontier(start, frontier, [leaf_hash(entry) for entry in entries])
    root = root_of(frontier)
    if root != root_of(await _frontier(size)):
        raise SigningRefused("The tree is not that of the entries: one of them was changed.")
    return root


async def _frontier(size: int) -> list[Hash]:
    places = frontier_places(size)
    nodes = await store.read_nodes(places)
    if len(nodes) != len(places):
        raise SigningRefused(f"The tree over the first {size} entries is not complete.")
    return [nodes[place] for place in places]


async def _keep(checkpoint: Checkpoint, note: Note, now: datetime) -> None:
    await LogCheckpoint.insert(
        LogCheckpoint(size=checkpoint.size, note=str(note), signed_at=now)
    ).on_conflict(
        target=LogCheckpoint.size,
        action="DO UPDATE",
        values=[LogCheckpoint.note, LogCheckpoint.signed_at],
    )
