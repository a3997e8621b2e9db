"""Write the whole log as files, to be served as they are or audited offline."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from badges.log import queries
from badges.log.errors import NotInLog
from badges.log.note import NoteVerifier
from badges.log.tiles import Bundle, Tile, bundles_of, tiles_of


async def export_log(
    folder: Path, *, keys: Iterable[NoteVerifier], witnesses: Iterable[NoteVerifier] = ()
) -> queries.PublishedCheckpoint:
    """Write checkpoint, keys, tiles and bundles into `folder` and return the checkpoint.

    The checkpoint is written last, so that the files it needs are there when it appears. Raise
    NotInLog while nothing has been signed.
    """
    checkpoint = await queries.newest_checkpoint()
    if checkpoint is None:
        raise NotInLog("No checkpoint of the log was signed yet.")
    parts: list[Tile | Bundle] = [*tiles_of(checkpoint.size), *bundles_of(checkpoint.size)]
    for part in parts:
        await asyncio.to_thread(_write, folder / part.path, await queries.bytes_of(part))
    await asyncio.to_thread(_write, folder / "vkey", vkey_lines(keys).encode())
    await asyncio.to_thread(_write, folder / "witness-vkeys", vkey_lines(witnesses).encode())
    await asyncio.to_thread(_write, folder / "checkpoint", checkpoint.note.encode())
    return checkpoint


def vkey_lines(verifiers: Iterable[NoteVerifier]) -> str:
    """Return keys as `/log/vkey` and `/log/witness-vkeys` show them: one a line."""
    return "".join(f"{verifier.vkey}\n" for verifier in verifiers)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
