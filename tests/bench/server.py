"""Serves one application of the benches from one core, exactly as `registry serve` serves ours."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from registry.cli.serve import APPLICATION, web_server
from registry.demo.household import free_port
from registry.settings import load_settings
from tests.bench.load import LOOPBACK

APPLICATIONS: Mapping[str, str] = {
    "hello": "tests.bench.applications:hello_world",
    "registry": APPLICATION,
    "beside": "tests.bench.applications:with_bare_standing",
}

START_SECONDS = 30.0
STOP_SECONDS = 20.0
TICKS = os.sysconf("SC_CLK_TCK")


class DidNotStart(RuntimeError):
    """A server did not answer in time."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers: its port, and the process that does the work."""

    port: int
    worker: int

    def get(self, path: str) -> bytes:
        """Return the body of `path`. Raises DidNotStart unless it is answered with 200."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=START_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise DidNotStart(f"{path} was answered with {answer.status}")
        return body

    def processor_seconds(self) -> float:
        """Return the processor time the worker has used so far."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_megabytes(self) -> float:
        """Return how much memory the worker holds."""
        lines = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
        return int(kilobytes) / 1024


@contextmanager
def serving(
    name: str, environment: Mapping[str, str], *, core: int, first: str, log: Path
) -> Iterator[Served]:
    """Serve the application of `name` for the length of the block; `first` is asked until then."""
    port = free_port()
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "tests.bench.server", name, str(port), str(core)],
            stdout=out,
            stderr=out,
            env=dict(environment),
        )
    try:
        _wait_for(port, first, process)
        [worker] = _children(process.pid)
        yield Served(port, worker)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection(LOOPBACK, port, timeout=START_SECONDS)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise DidNotStart(f"{path} was not served in {START_SECONDS:.0f} s")


def _children(process: int) -> list[int]:
    """Return the worker processes of a server; Python's own resource tracker is none."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def main(name: str, port: str, core: str) -> None:
    """Serve until told to stop; the worker inherits the core."""
    os.sched_setaffinity(0, {int(core)})
    settings = load_settings().model_copy(update={"web_port": int(port), "web_processes": 1})
    web_server(settings, APPLICATIONS[name]).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
