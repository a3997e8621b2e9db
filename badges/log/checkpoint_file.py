"""The last checkpoint, remembered outside the database.

A database restored from a backup does not know what was signed after the backup was taken. This
file does. What must be true: it is on the disk before the checkpoint is published anywhere, so
nothing published is ever newer than the file.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from badges.log.errors import SigningRefused


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """A file that holds one signed note. Keep it where no database backup reaches."""

    path: Path

    def read(self) -> bytes | None:
        """Return the note last written, or None if there never was one."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self, note: str) -> None:
        """Replace the note, whole or not at all, and return once it is on the disk."""
        unfinished = self.path.with_name(f"{self.path.name}.unfinished")
        with unfinished.open("wb") as file:
            file.write(note.encode())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other signer of this log out for the length of the block.

        Raise SigningRefused if there is one. The lock is a file's, because two signers may work
        on two databases: one of them restored.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path.with_name(f"{self.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as taken:
            raise SigningRefused("Another process is signing a checkpoint of this log.") from taken
        finally:
            os.close(lock)
