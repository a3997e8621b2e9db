"""Silence is never an all-clear."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from registry.adapters.scanner import (
    EICAR_FILE,
    BuiltInScanner,
    ClamdScanner,
    Clean,
    CouldNotCheck,
    Found,
    Scanner,
    scanner_from_url,
)

STREAM_MAX_LENGTH = 4_000_000
NAME = "Eicar-Test-Signature"

Answer = Callable[[bytes], bytes | None]


def answer_as_clamd(content: bytes) -> bytes:
    return f"stream: {NAME} FOUND\n".encode() if EICAR_FILE in content else b"stream: OK\n"


@asynccontextmanager
async def pretend_clamd(answer: Answer = answer_as_clamd) -> AsyncIterator[ClamdScanner]:
    """Speak clamd's INSTREAM on loopback; hang up without a word past STREAM_MAX_LENGTH."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b"nINSTREAM\n"
        content = b""
        while length := struct.unpack("!L", await reader.readexactly(4))[0]:
            content += await reader.readexactly(length)
            if len(content) > STREAM_MAX_LENGTH:
                writer.transport.abort()
                return
        reply = answer(content)
        if reply is None:
            writer.transport.abort()
            return
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield ClamdScanner(host, port, timeout_seconds=5)


@pytest.fixture(params=["clamd", "built-in"])
async def scanner(request: pytest.FixtureRequest) -> AsyncIterator[Scanner]:
    if request.param == "built-in":
        yield BuiltInScanner()
        return
    async with pretend_clamd() as clamd:
        yield clamd


class TestEveryScanner:
    async def test_passes_an_ordinary_file(self, scanner: Scanner, tmp_path: Path) -> None:
        file = tmp_path / "notes.txt"
        file.write_bytes(b"notes of a training session\n")
        assert await scanner.scan(file) == Clean()

    async def test_names_what_it_found(self, scanner: Scanner, tmp_path: Path) -> None:
        file = tmp_path / "harmful"
        file.write_bytes(EICAR_FILE)
        assert await scanner.scan(file) == Found(NAME)

    async def test_finds_it_across_the_pieces_of_a_large_file(
        self, scanner: Scanner, tmp_path: Path
    ) -> None:
        file = tmp_path / "harmful"
        file.write_bytes(b" " * (1024 * 1024 - 30) + EICAR_FILE + b" " * 2_000_000)
        assert await scanner.scan(file) == Found(NAME)

    async def test_could_not_check_a_file_that_is_not_there(
        self, scanner: Scanner, tmp_path: Path
    ) -> None:
        assert isinstance(await scanner.scan(tmp_path / "gone"), CouldNotCheck)


class TestClamd:
    async def test_hanging_up_on_a_large_file_is_no_all_clear(self, tmp_path: Path) -> None:
        file = tmp_path / "large"
        file.write_bytes(b"x" * (STREAM_MAX_LENGTH + 1_000_000))
        async with pretend_clamd() as clamd:
            assert isinstance(await clamd.scan(file), CouldNotCheck)

    @pytest.mark.parametrize(
        "reply",
        [
            None,
            b"",
            b"\xff\xfe",
            b"stream: Access denied. ERROR\n",
            b"INSTREAM size limit exceeded. ERROR\n",
            b"other: OK\n",
            b"nonsense",
        ],
    )
    async def test_an_odd_answer_is_no_all_clear(self, reply: bytes | None, tmp_path: Path) -> None:
        file = tmp_path / "notes.txt"
        file.write_bytes(b"notes")
        async with pretend_clamd(lambda _: reply) as clamd:
            assert isinstance(await clamd.scan(file), CouldNotCheck)

    async def test_an_absent_service_is_no_all_clear(
        self, tmp_path: Path, unused_tcp_port: int
    ) -> None:
        file = tmp_path / "notes.txt"
        file.write_bytes(b"notes")
        scanner = scanner_from_url(f"tcp://127.0.0.1:{unused_tcp_port}")
        assert isinstance(await scanner.scan(file), CouldNotCheck)


class TestChoosingAScanner:
    def test_the_built_in_one_warns_that_it_finds_nothing_real(self) -> None:
        with capture_logs() as lines:
            scanner_from_url("builtin://")
        assert [line["log_level"] for line in lines] == ["warning"]
        assert "NOT found" in lines[0]["event"]

    @pytest.mark.parametrize("url", ["", "tcp://", "unix:/run/clamd.sock", "clamd"])
    def test_refuses_a_url_it_cannot_use(self, url: str) -> None:
        with pytest.raises(ValueError, match="scanner URL"):
            scanner_from_url(url)
