"""How long a person who types `make demo` waits: for the first page, for news, for the whole play.

The command itself is run and read from outside, as a person would.
"""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path

from registry.demo.household import free_port
from tests.bench.figures import Figure, Terms

FIRST_PAGE_SECONDS = 20.0
PLAY_SECONDS = 180.0
SILENCE_SECONDS = 5.0

LONGEST_SECONDS = 900.0
"""When the play is given up: something is wrong with it."""

STOP_SECONDS = 30.0
PLAYED = " took "
"""In the line with which the play ends."""


class NotPlayed(RuntimeError):
    """The demonstration ended, or went on for too long, before its play was over."""


@dataclass
class Heard:
    """What the command said, each line with the seconds since it was typed."""

    lines: list[tuple[float, str]] = field(default_factory=list)
    first_page: float | None = None

    @property
    def longest_silence(self) -> float:
        """Return the most seconds without a line, from the first page's line to the last."""
        return max(
            (later - earlier for (earlier, _), (later, _) in pairwise(self.lines)), default=0
        )


def measure(terms: Terms) -> Sequence[Figure]:
    """Play the region into the folder of the terms, unless it was played before."""
    if (terms.region / "services").exists():
        return ()
    heard = listen(terms.region)
    begun, ended = heard.lines[0][0], heard.lines[-1][0]
    return (
        Figure(
            subject="first page, from the command on",
            value=heard.first_page or LONGEST_SECONDS,
            unit="s",
            at_most=FIRST_PAGE_SECONDS,
        ),
        Figure(
            subject="whole play, signatures included",
            value=ended - begun,
            unit="s",
            at_most=PLAY_SECONDS,
        ),
        Figure(
            subject="longest silence in it",
            value=heard.longest_silence,
            unit="s",
            at_most=SILENCE_SECONDS,
        ),
    )


def listen(folder: Path) -> Heard:
    """Run `registry demo` into `folder` until its play is over, and then stop it in order."""
    port = free_port()
    heard = Heard()
    begun = time.monotonic()
    with running_demo(folder, port) as lines:
        while not (heard.lines and PLAYED in heard.lines[-1][1]):
            passed = time.monotonic() - begun
            if passed > LONGEST_SECONDS:
                raise NotPlayed(f"still playing after {passed:.0f} s")
            try:
                line = lines.get(timeout=0.1)
            except queue.Empty:
                line = ""
            if line is None:
                raise NotPlayed(f"it ended after: {heard.lines[-3:]}")
            passed = time.monotonic() - begun
            if line:
                heard.lines.append((passed, line))
            if heard.first_page is None and answers(port):
                heard.first_page = passed
    return heard


@contextmanager
def running_demo(folder: Path, port: int) -> Iterator["queue.Queue[str | None]"]:
    """Run the command; yield its lines as they come, and None after the last."""
    command = (sys.executable, "-u", "-m", "registry.cli", "demo")
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--port", str(port), "--data-dir", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: queue.Queue[str | None] = queue.Queue()
    out = process.stdout
    if out is None:
        raise NotPlayed("the command has no output")

    def read() -> None:
        for line in out:
            lines.put(line.strip())
        lines.put(None)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield lines
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            reader.join(1)
            out.close()


def answers(port: int) -> bool:
    """Say whether the first page is served."""
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
