"""The private keys of one installation, in one folder outside the database.

Only the worker and the operator's commands open it. What must be true: the file of the last
signed checkpoint lies here too, where no backup of the database reaches.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from badges.key_file import KeyRing, generate_keys, read_keys, write_keys
from badges.keys import UnusableKey
from registry.settings import Settings

KEYS_FILE = "signing-keys.json"
LOG_KEY_FILE = "log-key.pem"
CHECKPOINT_FILE = "last-checkpoint"


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The badge-signing keys at `path`; beside them the log's key and its last checkpoint."""

    path: Path

    @property
    def log_key_path(self) -> Path:
        """Where the log's private key is."""
        return self.path.with_name(LOG_KEY_FILE)

    @property
    def checkpoint_path(self) -> Path:
        """Where the last signed checkpoint is remembered."""
        return self.path.with_name(CHECKPOINT_FILE)

    @property
    def exists(self) -> bool:
        """Whether there are badge-signing keys yet."""
        return self.path.exists()

    def read_ring(self) -> KeyRing:
        """Return the badge-signing keys. Raises UnusableKey where there are none."""
        try:
            written = self.path.stat()
        except FileNotFoundError as missing:
            raise UnusableKey(
                f"there are no keys at {self.path}: run `registry keys rotate`"
            ) from missing
        return _ring_written(self.path, (written.st_ino, written.st_mtime_ns, written.st_size))

    def start_ring(self, at: datetime) -> KeyRing:
        """Return the badge-signing keys, making the first ones where there are none."""
        if not self.exists:
            write_keys(generate_keys(at), self.path)
        return self.read_ring()

    def start_log_key(self) -> Ed25519PrivateKey:
        """Return the log's key, making it where there is none. Raises UnusableKey."""
        return start_note_key(self.log_key_path)


@lru_cache(maxsize=4)
def _ring_written(path: Path, _stamp: tuple[int, int, int]) -> KeyRing:
    """Return the ring in the file so stamped: checking an RSA key takes longer than a signature."""
    return read_keys(path)


def key_folder(settings: Settings) -> KeyFolder:
    """Return where `settings` keep the private keys."""
    return KeyFolder(settings.signing_key_file or settings.data_dir / "keys" / KEYS_FILE)


def start_note_key(path: Path) -> Ed25519PrivateKey:
    """Return the Ed25519 key kept at `path`, making it where there is none. Raises UnusableKey."""
    if not path.exists():
        _write_privately(path, Ed25519PrivateKey.generate())
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as unreadable:
        raise UnusableKey(f"{path.name} is not a private key") from unreadable
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(f"{path.name} is not an Ed25519 key")
    return key


def _write_privately(path: Path, key: Ed25519PrivateKey) -> None:
    """Write `key` for its owner alone; of two who make one at once, the first one's stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
