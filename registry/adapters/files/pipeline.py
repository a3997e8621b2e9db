"""Make a safe copy of a file, in a child process that may fail in any way it likes.

What must be true: no byte of the original is parsed in this process, and no fault of a parser
(crash, endless loop, exhausted memory, nonsense on its output) becomes anything but a Refusal.
"""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

import structlog

import registry
from registry.adapters.files.kinds import (
    LARGEST_FILE,
    SAFE_KINDS,
    FileKind,
    Refusal,
    RefusalCode,
    SafeCopy,
)

WAIT_SECONDS = 30.0
"""How long a child may take by the clock on the wall, however little of it was its own work."""

_log = structlog.get_logger()


async def make_safe(original: Path | bytes, *, name: str = "") -> SafeCopy | Refusal:
    """Return a copy of `original` that is safe to show to a reviewer, or why there is none.

    `name` is what the sender called the file. It is never shown or trusted; it only tells a
    table from plain text.
    """
    size = len(original) if isinstance(original, bytes) else (await _size(original))
    if size == 0:
        return Refusal.because(RefusalCode.EMPTY)
    if size > LARGEST_FILE:
        return Refusal.because(RefusalCode.TOO_LARGE)
    with tempfile.TemporaryDirectory(prefix="registry-file-") as folder:
        source, target = Path(folder, "original"), Path(folder, "safe")
        if isinstance(original, bytes):
            await asyncio.to_thread(source.write_bytes, original)
        else:
            source = await asyncio.to_thread(original.absolute)
        verdict = await _run_child(source, target, name=name, folder=folder)
        if isinstance(verdict, RefusalCode):
            return Refusal.because(verdict)
        content = await asyncio.to_thread(target.read_bytes)
    return SafeCopy(content, SAFE_KINDS[verdict], verdict)


async def _size(file: Path) -> int:
    return (await asyncio.to_thread(file.stat)).st_size


async def _run_child(
    source: Path, target: Path, *, name: str, folder: str
) -> FileKind | RefusalCode:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-s", "-m", "registry.adapters.files.child"),
        *(str(source), str(target), "table.csv" if name.lower().endswith(".csv") else ""),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=_environment(folder),
    )
    try:
        said, complaints = await asyncio.wait_for(child.communicate(), WAIT_SECONDS)
    except TimeoutError:
        child.kill()
        await child.wait()
        return RefusalCode.TOO_COMPLEX
    except asyncio.CancelledError:
        child.kill()
        raise
    if complaints:
        _log.warning("parser complained", status=child.returncode, fault=_last_line(complaints))
    return _read_verdict(said, child.returncode)


def _environment(folder: str) -> dict[str, str]:
    """Return all that a child knows of our environment: none of our secrets are in it.

    One memory arena, because each reserves addresses that count against the child's limit.
    """
    root = str(Path(registry.__file__).resolve().parent.parent)
    return {
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.defpath,
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "1",
    }


def _read_verdict(said: bytes, status: int | None) -> FileKind | RefusalCode:
    """Read a child's one line.

    One that the kernel killed had used up its time or memory: the file's fault. One that ended
    otherwise without a word never got as far as the file: ours.
    """
    if status is not None and status < 0:
        return RefusalCode.TOO_COMPLEX
    try:
        verdict = json.loads(said)
        if "refused" in verdict:
            return RefusalCode(verdict["refused"])
        return FileKind(verdict["kind"])
    except (ValueError, KeyError, TypeError):
        return RefusalCode.NOT_UPLOADED


def _last_line(complaints: bytes) -> str:
    """Return the end of a child's error output: the kind of error, no content of the file."""
    return complaints.decode("ascii", "replace").strip().rpartition("\n")[2].partition(":")[0][:80]
