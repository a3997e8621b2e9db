"""The private keys, in one file outside the database and out of the web process's reach.

Life of a key: signing → retired (signs no more, still believed until its last edition has
run out) → gone; or revoked at once, when somebody else may hold it.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from badges.keys import LEAST_RSA_BITS, KeyKind, PublicKey, Signers, UnusableKey

KINDS: tuple[KeyKind, ...] = ("ed25519", "rsa")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One key pair and its dates."""

    private: Ed25519PrivateKey | RSAPrivateKey
    since: datetime
    retired_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def public(self) -> PublicKey:
        """Return the public half."""
        return PublicKey(self.private.public_key())

    @property
    def signs(self) -> bool:
        """Return whether new signatures are made with this key."""
        return self.retired_at is None and self.revoked_at is None

    def believed(self, at: datetime, overlap: timedelta) -> bool:
        """Return whether the key is published at `at`, `overlap` being the longest edition."""
        if self.revoked_at is not None:
            return False
        return self.retired_at is None or at < self.retired_at + overlap


@dataclass(frozen=True, slots=True)
class FileSigner:
    """A Signer over a key from the file."""

    key: SigningKey
    did: str

    @property
    def verification_method(self) -> str:
        """Return the key's name, a DID URL."""
        return f"{self.did}#{self.key.public.fragment}"

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`."""
        private = self.key.private
        if isinstance(private, Ed25519PrivateKey):
            return private.sign(message)
        return private.sign(message, PKCS1v15(), SHA256())


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of the registry, oldest first."""

    keys: tuple[SigningKey, ...]

    def signer(self, kind: KeyKind, did: str) -> FileSigner:
        """Return the signer of `kind` in force; raises UnusableKey where there is none."""
        for key in reversed(self.keys):
            if key.signs and key.public.kind == kind:
                return FileSigner(key, did)
        raise UnusableKey(f"no {kind} key is in force: run `registry keys rotate`")

    def signers(self, did: str) -> Signers:
        """Return both signers in force; raises UnusableKey where one is missing."""
        return Signers(self.signer("ed25519", did), self.signer("rsa", did))

    def published(self, at: datetime, overlap: timedelta) -> Sequence[PublicKey]:
        """Return the keys to list in the DID document at `at`, the newest first.

        Readers in the field that expect a single key take the first: the RSA key in force,
        which signs tokens and the token form of the status lists.
        """
        return [key.public for key in reversed(self.keys) if key.believed(at, overlap)]

    def rotated(self, at: datetime) -> "KeyRing":
        """Return a ring with a fresh key of each kind; those that signed before are retired."""
        before = tuple(replace(key, retired_at=at) if key.signs else key for key in self.keys)
        return KeyRing((*before, *(_generate(kind, at) for kind in KINDS)))

    def revoked(self, fragment: str, at: datetime) -> "KeyRing":
        """Return a ring in which the key named `fragment` is believed no more.

        Raises UnusableKey where there is no such key.
        """
        if all(key.public.fragment != fragment for key in self.keys):
            raise UnusableKey(f"there is no key named {fragment}")
        return KeyRing(
            tuple(
                replace(key, revoked_at=at) if key.public.fragment == fragment else key
                for key in self.keys
            ),
        )


def generate_keys(at: datetime) -> KeyRing:
    """Return a ring with one new key of each kind."""
    return KeyRing(()).rotated(at)


def _generate(kind: KeyKind, at: datetime) -> SigningKey:
    if kind == "ed25519":
        return SigningKey(private=Ed25519PrivateKey.generate(), since=at)
    return SigningKey(private=generate_private_key(65537, LEAST_RSA_BITS), since=at)


def write_keys(ring: KeyRing, path: Path) -> None:
    """Write `ring` to `path`, readable by its owner only.

    The old file stays in place until the new one is whole on disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"keys": [_as_json(key) for key in ring.keys]}, indent=2)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_keys(path: Path) -> KeyRing:
    """Return the ring kept at `path`; raises UnusableKey where the file is not one."""
    try:
        listed = json.loads(path.read_text())["keys"]
        return KeyRing(tuple(_from_json(key) for key in listed))
    except (KeyError, TypeError, ValueError) as unreadable:
        raise UnusableKey(f"{path.name} is not a file of signing keys") from unreadable


def _as_json(key: SigningKey) -> dict[str, Any]:
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "kind": key.public.kind,
        "since": key.since.isoformat(),
        "retired_at": key.retired_at and key.retired_at.isoformat(),
        "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
        "private_pem": pem.decode(),
    }


def _from_json(kept: dict[str, Any]) -> SigningKey:
    private = load_pem_private_key(kept["private_pem"].encode(), password=None)
    if not isinstance(private, Ed25519PrivateKey | RSAPrivateKey):
        raise UnusableKey(f"a key of kind {kept['kind']} is not used here")
    return SigningKey(
        private=private,
        since=datetime.fromisoformat(kept["since"]),
        retired_at=_instant(kept["retired_at"]),
        revoked_at=_instant(kept["revoked_at"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
