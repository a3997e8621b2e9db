"""Audit the log from inside: the tables against each other and against the events.

The audit from outside (`badges.log.audit`) sees what is served. This one also sees what is not:
subtrees between the tiles, and whether an event still says what the log committed to.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from badges.log import store
from badges.log.checkpoint import open_checkpoint
from badges.log.entry import SequencedEvent, entry_of
from badges.log.errors import LogError
from badges.log.note import NoteVerifier
from badges.log.service import EventSource
from badges.log.store import Leaf
from badges.log.tables import LogCheckpoint
from badges.log.tree import Hash, Span, frontier_places, grow, grown_frontier, leaf_hash, root_of

_AT_ONCE = 4_096


async def audit_tables(*, source: EventSource, keys: Sequence[NoteVerifier]) -> list[str]:
    """Return every fault in the tables of the log; none if all is as it was written.

    It reads one batch after the other, outside any transaction: everything it looks at is only
    ever added to. Events that are not yet in the log are no fault.
    """
    audit = _InsideAudit(source)
    await audit.compare_leaves()
    await audit.compare_checkpoints(keys)
    return audit.faults


@dataclass(slots=True)
class _InsideAudit:
    source: EventSource
    faults: list[str] = field(default_factory=list)
    size: int = 0
    nodes: int = 0
    last_event: int = 0
    frontier: list[Hash] = field(default_factory=list)

    async def compare_leaves(self) -> None:
        async for leaves in _batches():
            await self._compare_events(leaves)
            await self._compare_nodes([leaf_hash(entry) for _, _, entry in leaves])
        kept = await store.count_nodes()
        if kept != self.nodes:
            self.faults.append(f"There are {kept} subtrees, but the entries give {self.nodes}.")

    async def _compare_events(self, leaves: Sequence[Leaf]) -> None:
        """Hold each row against the event that comes next in the order of commits."""
        try:
            events = await self.source.committed_events_after(self.last_event, len(leaves))
        except LogError as unreadable:
            self.faults.append(unreadable.message)
            return
        for index, (row, event) in enumerate(zip(leaves, events, strict=False), self.size):
            if row[:2] != (index, event.id) or not _tells_of(row[2], event):
                self.faults.append(f"Entry {index} does not tell of event {event.id}.")
        if len(events) < len(leaves):
            self.faults.append(f"{len(leaves) - len(events)} entries have no event.")
        self.last_event = events[-1].id if events else self.last_event

    async def _compare_nodes(self, leaves: Sequence[Hash]) -> None:
        grown = dict(grow(self.size, self.frontier, leaves))
        kept = await store.read_nodes(grown)
        self.faults += [
            f"The subtree at level {place.level}, position {place.position} is not that of the "
            "entries."
            for place, digest in grown.items()
            if kept.get(place) != digest
        ]
        self.frontier = grown_frontier(self.size, self.frontier, leaves)
        self.size += len(leaves)
        self.nodes += len(grown)

    async def compare_checkpoints(self, keys: Sequence[NoteVerifier]) -> None:
        for row in await LogCheckpoint.select().order_by(LogCheckpoint.size):
            notes = [row["note"]] if row["cosigned"] is None else [row["note"], row["cosigned"]]
            for note in notes:
                await self._compare_checkpoint(row["size"], note, keys)

    async def _compare_checkpoint(self, size: int, note: str, keys: Sequence[NoteVerifier]) -> None:
        try:
            checkpoint, _ = open_checkpoint(note.encode(), keys)
        except LogError as unreadable:
            self.faults.append(f"The checkpoint over {size} entries: {unreadable.message}")
            return
        if (checkpoint.size, checkpoint.root) != (size, await _root(size)):
            self.faults.append(f"The checkpoint over {size} entries is not that of the tree.")


async def _batches() -> AsyncIterator[list[Leaf]]:
    start = 0
    size = await store.read_size()
    while start < size:
        leaves = await store.read_leaves(Span(start, start + _AT_ONCE))
        if leaves:
            yield leaves
        start += _AT_ONCE


async def _root(size: int) -> Hash | None:
    """Return the root over `size` entries, or None where the tree does not reach so far."""
    places = frontier_places(size)
    nodes = await store.read_nodes(places)
    return root_of([nodes[place] for place in places]) if len(nodes) == len(places) else None


def _tells_of(entry: bytes, event: SequencedEvent) -> bool:
    """Say whether `entry` is that of `event`, which may have got its badge code only later."""
    unnamed = replace(event, handle=None, edition=None)
    try:
        return entry in (entry_of(event), entry_of(unnamed))
    except LogError:
        return False
