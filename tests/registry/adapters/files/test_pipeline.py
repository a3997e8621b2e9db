"""The pipeline as a whole: a child process that may fail in any way, and what people are told."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest

from registry.adapters.files.kinds import SENTENCES, FileKind, Refusal, RefusalCode, SafeCopy
from registry.adapters.files.pipeline import make_safe
from registry.adapters.scanner import EICAR_FILE, BuiltInScanner, Found
from tests.registry.adapters.files.samples import CANARY, pdf, picture, word, workbook

ROOT = Path(__file__).resolve().parents[4]


class TestMakingAFileSafe:
    @pytest.mark.parametrize(
        ("content", "kind", "original_kind"),
        [
            (pdf(), FileKind.PDF, FileKind.PDF),
            (picture("HEIF"), FileKind.JPEG, FileKind.HEIC),
            (word(), FileKind.DOCX, FileKind.DOCX),
            (workbook(), FileKind.XLSX, FileKind.XLSX),
            (b"Dear all\n", FileKind.TXT, FileKind.TXT),
        ],
        ids=["pdf", "heic", "docx", "xlsx", "txt"],
    )
    async def test_gives_a_copy_with_its_kind(
        self, content: bytes, kind: FileKind, original_kind: FileKind
    ) -> None:
        copy = await make_safe(content)
        assert isinstance(copy, SafeCopy)
        assert (copy.kind, copy.original_kind) == (kind, original_kind)
        assert CANARY.encode() not in copy.content
        assert copy.media_type

    async def test_reads_a_file_where_it_lies(self, tmp_path: Path) -> None:
        file = tmp_path / "upload"
        file.write_bytes(b"who,hours\npanel,3\n")
        copy = await make_safe(file, name="../../hours.csv")
        assert isinstance(copy, SafeCopy)
        assert copy.content == b'"who","hours"\r\n"panel","3"\r\n'

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", RefusalCode.EMPTY),
            (b"x" * 50_000_001, RefusalCode.TOO_LARGE),
            (b"MZ" + b"\0" * 100, RefusalCode.WRONG_TYPE),
            (pdf(locked=True), RefusalCode.PASSWORD_PROTECTED),
            (pdf()[:300], RefusalCode.UNREADABLE),
        ],
        ids=["empty", "too large", "a program", "locked", "cut short"],
    )
    async def test_says_why_a_file_is_refused(self, content: bytes, code: RefusalCode) -> None:
        assert await make_safe(content) == Refusal(code, SENTENCES[code])

    async def test_takes_a_phone_photograph_within_its_memory(self) -> None:
        copy = await make_safe(picture("JPEG", size=(8000, 6000)))
        assert isinstance(copy, SafeCopy)

    def test_every_refusal_has_a_sentence(self) -> None:
        assert set(SENTENCES) == set(RefusalCode)

    async def test_a_known_virus_is_found_before_anything_is_parsed(self, tmp_path: Path) -> None:
        file = tmp_path / "upload"
        file.write_bytes(word() + EICAR_FILE)
        assert isinstance(await BuiltInScanner().scan(file), Found)


def in_jail(what: str, **limits: int) -> subprocess.CompletedProcess[str]:
    code = f"from registry.adapters.files.jail import enter_jail\nenter_jail(**{limits})\n{what}"
    return subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


class TestTheJail:
    @pytest.mark.parametrize(
        "attempt",
        [
            "import socket; socket.socket()",
            "import socket; socket.socketpair()",
            "import ctypes\nif ctypes.CDLL(None).socket(2, 1, 0) < 0: raise PermissionError",
            "import os; os.execv('/bin/true', ['true'])",
            "import subprocess; subprocess.run(['/bin/true'])",
        ],
    )
    def test_has_no_way_out(self, attempt: str) -> None:
        ended = in_jail(attempt)
        assert ended.returncode == 1
        assert "PermissionError" in ended.stderr

    def test_has_little_memory(self) -> None:
        assert "MemoryError" in in_jail("b'x' * (600 * 1024 * 1024)").stderr

    def test_has_little_time(self) -> None:
        assert in_jail("while True: pass", cpu_seconds=1).returncode < 0

    def test_lets_ordinary_work_be_done(self) -> None:
        ended = in_jail("import zipfile, threading; print(sum(range(10)))")
        assert (ended.stdout, ended.returncode) == ("45\n", 0)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return `content` with bytes flipped, cut, doubled or put elsewhere."""
    bent = bytearray(content)
    for _ in range(chance.choice([1, 3, 20])):
        at = chance.randrange(len(bent))
        end = min(len(bent), at + chance.choice([1, 4, 60]))
        match chance.randrange(4):
            case 0:
                bent[at:end] = chance.randbytes(end - at)
            case 1:
                del bent[at:end]
            case 2:
                bent[at:at] = bent[at:end] * 3
            case _:
                bent += bent[at:end]
        bent = bent or bytearray(b"x")
    return bytes(bent)


@pytest.mark.parametrize(
    "count", [25, pytest.param(2_000, marks=[pytest.mark.full, pytest.mark.timeout(3_000)])]
)
async def test_no_damaged_file_breaks_the_pipeline(count: int) -> None:
    chance = random.Random(20_251)  # noqa: S311 a repeatable test
    whole = [pdf(), pdf(photo=True), picture("PNG"), picture("JPEG"), picture("HEIF")]
    whole += [word(), workbook()]
    at_once = asyncio.Semaphore(2)

    async def try_one(content: bytes) -> SafeCopy | Refusal:
        async with at_once:
            return await make_safe(content)

    answers = await asyncio.gather(
        *(try_one(mutated(chance.choice(whole), chance)) for _ in range(count))
    )
    codes = {answer.code for answer in answers if isinstance(answer, Refusal)}
    assert RefusalCode.NOT_UPLOADED not in codes
    assert not [
        copy for copy in answers if isinstance(copy, SafeCopy) and CANARY.encode() in copy.content
    ]
