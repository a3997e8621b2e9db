"""Programs run as an unprivileged account, on a life-line that ends them with their parent.

Each server has a watcher that reads a pipe whose other end only the parent holds. A closed pipe
means that the parent is gone, however it went, and the watcher asks the server to stop.
"""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SERVANT = "nobody"
"""Who runs the servers when we are root: PostgreSQL refuses to run as root, with good reason."""

START_SECONDS = 30.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.01

# `$0` is the signal, `$@` the server. The watcher is orphaned on purpose, so that the server has
# no child that it does not know; `$$` is the shell that becomes the server. A line on the pipe
# dismisses the watcher, the pipe's end makes it act.
LIFE_LINE = """
exec 3<&0 </dev/null
( ( read -r line <&3 || kill -"$0" $$ ) & )
exec "$@" 3<&-
"""


Argv = Sequence[str | Path]
"""A program and its arguments."""


class ServiceError(Exception):
    """An embedded server could not be started; the message says which and shows its last words."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that owns the servers' files and runs the servers."""

    uid: int
    gid: int

    @classmethod
    def for_files_of(cls, folder: Path) -> Self:
        """Choose ourselves; or, when we are root, the owner of `folder`, at first `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        with suppress(FileNotFoundError):
            owner = folder.stat()
            if owner.st_uid != 0:
                return cls(owner.st_uid, owner.st_gid)
        entry = pwd.getpwnam(SERVANT)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_us(self) -> bool:
        """Whether nothing has to be switched to run as this account."""
        return self.uid == os.geteuid()

    def start(
        self,
        argv: Argv,
        *,
        cwd: Path = Path("/"),
        stdin: int = subprocess.DEVNULL,
        log: int = subprocess.DEVNULL,
        keep_open: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a program as this account, with a clean environment, deaf to the terminal."""
        return subprocess.Popen(  # noqa: S603 - our own programs and paths, no shell words
            argv,
            bufsize=0,
            cwd=cwd,
            stdin=stdin,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=None if self.is_us else self.uid,
            group=None if self.is_us else self.gid,
            extra_groups=None if self.is_us else [],
            umask=0o077,
            pass_fds=keep_open,
            start_new_session=True,
        )

    def may_enter(self, path: Path) -> bool:
        """Say whether the account may enter or run `path`, past every folder above it."""
        return self.is_us or self.start(["/bin/sh", "-c", 'test -x "$0"', path]).wait() == 0

    def own(self, folder: Path) -> Path:
        """Make `folder` where it is missing, and let this account alone into it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if not self.is_us:
            os.chown(folder, self.uid, self.gid)
        return folder


class Server:
    """One running server and our end of its life-line."""

    def __init__(self, child: subprocess.Popen[bytes], log: Path, stop: signal.Signals) -> None:
        self._child = child
        self._log = log
        self._stop = stop

    @classmethod
    def start(
        cls,
        account: Account,
        argv: Argv,
        *,
        log: Path,
        stop: signal.Signals,
        keep_open: Sequence[int],
    ) -> Self:
        """Start a server that writes to `log`, runs beside it, and ends in order at `stop`."""
        with log.open("wb") as out:
            child = account.start(
                ["/bin/sh", "-c", LIFE_LINE, stop.name.removeprefix("SIG"), *argv],
                cwd=log.parent,
                stdin=subprocess.PIPE,
                log=out.fileno(),
                keep_open=keep_open,
            )
        return cls(child, log, stop)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait until `ready` holds; raise `ServiceError` if the server ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self._child.poll() is not None or time.monotonic() > deadline:
                raise failure(self._log)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop the server in order, after `STOP_SECONDS` by force."""
        self._child.send_signal(self._stop)  # nothing, where it has ended already
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        # The server's number may now be another's: the watcher must leave without a signal.
        if self._child.stdin is not None:
            with suppress(BrokenPipeError):
                self._child.stdin.write(b"\n")
            self._child.stdin.close()


def failure(log: Path) -> ServiceError:
    """Return the error that quotes the end of `log`, which is named after its program."""
    last_words = log.read_text(errors="replace")[-2000:].strip()
    return ServiceError(f"{log.stem} did not start; {log} ends with:\n{last_words}")
