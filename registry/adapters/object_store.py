"""Where files rest: content-addressed and write-once, on a local folder, S3 or memory.

A file's address is the SHA-256 of its bytes, so the same bytes always share one address, two
different files never do, and nothing stored can be replaced by something else. Names that
people gave to files are never part of an address.

What must be true: when `put` returns, the bytes are durable (locally: file and folders synced)
and whole at their address. Before that there may be a part file under `incoming/`, never a part
file at an address. A database row may point at an address only after `put` has returned.
"""

import asyncio
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore, S3Store
from obstore.store import ObjectStore as Bucket

from charter.errors import CharterError, InvalidInput, NotFound

if TYPE_CHECKING:
    from obstore.store import S3Config

READ_BYTES = 256 * 1024
"""How much a download holds in memory at a time."""

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileTooLarge(InvalidInput):
    """The file is larger than its place allows."""

    code = "file-too-large"


class FileMissing(NotFound):
    """No file with that digest is stored here."""

    code = "file-missing"


class StoreFull(CharterError):
    """There is no room left. Nothing was kept; trying again later may work."""

    code = "store-full"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file: the SHA-256 of its bytes in hex, which is its address, and its size."""

    digest: str
    size: int


def address_of(digest: str) -> str:
    """Return the key under which the bytes with this SHA-256 rest.

    Raises ValueError on anything but 64 lower-case hex digits, so that no caller can name a path.
    """
    if not _DIGEST.fullmatch(digest):
        raise ValueError("a file is named by the 64 hex digits of its SHA-256")
    return f"sha256/{digest[:2]}/{digest[2:]}"


async def pieces_of(content: bytes) -> AsyncIterator[bytes]:
    """Give bytes that are already in memory as a stream."""
    yield content


class ObjectStore:
    """Files by digest. `root` is the folder of a local store, and None for any other."""

    def __init__(self, bucket: Bucket, *, root: Path | None = None) -> None:
        self._bucket = bucket
        self._root = root

    async def put(
        self, pieces: AsyncIterable[bytes] | bytes, *, at_most: int | None = None
    ) -> StoredFile:
        """Store a stream and return its address. The same bytes again are no error.

        Raises FileTooLarge as soon as more than `at_most` bytes have come, and StoreFull when
        the disk has no room; in both cases, and when the stream breaks off, nothing remains.
        """
        stream = pieces_of(pieces) if isinstance(pieces, bytes) else pieces
        incoming = self._incoming()
        descriptor, name = await asyncio.to_thread(tempfile.mkstemp, dir=incoming)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                hashed, size = hashlib.sha256(), 0
                async for piece in stream:
                    size += len(piece)
                    if at_most is not None and size > at_most:
                        raise FileTooLarge(f"The file must be smaller than {at_most:,} bytes.")
                    hashed.update(piece)
                    await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(_sync, file)
            stored = StoredFile(hashed.hexdigest(), size)
            await self._publish(part, stored)
        except OSError as failure:
            if failure.errno in _FULL:
                raise StoreFull("There is no room to keep this file at the moment.") from failure
            raise
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return stored

    async def open(self, digest: str) -> AsyncIterator[bytes]:
        """Give the bytes of a file, piece by piece. Raises FileMissing before the first."""
        try:
            found = await obstore.get_async(self._bucket, address_of(digest))
        except FileNotFoundError:
            raise FileMissing("There is no such file.") from None
        async for piece in found.stream(min_chunk_size=READ_BYTES):
            yield bytes(piece)

    async def read(self, digest: str) -> bytes:
        """Return a whole file. Raises FileMissing."""
        return b"".join([piece async for piece in self.open(digest)])

    async def holds(self, digest: str) -> bool:
        """Say whether a file with this digest is stored."""
        try:
            await obstore.head_async(self._bucket, address_of(digest))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, digest: str) -> None:
        """Remove a file; one that is not there is no error."""
        try:
            await obstore.delete_async(self._bucket, address_of(digest))
        except FileNotFoundError:
            return

    async def digests(self) -> AsyncIterator[str]:
        """Give the digest of every stored file, in no order."""
        async for batch in obstore.list(self._bucket, prefix="sha256"):
            for meta in batch:
                yield "".join(meta["path"].split("/")[-2:])

    async def is_intact(self, digest: str) -> bool:
        """Read a file again and say whether its bytes still have its digest. Raises FileMissing."""
        hashed = hashlib.sha256()
        async for piece in self.open(digest):
            hashed.update(piece)
        return hashed.hexdigest() == digest

    def sweep_incoming(self, *, begun_before: datetime) -> int:
        """Remove part files that a killed process left behind; return how many."""
        removed = 0
        for part in (self._root / "incoming").iterdir() if self._root else ():
            if part.stat().st_mtime < begun_before.timestamp():
                part.unlink(missing_ok=True)
                removed += 1
        return removed

    def _incoming(self) -> Path | None:
        """Return where part files grow: beside their final place, or the system's own folder."""
        return self._root / "incoming" if self._root else None

    async def _publish(self, part: Path, stored: StoredFile) -> None:
        address = address_of(stored.digest)
        if self._root:
            await asyncio.to_thread(_move_durably, part, self._root / address)
            return
        try:
            await obstore.put_async(self._bucket, address, part, mode="create")
        except AlreadyExistsError:
            return  # The address is the digest: what is there are these very bytes.


def _sync(file: BinaryIO) -> None:
    """Write what is buffered and wait until the disk has it."""
    file.flush()
    os.fsync(file.fileno())


def _move_durably(part: Path, final: Path) -> None:
    """Rename a synced file to its address, then sync every folder whose entries changed."""
    above = (final.parent, final.parent.parent)
    changed = [final.parent, *(folder.parent for folder in above if not folder.exists())]
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part.replace(final)
    for folder in changed:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def object_store_from_url(url: str) -> ObjectStore:
    """Return the store that `url` names.

    `file:///folder`, `memory://`, or `s3://bucket/prefix?endpoint=http://host:9000&region=x`;
    credentials for S3 come from the environment as for any AWS client. Raises ValueError on any
    other.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.strip("/"):
        root = Path(unquote(parts.path))
        (root / "incoming").mkdir(mode=0o700, parents=True, exist_ok=True)
        return ObjectStore(LocalStore(root), root=root)
    if parts.scheme == "memory":
        return ObjectStore(MemoryStore())
    if parts.scheme == "s3" and parts.netloc:
        return ObjectStore(_s3_bucket(parts))
    raise ValueError("a files URL is file:///folder, s3://bucket/prefix or memory://")


def _s3_bucket(parts: SplitResult) -> Bucket:
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    settings: S3Config = {"region": asked.get("region", "eu-west-2")}
    if "endpoint" in asked:
        settings["endpoint"] = asked["endpoint"]
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=settings,
        client_options={"allow_http": asked.get("endpoint", "").startswith("http://")},
    )
