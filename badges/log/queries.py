"""What readers of the log are shown: checkpoints, tiles, bundles and proofs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from badges.log import store
from badges.log.errors import NotInLog
from badges.log.proof import TlogProof
from badges.log.tables import LogCheckpoint, LogLeaf
from badges.log.tiles import Bundle, Tile, pack_entries, pack_hashes, read_path, stands_in
from badges.log.tree import (
    Hash,
    Span,
    complete_places,
    consistency_spans,
    hash_of,
    inclusion_spans,
)


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A signed note over the first `size` entries, with as many witnesses as there are."""

    size: int
    note: str
    signed_at: datetime
    witnesses: int


async def newest_checkpoint() -> PublishedCheckpoint | None:
    """Return what `/log/checkpoint` shows: the newest that a witness cosigned, else the newest."""
    return await _newest(over=-1, rather_cosigned=True)


async def checkpoint_over(index: int) -> PublishedCheckpoint | None:
    """Return the checkpoint to prove entry `index` by, chosen as in `newest_checkpoint`."""
    return await _newest(over=index, rather_cosigned=True)


async def newest_signed() -> PublishedCheckpoint | None:
    """Return the newest checkpoint, cosigned or not."""
    return await _newest(over=-1, rather_cosigned=False)


async def part_of_log(path: str) -> bytes:
    """Return the tile or entry bundle at `path`, as `tile/0/x001/234`.

    Raise Malformed for what is not such a path, and NotInLog for what no checkpoint covers yet.
    """
    wanted = read_path(path)
    last = await store.read_last_signed()
    if last is None or not stands_in(wanted, last.size):
        raise NotInLog("No checkpoint of the log covers this yet.")
    return await bytes_of(wanted)


async def bytes_of(wanted: Tile | Bundle) -> bytes:
    """Return the bytes of a tile or bundle that stands in the log."""
    if isinstance(wanted, Tile):
        return pack_hashes(await store.read_row(wanted.first, wanted.width))
    return pack_entries(await store.read_entries(Span(wanted.first, wanted.first + wanted.width)))


async def indexes_of(event_ids: Iterable[int]) -> Mapping[int, int]:
    """Return the entry number of each of `event_ids` that is in the log."""
    rows = await LogLeaf.raw(
        "SELECT event_id, idx FROM log_leaf WHERE event_id = ANY({}::bigint[])", list(event_ids)
    )
    return {row["event_id"]: row["idx"] for row in rows}


async def entry_at(index: int) -> bytes:
    """Return the bytes of entry `index`. Raise NotInLog if there is none."""
    entries = await store.read_entries(Span(index, index + 1))
    if not entries:
        raise NotInLog(f"The log has no entry number {index}.")
    return entries[0]


async def inclusion_proof(index: int, size: int) -> list[Hash]:
    """Return the hashes that lead from entry `index` to the root over `size` entries."""
    return await _hashes_over(inclusion_spans(index, size))


async def consistency_proof(old: int, new: int) -> list[Hash]:
    """Return the hashes that show the tree of `new` entries to begin with that of `old`."""
    return await _hashes_over(consistency_spans(old, new))


async def tlog_proof(index: int, *, extra: bytes | None = None) -> TlogProof:
    """Return the proof file for entry `index`. Raise NotInLog while no checkpoint covers it."""
    checkpoint = await checkpoint_over(index)
    if checkpoint is None:
        raise NotInLog("No checkpoint of the log covers this entry yet. Ask again in a minute.")
    hashes = await inclusion_proof(index, checkpoint.size)
    return TlogProof(index, tuple(hashes), checkpoint.note, extra)


async def _hashes_over(spans: list[Span]) -> list[Hash]:
    nodes = await store.read_nodes(place for span in spans for place in complete_places(span))
    return [hash_of(span, nodes) for span in spans]


async def _newest(*, over: int, rather_cosigned: bool) -> PublishedCheckpoint | None:
    rows = await LogCheckpoint.raw(
        """
        SELECT size, coalesce(cosigned, note) AS note, signed_at, witnesses FROM log_checkpoint
        WHERE size > {} ORDER BY {}::boolean AND witnesses > 0 DESC, size DESC LIMIT 1
        """,
        over,
        rather_cosigned,
    )
    return next((PublishedCheckpoint(**row) for row in rows), None)
