"""One file that holds the whole register, and a new register made from such a file.

A backup is a tar file: the database as `pg_dump` writes it, every stored file, and at the end a
manifest with the digest of each and the number of rows of each table. What must be true: files
are copied after the database, so that every file a row speaks of is in the backup; and what is
restored is counted and hashed against the manifest before anybody is told that it went well.

The secret and the private keys are in no backup. Without the secret nobody can read people's
addresses in it; keep both elsewhere (docs/operating.md).
"""

import asyncio
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from typing import IO

import asyncpg
import msgspec

from registry.adapters.object_store import ObjectStore
from registry.embedded import installed_programs
from registry.servant import ServiceError

MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
FORMAT = 1
"""Raised whenever an older registry could not read what a newer one writes."""


class BackupRefused(Exception):
    """A backup cannot be made or restored here; the message says why and what to do."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `rows` counts the rows of each table; `files` gives size by digest."""

    format: int = FORMAT
    made_at: datetime
    release: str
    database_sha256: str
    rows: Mapping[str, int]
    files: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A database and the store of its files."""

    database_url: str
    files: ObjectStore


async def back_up(place: Place, target: Path, *, made_at: datetime, release: str) -> Manifest:
    """Write everything at `place` into `target`, which appears only when it is whole.

    The register may be in use meanwhile: the database is read as it was at one instant.
    Raises BackupRefused.
    """
    if target.exists():  # noqa: ASYNC240 - nobody else waits for a command's own loop
        raise BackupRefused(f"{target} exists already; a backup is never overwritten")
    unfinished = target.with_name(f"{target.name}.unfinished")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        rows = await _dump_with_counts(place.database_url, dump)
        with tarfile.open(unfinished, "w") as tar:
            tar.add(dump, DUMP)
            manifest = Manifest(
                made_at=made_at,
                release=release,
                database_sha256=sha256_of(dump),
                rows=rows,
                files=await _copy_files(place.files, tar),
            )
            _add(tar, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    unfinished.replace(target)
    return manifest


async def restore(place: Place, source: Path) -> Manifest:
    """Put a backup into the empty database of `place` and into its store, and check every part.

    Nothing is there before the whole database is. Raises BackupRefused.
    """
    manifest = read_manifest(source)
    if await count_rows(place.database_url):
        raise BackupRefused("the database is not empty; restore into a new one")
    with opened(source) as tar, tempfile.TemporaryDirectory() as folder:
        for digest in manifest.files:
            stored = await place.files.put(_member(tar, f"{FILES}/{digest}").read())
            if stored.digest != digest:
                raise BackupRefused(f"the file {digest} is damaged in the backup")
        dump = Path(folder) / DUMP
        with dump.open("wb") as copy:
            shutil.copyfileobj(_member(tar, DUMP), copy)
        if sha256_of(dump) != manifest.database_sha256:
            raise BackupRefused("the database is damaged in the backup")
        words = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        await _run("pg_restore", [*words, f"--dbname={place.database_url}", str(dump)])
    await verify(place, manifest)
    return manifest


async def verify(place: Place, manifest: Manifest) -> None:
    """Count rows and read every file again. Raises BackupRefused with what differs."""
    rows = await count_rows(place.database_url)
    differing = sorted(name for name in {*rows, *manifest.rows} if not _same(rows, manifest, name))
    if differing:
        raise BackupRefused(f"rows are missing or too many in {', '.join(differing)}")
    for digest in manifest.files:
        if not await place.files.is_intact(digest):
            raise BackupRefused(f"the file {digest} is damaged where it was restored")


def read_manifest(source: Path) -> Manifest:
    """Return what a backup says it holds. Raises BackupRefused."""
    with opened(source) as tar:
        try:
            manifest = msgspec.json.decode(_member(tar, MANIFEST).read(), type=Manifest)
        except msgspec.DecodeError as fault:
            raise BackupRefused(f"{source} has a manifest that cannot be read") from fault
    if manifest.format != FORMAT:
        raise BackupRefused(f"{source} was written by another release of the registry")
    return manifest


async def count_rows(database_url: str) -> dict[str, int]:
    """Return the number of rows of every table."""
    connection = await asyncpg.connect(database_url)
    try:
        return await _counted(connection)
    finally:
        await connection.close()


def sha256_of(path: Path) -> str:
    """Return the digest of a file, in hex."""
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


@contextmanager
def opened(source: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup for reading. Raises BackupRefused where it is none."""
    try:
        tar = tarfile.open(source)  # noqa: SIM115 - closed below
    except (OSError, tarfile.TarError) as fault:
        raise BackupRefused(f"{source} is no backup: {fault}") from fault
    with tar:
        yield tar


async def _dump_with_counts(database_url: str, dump: Path) -> dict[str, int]:
    """Dump the database and count its rows, both as of the same instant."""
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            await _run("pg_dump", [*words, f"--file={dump}", f"--dbname={database_url}"])
            return await _counted(connection)
    finally:
        await connection.close()


async def _counted(connection: "asyncpg.Connection") -> dict[str, int]:
    names = await connection.fetch(
        "SELECT quote_ident(tablename) AS name FROM pg_tables"
        " WHERE schemaname = 'public' ORDER BY 1"
    )
    return {
        row["name"]: await connection.fetchval(f"SELECT count(*) FROM public.{row['name']}")  # noqa: S608 - the server's own quoted names
        for row in names
    }


async def _copy_files(store: ObjectStore, tar: tarfile.TarFile) -> dict[str, int]:
    sizes = {}
    for digest in sorted([digest async for digest in store.digests()]):
        content = await store.read(digest)
        _add(tar, f"{FILES}/{digest}", content)
        sizes[digest] = len(content)
    return sizes


async def _run(program: str, words: Sequence[str]) -> None:
    """Run one of PostgreSQL's own programs. Raises BackupRefused with its last words."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [_program(program), *words],
        capture_output=True,
        check=False,
    )
    if ended.returncode != 0:
        said = ended.stderr.decode(errors="replace").strip()[-1000:]
        raise BackupRefused(f"{program} failed: {said}")


def _program(name: str) -> str:
    """Return the path of a program: the embedded wheel's, or else the system's own."""
    try:
        return str(installed_programs().postgres_bin / name)
    except ServiceError:
        found = shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name} is not installed; it comes with PostgreSQL's client programs")
    return found


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    tar.addfile(entry, BytesIO(content))


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """Open one part of a backup. Raises BackupRefused where it is missing."""
    try:
        part = tar.extractfile(name)
    except (KeyError, tarfile.TarError):
        part = None
    if part is None:
        raise BackupRefused(f"the backup lacks {name}")
    return part


def _same(rows: Mapping[str, int], manifest: Manifest, name: str) -> bool:
    return rows.get(name) == manifest.rows.get(name)
