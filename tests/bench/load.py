"""Calling one address over and over for a few seconds, over loopback only.

wrk does it where the machine has it; otherwise a small caller of our own. Ours takes more of its
core than a page from bytes takes of the server's, so with it only the server's processor time per
request may be compared, never requests per second.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONNECTIONS = 32
LOOPBACK = "127.0.0.1"
LONGEST_SECONDS = 30.0

WRK = shutil.which("wrk")
SCRIPT = Path(__file__).with_name("report.lua")


class NotServed(RuntimeError):
    """An address under load answered with something else than 200."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of calling one address."""

    requests: int
    seconds: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """Return the answers in a second."""
        return self.requests / self.seconds


def call(port: int, path: str, *, seconds: float, core: int, fresh: bool = False) -> Load:
    """Call `path` from `core` over 32 connections; `fresh` asks for another `?n=` each time.

    Raises NotServed if any answer was not 200.
    """
    lasting = min(seconds, LONGEST_SECONDS)
    address = f"http://{LOOPBACK}:{port}{path}"
    command = (
        [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{lasting:.0f}s", "-s", str(SCRIPT), address, "--"]
        if WRK
        else [sys.executable, "-m", "tests.bench.load", str(port), path, str(lasting)]
    )
    pinned = ["taskset", "-c", str(core)] if shutil.which("taskset") else []
    words = [*pinned, *command, *(["fresh"] if fresh else [])]
    ended = subprocess.run(  # noqa: S603 - our own command
        words, capture_output=True, text=True, check=True, timeout=lasting + 30
    )
    told: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    if told["bad"] or not told["requests"]:
        raise NotServed(f"{path}: {told}")
    return Load(told["requests"], told["seconds"], told["p99_ms"])


async def _call_in_lanes(port: int, path: str, seconds: float, *, fresh: bool) -> dict[str, Any]:
    """Call from as many lanes as wrk would, each with one connection that is kept open."""
    waits: list[float] = []
    bad = 0
    until = time.perf_counter() + seconds

    async def lane(number: int) -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        asked = 0
        while (begun := time.perf_counter()) < until:
            asked += 1
            query = f"?n={number}-{asked}" if fresh else ""
            status = await _ask(reader, writer, path + query)
            waits.append(time.perf_counter() - begun)
            bad += status != b"200"
        writer.close()

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(CONNECTIONS):
            group.create_task(lane(number))
    waits.sort()
    return {
        "requests": len(waits),
        "seconds": time.perf_counter() - begun,
        "p99_ms": waits[int(len(waits) * 0.99)] * 1000 if waits else 0.0,
        "bad": bad,
    }


async def _ask(reader: StreamReader, writer: StreamWriter, path: str) -> bytes:
    """Send one request and read its whole answer; return the status."""
    writer.write(f"GET {path} HTTP/1.1\r\nhost: {LOOPBACK}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return head[9:12]


def main(port: str, path: str, seconds: str, *more: str) -> None:
    """Call as the command line says and tell what came of it as JSON."""
    told = asyncio.run(_call_in_lanes(int(port), path, float(seconds), fresh="fresh" in more))
    print(json.dumps(told))  # noqa: T201 - read by `call`


if __name__ == "__main__":
    main(*sys.argv[1:])
