"""Audit a whole log from outside: every entry, tile, checkpoint and witness's line.

It trusts nothing but the keys it is given. The tree is grown anew from the entries, and all that
the log serves is held against it.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx2
import rfc8785

from badges.log.checkpoint import Checkpoint, open_checkpoint, write_hash
from badges.log.errors import LogError, Malformed
from badges.log.note import NoteVerifier, cosigned_at, verified
from badges.log.tiles import (
    Bundle,
    Tile,
    bundles_of,
    tiles_of,
    unpack_entries,
    unpack_hashes,
)
from badges.log.tree import Hash, Place, frontier_places, grow, leaf_hash, root_of

_PATIENCE_SECONDS = 30.0
_FOUND, _MISSING = 200, 404


class LogSource(Protocol):
    """Where the files of a log are."""

    async def read(self, path: str) -> bytes | None:
        """Return the file at `path` below the log's prefix, or None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class LogFolder:
    """A log kept as files."""

    root: Path

    async def read(self, path: str) -> bytes | None:
        """Return the file at `path`, or None if there is none."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None


@dataclass(frozen=True, slots=True)
class LogSite:
    """A log served by HTTP."""

    client: httpx2.AsyncClient
    prefix: str

    async def read(self, path: str) -> bytes | None:
        """Return the file at `path`, or None if there is none. Raise LogError if it fails."""
        try:
            answer = await self.client.get(f"{self.prefix}/{path}")
        except httpx2.HTTPError as failure:
            raise LogError(f"{self.prefix}/{path} did not answer.") from failure
        if answer.status_code == _FOUND:
            return answer.content
        if answer.status_code == _MISSING:
            return None
        raise LogError(f"{self.prefix}/{path} answered {answer.status_code}.")


@asynccontextmanager
async def open_log(where: str) -> AsyncIterator[LogSource]:
    """Open the log at a web address or in a folder."""
    if not re.match(r"https?://", where):
        yield LogFolder(Path(where))
        return
    async with httpx2.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
        yield LogSite(client, where.rstrip("/"))


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the auditor believes: keys of the log, keys of witnesses, and checkpoints kept.

    `kept` are checkpoints of this log that the auditor got earlier, by any way.
    """

    keys: Sequence[NoteVerifier]
    witnesses: Sequence[NoteVerifier] = ()
    quorum: int = 0
    kept: Sequence[bytes] = ()


@dataclass(slots=True)
class AuditReport:
    """What an audit found. The log is good if there is no finding."""

    checkpoint: Checkpoint | None = None
    entries: int = 0
    tiles: int = 0
    cosigned: dict[str, str] = field(default_factory=dict)
    """When each trusted witness cosigned, by its name."""
    findings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything was as it should be."""
        return not self.findings


async def audit_log(source: LogSource, trust: Trust) -> AuditReport:
    """Read the whole log and report every fault. Faults are findings, never exceptions."""
    report = AuditReport()
    try:
        await _Audit(source, trust, report).run()
    except LogError as fault:
        report.findings.append(fault.message)
    return report


@dataclass(slots=True)
class _Audit:
    source: LogSource
    trust: Trust
    report: AuditReport
    nodes: dict[Place, Hash] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        written = await self._file("checkpoint")
        checkpoint = self._open(written)
        self.report.checkpoint = checkpoint
        for bundle in bundles_of(checkpoint.size):
            await self._grow(bundle)
        self._compare_root("The checkpoint", checkpoint)
        for tile in tiles_of(checkpoint.size):
            await self._compare_tile(tile)
        for kept in self.trust.kept:
            self._compare_kept(kept, checkpoint)

    def _open(self, written: bytes) -> Checkpoint:
        checkpoint, note = open_checkpoint(
            written, self.trust.keys, witnesses=self.trust.witnesses, quorum=self.trust.quorum
        )
        if self.trust.quorum:
            for line in verified(note, self.trust.witnesses):
                self.report.cosigned[line.name] = cosigned_at(line).isoformat()
        return checkpoint

    async def _grow(self, bundle: Bundle) -> None:
        entries = unpack_entries(await self._file(bundle.path), bundle.width)
        frontier = [self.nodes[place] for place in frontier_places(bundle.first)]
        self.nodes.update(grow(bundle.first, frontier, map(leaf_hash, entries)))
        for index, entry in enumerate(entries, bundle.first):
            self._look_at(index, entry)
        self.report.entries += len(entries)

    def _look_at(self, index: int, entry: bytes) -> None:
        """Check the form of an entry, and that no edition of a badge was left out."""
        try:
            members = json.loads(entry)
            canonical = rfc8785.dumps(members) == entry
        except (ValueError, RecursionError):
            canonical = False
        if not canonical or not isinstance(members, dict) or members.get("v") != 1:
            self._note(f"Entry {index} is not one canonical JSON object of version 1.")
            return
        if "n" in members and "b" in members:
            self._count_edition(index, str(members["b"]), members["n"])

    def _count_edition(self, index: int, badge: str, edition: object) -> None:
        before = self.editions.get(badge, 0)
        if edition == before + 1:
            self.editions[badge] = before + 1
        elif not isinstance(edition, int) or not 1 <= edition <= before:
            self._note(f"Entry {index}: edition {edition} of badge {badge} follows {before}.")

    def _compare_root(self, whose: str, checkpoint: Checkpoint) -> None:
        root = root_of([self.nodes[place] for place in frontier_places(checkpoint.size)])
        if root != checkpoint.root:
            self._note(
                f"{whose} over {checkpoint.size} entries says {write_hash(checkpoint.root)}, "
                f"but the entries give {write_hash(root)}."
            )

    async def _compare_tile(self, tile: Tile) -> None:
        self.report.tiles += 1
        hashes = unpack_hashes(await self._file(tile.path), tile.width)
        level, first = tile.first
        for position, digest in enumerate(hashes, first):
            if self.nodes[Place(level, position)] != digest:
                self._note(f"{tile.path} is not what the entries give, from {position} on.")
                return

    def _compare_kept(self, kept: bytes, newest: Checkpoint) -> None:
        checkpoint, _ = open_checkpoint(kept, self.trust.keys)
        if checkpoint.size > newest.size:
            self._note(f"A checkpoint over {checkpoint.size} entries was kept; the log shrank.")
            return
        self._compare_root("A checkpoint kept earlier", checkpoint)

    async def _file(self, path: str) -> bytes:
        content = await self.source.read(path)
        if content is None:
            raise Malformed(f"The log does not have {path}.")
        return content

    def _note(self, finding: str) -> None:
        self.report.findings.append(finding)
