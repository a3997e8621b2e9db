"""The processes of a demonstration: started together, kept going, and stopped together.

Each is on a life-line (`registry.servant`): it ends with us, however we end.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from registry.servant import LIFE_LINE, Server

PAUSE_SECONDS = 1.0
"""How long a process that ended by itself rests before it is started again."""

POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Resident:
    """A process of the household: `words` are what follows `registry` on its command line."""

    name: str
    words: Sequence[str]


@dataclass
class Household:
    """Starts residents with one environment; what they say goes to files in `logs`."""

    environment: Mapping[str, str]
    logs: Path
    _running: dict[str, tuple[Resident, "subprocess.Popen[bytes]", Server]] = field(
        default_factory=dict
    )

    def move_in(self, resident: Resident) -> None:
        """Start a resident."""
        log = self.logs / f"{resident.name}.log"
        with log.open("ab") as out:
            child = subprocess.Popen(  # noqa: S603 - our own command, no shell words
                ["/bin/sh", "-c", LIFE_LINE, "TERM", *command(resident)],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,  # the terminal's Ctrl-C is ours to pass on
            )
        server = Server(child, log, signal.SIGTERM)
        self._running[resident.name] = (resident, child, server)

    def look_after(self) -> list[str]:
        """Start whoever ended by itself again; return their names."""
        ended = [
            (each, server)
            for each, child, server in self._running.values()
            if child.poll() is not None
        ]
        for resident, server in ended:
            server.stop()  # its watcher leaves
            time.sleep(PAUSE_SECONDS)
            self.move_in(resident)
        return [resident.name for resident, _ in ended]

    def move_out(self) -> None:
        """Stop everybody, the last to come first."""
        for _, _, server in reversed(self._running.values()):
            server.stop()
        self._running.clear()

    def log_of(self, name: str) -> Path:
        """Return where a resident's words are kept."""
        return self.logs / f"{name}.log"


@contextmanager
def open_household(environment: Mapping[str, str], logs: Path) -> Iterator[Household]:
    """Lend an empty household; whoever has moved in by the end of the block is stopped."""
    logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        household = Household(environment, logs)
        stack.callback(household.move_out)
        yield household


def command(resident: Resident) -> list[str]:
    """Return the command line of a resident, by the interpreter that runs us."""
    return [sys.executable, "-m", "registry.cli", *resident.words]


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_taken(host: str, port: int) -> bool:
    """Say whether somebody listens on an address already."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return True
    return False
