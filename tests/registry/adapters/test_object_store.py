"""A file comes back as it went in, wherever it rests, and never in part."""

import errno
import hashlib
import os
import urllib.request
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from registry.adapters.object_store import (
    FileMissing,
    FileTooLarge,
    ObjectStore,
    StoredFile,
    StoreFull,
    address_of,
    object_store_from_url,
)

CONTENT = b"notes of a training session\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NOBODYS = "0" * 64


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    credentials = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented"}
    before = {name: os.environ.get(name) for name in credentials}
    os.environ.update(credentials)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        made = urllib.request.Request(f"{endpoint}/evidence", method="PUT")  # noqa: S310 loopback
        with urllib.request.urlopen(made):  # noqa: S310 loopback
            yield f"s3://evidence/files?endpoint={endpoint}"
    finally:
        server.stop()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@pytest.fixture(params=["memory", "local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "memory":
        return object_store_from_url("memory://")
    if request.param == "local":
        return object_store_from_url(f"file://{tmp_path}/files")
    return object_store_from_url(request.getfixturevalue("s3_url"))


async def in_pieces(content: bytes, size: int = 1_000_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def broken_off() -> AsyncIterator[bytes]:
    yield CONTENT
    raise ConnectionResetError


def files_in(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


class TestEveryStore:
    async def test_gives_back_what_it_was_given(self, store: ObjectStore) -> None:
        stored = await store.put(in_pieces(CONTENT, 5))
        assert stored == StoredFile(DIGEST, len(CONTENT))
        assert await store.read(DIGEST) == CONTENT
        assert await store.holds(DIGEST)
        assert await store.is_intact(DIGEST)
        assert DIGEST in [digest async for digest in store.digests()]

    async def test_takes_the_same_bytes_twice(self, store: ObjectStore) -> None:
        assert await store.put(CONTENT) == await store.put(CONTENT)
        assert await store.read(DIGEST) == CONTENT

    async def test_streams_a_large_file(self, store: ObjectStore) -> None:
        content = os.urandom(1_000_000) * 12
        stored = await store.put(in_pieces(content))
        pieces = [piece async for piece in store.open(stored.digest)]
        assert b"".join(pieces) == content

    async def test_keeps_an_empty_file(self, store: ObjectStore) -> None:
        stored = await store.put(b"")
        assert await store.read(stored.digest) == b""

    async def test_refuses_more_than_the_limit_and_keeps_nothing(self, store: ObjectStore) -> None:
        with pytest.raises(FileTooLarge):
            await store.put(in_pieces(b"x" * 100, 10), at_most=99)
        assert not await store.holds(hashlib.sha256(b"x" * 100).hexdigest())

    async def test_keeps_nothing_of_a_stream_that_breaks_off(self, store: ObjectStore) -> None:
        await store.delete(DIGEST)
        with pytest.raises(ConnectionResetError):
            await store.put(broken_off())
        assert not await store.holds(DIGEST)

    async def test_says_so_when_there_is_no_such_file(self, store: ObjectStore) -> None:
        assert not await store.holds(NOBODYS)
        with pytest.raises(FileMissing):
            await store.read(NOBODYS)
        await store.delete(NOBODYS)

    async def test_forgets_what_is_deleted(self, store: ObjectStore) -> None:
        await store.put(CONTENT)
        await store.delete(DIGEST)
        assert not await store.holds(DIGEST)

    @pytest.mark.parametrize(
        "name",
        ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, f"{NOBODYS}\n", "\u0660" * 64],
    )
    async def test_takes_nothing_but_a_digest_for_a_name(
        self, store: ObjectStore, name: str
    ) -> None:
        with pytest.raises(ValueError, match="SHA-256"):
            await store.read(name)


class TestLocalStore:
    async def test_leaves_no_part_file_behind(self, tmp_path: Path) -> None:
        store = object_store_from_url(f"file://{tmp_path}")
        await store.put(CONTENT)
        with pytest.raises(ConnectionResetError):
            await store.put(broken_off())
        assert files_in(tmp_path) == [address_of(DIGEST)]

    async def test_notices_a_flipped_bit(self, tmp_path: Path) -> None:
        store = object_store_from_url(f"file://{tmp_path}")
        await store.put(CONTENT)
        path = tmp_path / address_of(DIGEST)
        path.write_bytes(bytes([CONTENT[0] ^ 1]) + CONTENT[1:])
        assert not await store.is_intact(DIGEST)

    async def test_removes_what_a_killed_upload_left(self, tmp_path: Path) -> None:
        store = object_store_from_url(f"file://{tmp_path}")
        (tmp_path / "incoming" / "left").write_bytes(b"half a fi")
        now = datetime.now(UTC)
        assert store.sweep_incoming(begun_before=now - timedelta(hours=1)) == 0
        assert store.sweep_incoming(begun_before=now + timedelta(hours=1)) == 1
        assert not list((tmp_path / "incoming").iterdir())

    async def test_a_full_disk_is_said_plainly(self, tmp_path: Path) -> None:
        store = object_store_from_url(f"file://{tmp_path}")

        async def until_full() -> AsyncIterator[bytes]:
            yield CONTENT
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.raises(StoreFull):
            await store.put(until_full())
        assert not list((tmp_path / "incoming").iterdir())


class TestChoosingAStore:
    @pytest.mark.parametrize("url", ["", "file://", "file:///", "s3://", "gs://bucket", "/folder"])
    def test_refuses_a_url_it_cannot_use(self, url: str) -> None:
        with pytest.raises(ValueError, match="files URL"):
            object_store_from_url(url)

    def test_memory_has_no_part_files_to_sweep(self) -> None:
        store = object_store_from_url("memory://")
        assert store.sweep_incoming(begun_before=datetime.now(UTC)) == 0
