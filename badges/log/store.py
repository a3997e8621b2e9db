"""The statements with which entries and complete subtrees are read and added.

Rows are only ever added, and a place never gets another hash, so whatever is read here stays true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from badges.log.rules import Signed
from badges.log.tables import LogCheckpoint, LogLeaf
from badges.log.tree import Hash, Node, Place, Span

Leaf = tuple[int, int, bytes]
"""Index in the log, id of the event, entry."""

_APPENDING = 7_090_001
_SIGNING = 7_090_002


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: its size, the last event in it, and its frontier from left to right."""

    size: int
    last_event: int
    frontier: tuple[Hash, ...]


async def wait_for_the_pen() -> None:
    """Keep every other sequencer out until the transaction ends.

    A statement sees what was committed before it began; so the head must be read by a later
    statement than this one.
    """
    await LogLeaf.raw("SELECT pg_advisory_xact_lock({})", _APPENDING)


async def wait_for_the_seal() -> None:
    """Keep every other signer out until the transaction ends."""
    await LogLeaf.raw("SELECT pg_advisory_xact_lock({})", _SIGNING)


async def read_head() -> Head:
    """Return where the log ends."""
    (row,) = await LogLeaf.raw(
        """
        WITH head AS (
            SELECT coalesce(max(idx) + 1, 0) AS size, coalesce(max(event_id), 0) AS last_event
            FROM log_leaf
        )
        SELECT size, last_event, ARRAY(
            SELECT hash FROM generate_series(62, 0, -1) AS level
            JOIN log_node ON log_node.level = level.level AND idx = (size >> level.level) - 1
            WHERE (size >> level.level) & 1 = 1
            ORDER BY level.level DESC
        ) AS frontier
        FROM head
        """
    )
    return Head(row["size"], row["last_event"], tuple(row["frontier"]))


async def read_size() -> int:
    """Return how many entries the log has."""
    (row,) = await LogLeaf.raw("SELECT coalesce(max(idx) + 1, 0) AS size FROM log_leaf")
    return int(row["size"])


async def read_last_signed() -> Signed | None:
    """Return how much of the log was last signed, and when."""
    rows = await LogCheckpoint.raw(
        "SELECT size, signed_at FROM log_checkpoint ORDER BY size DESC LIMIT 1"
    )
    return next((Signed(row["size"], row["signed_at"]) for row in rows), None)


async def read_nodes(places: Iterable[Place]) -> dict[Place, Hash]:
    """Return the hashes at those of `places` that are complete."""
    levels, positions = zip(*places, strict=True) if (places := tuple(places)) else ((), ())
    rows = await LogLeaf.raw(
        """
        SELECT level, idx, hash FROM unnest({}::smallint[], {}::bigint[]) AS wanted (level, idx)
        JOIN log_node USING (level, idx)
        """,
        list(levels),
        list(positions),
    )
    return {Place(row["level"], row["idx"]): row["hash"] for row in rows}


async def read_row(first: Place, width: int) -> list[Hash]:
    """Return up to `width` neighbouring hashes from `first` on, on its level."""
    rows = await LogLeaf.raw(
        "SELECT hash FROM log_node WHERE level = {} AND idx >= {} AND idx < {} ORDER BY idx",
        first.level,
        first.position,
        first.position + width,
    )
    return [row["hash"] for row in rows]


async def read_entries(span: Span) -> list[bytes]:
    """Return the entries in `span`, as far as the log reaches."""
    rows = await LogLeaf.raw(
        "SELECT entry FROM log_leaf WHERE idx >= {} AND idx < {} ORDER BY idx", *span
    )
    return [row["entry"] for row in rows]


async def read_leaves(span: Span) -> list[Leaf]:
    """Return the rows in `span`, as far as the log reaches."""
    rows = await LogLeaf.raw(
        "SELECT idx, event_id, entry FROM log_leaf WHERE idx >= {} AND idx < {} ORDER BY idx", *span
    )
    return [(row["idx"], row["event_id"], row["entry"]) for row in rows]


async def count_nodes() -> int:
    """Return how many complete subtrees are kept."""
    (row,) = await LogLeaf.raw("SELECT count(*) AS nodes FROM log_node")
    return int(row["nodes"])


async def add(leaves: Sequence[Leaf], nodes: Sequence[Node]) -> None:
    """Write entries and the subtrees that they complete, in one statement."""
    levels, positions = zip(*(place for place, _ in nodes), strict=True)
    indexes, events, entries = zip(*leaves, strict=True)
    await LogLeaf.raw(
        """
        WITH nodes AS (
            INSERT INTO log_node (level, idx, hash)
            SELECT * FROM unnest({}::smallint[], {}::bigint[], {}::bytea[])
        )
        INSERT INTO log_leaf (idx, event_id, entry)
        SELECT * FROM unnest({}::bigint[], {}::bigint[], {}::bytea[])
        """,
        levels,
        positions,
        [node.hash for node in nodes],
        indexes,
        events,
        entries,
    )
