"""Signed notes: a text, a blank line, and one line for each signature (C2SP signed-note).

A key is known by its name and its four-byte key ID. Two kinds of key are spoken here: the log's
own (type 0x01, Ed25519 over the text) and a witness's (type 0x04, Ed25519 over a time and the
text, c2sp.org/tlog-cosignature). Signatures of any other key are kept and never trusted.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from badges.log.errors import Malformed, SignatureRejected
from charter.clock import Clock

ED25519 = 0x01
COSIGNATURE = 0x04

MOST_SIGNATURES = 100  # as many as the Go reader reads; the specification asks for 16 at least
MOST_BYTES = 1_000_000

_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


class NoteSigner(Protocol):
    """A private key that signs notes."""

    @property
    def verifier(self) -> "NoteVerifier":
        """The public half."""
        ...

    def sign(self, text: str) -> bytes:
        """Return the bytes that follow the key ID in a signature line."""
        ...


class NoteVerifier(Protocol):
    """A public key that checks signatures on notes."""

    @property
    def name(self) -> str:
        """The key's name, without space or plus sign."""
        ...

    @property
    def key_id(self) -> bytes:
        """The four bytes that, with the name, say which key signed."""
        ...

    @property
    def vkey(self) -> str:
        """The key as one line of text, for others to configure."""
        ...

    def verify(self, text: str, signature: bytes) -> bool:
        """Say whether `signature` is this key's over `text`."""
        ...


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, checked or not."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line as it stands in a note, with its newline."""
        return f"— {self.name} {_to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and its signatures in the order of their lines."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it is published."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> Self:
        """Return the note with `more` lines; a key that signs again replaces its earlier line."""
        lines = {(line.name, line.key_id): line for line in (*self.signatures, *more)}
        return type(self)(self.text, tuple(lines.values()))


# --- keys ------------------------------------------------------------------------------------


def key_id_of(name: str, kind: int, public: bytes) -> bytes:
    """Return the key ID that signed-note recommends."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_KEY_ID_BYTES]


@dataclass(frozen=True)
class _Verifier:
    """What both kinds of public key have in common."""

    name: str
    key: Ed25519PublicKey

    kind = ED25519

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\s+]+", self.name):
            raise Malformed("A key's name is not empty and holds neither a space nor a plus sign.")

    @property
    def key_id(self) -> bytes:
        return key_id_of(self.name, self.kind, self.key.public_bytes_raw())

    @property
    def vkey(self) -> str:
        material = bytes([self.kind]) + self.key.public_bytes_raw()
        return f"{self.name}+{self.key_id.hex()}+{_to_base64(material)}"

    def _is_signed(self, message: bytes, signature: bytes) -> bool:
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Ed25519Verifier(_Verifier):
    """A log's public key."""

    def verify(self, text: str, signature: bytes) -> bool:
        """Say whether `signature` is this key's over `text`."""
        return self._is_signed(text.encode(), signature)


class CosignatureVerifier(_Verifier):
    """A witness's public key."""

    kind = COSIGNATURE

    def verify(self, text: str, signature: bytes) -> bool:
        """Say whether `signature` holds a time and this key's signature over it and `text`."""
        seconds = int.from_bytes(signature[:_TIME_BYTES])
        return self._is_signed(_cosigned(text, seconds), signature[_TIME_BYTES:])


_KINDS: dict[int, type[Ed25519Verifier | CosignatureVerifier]] = {
    verifier.kind: verifier for verifier in (Ed25519Verifier, CosignatureVerifier)
}


@dataclass(frozen=True)
class Ed25519Signer:
    """A log's private key. Its name is the log's origin."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Ed25519Verifier:
        """The public half."""
        return Ed25519Verifier(self.name, self.key.public_key())

    def sign(self, text: str) -> bytes:
        """Return the signature over `text`."""
        return self.key.sign(text.encode())


@dataclass(frozen=True)
class CosignatureSigner:
    """A witness's private key, and the clock that dates its cosignatures."""

    name: str
    key: Ed25519PrivateKey
    clock: Clock

    @property
    def verifier(self) -> CosignatureVerifier:
        """The public half."""
        return CosignatureVerifier(self.name, self.key.public_key())

    def sign(self, text: str) -> bytes:
        """Return the present second and the signature over it and `text`."""
        seconds = int(self.clock.now().timestamp())
        return seconds.to_bytes(_TIME_BYTES) + self.key.sign(_cosigned(text, seconds))


def cosigned_at(signature: Signature) -> datetime:
    """Return when a witness says it made `signature`, which must have been verified before."""
    return datetime.fromtimestamp(int.from_bytes(signature.signature[:_TIME_BYTES]), UTC)


def read_vkey(vkey: str) -> NoteVerifier:
    """Return the public key that a line of text gives. Raise Malformed for any other line."""
    match = _VKEY.fullmatch(vkey)
    if match is None:
        raise Malformed("A verifier key is written as name+keyid+key.")
    name, key_id, material = match[1], bytes.fromhex(match[2]), _from_base64(match[3])
    if material[0] not in _KINDS:
        raise Malformed(f"Keys of type 0x{material[0]:02x} are not known here.")
    try:
        key = Ed25519PublicKey.from_public_bytes(material[1:])
    except ValueError as wrong_length:
        raise Malformed("An Ed25519 key has 32 bytes.") from wrong_length
    verifier = _KINDS[material[0]](name, key)
    if verifier.key_id != key_id:
        raise Malformed("The key ID does not belong to this name and key.")
    return verifier


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


# --- notes -----------------------------------------------------------------------------------


def sign_note(text: str, signers: Sequence[NoteSigner]) -> Note:
    """Return `text`, which must end in a newline, signed by every one of `signers`."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise Malformed("A note's text ends in a newline and holds no other control character.")
    return Note(text, tuple(_signature_of(signer, text) for signer in signers))


def read_note(written: bytes) -> Note:
    """Return the note in `written`, with no signature checked. Raise Malformed if it is not one."""
    if len(written) > MOST_BYTES:
        raise Malformed("A note is shorter than this.")
    try:
        whole = written.decode()
    except UnicodeDecodeError as not_text:
        raise Malformed("A note is UTF-8 text.") from not_text
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or _CONTROL.search(whole):
        raise Malformed("A note is a text, a blank line and one or more signature lines.")
    return Note(text + "\n", read_signatures(lines))


def read_signatures(lines: str) -> tuple[Signature, ...]:
    """Return the signatures in `lines`, each ending in a newline; none is checked."""
    parts = lines.removesuffix("\n").split("\n")
    if len(parts) > MOST_SIGNATURES:
        raise Malformed(f"A note has at most {MOST_SIGNATURES} signatures.")
    return tuple(_read_signature(part) for part in parts)


def verified(note: Note, verifiers: Iterable[NoteVerifier]) -> tuple[Signature, ...]:
    """Return the signatures of `note` made by `verifiers`, the first of each key.

    Raise SignatureRejected when there is none, or when one that names a known key is wrong.
    Lines of unknown keys are passed over.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    good: dict[tuple[str, bytes], Signature] = {}
    for line in note.signatures:
        key = (line.name, line.key_id)
        if key not in known or key in good:
            continue
        if not known[key].verify(note.text, line.signature):
            raise SignatureRejected(f"The signature by {line.name} is wrong.")
        good[key] = line
    if not good:
        raise SignatureRejected("The note is not signed by a key that is trusted here.")
    return tuple(good.values())


def _signature_of(signer: NoteSigner, text: str) -> Signature:
    key = signer.verifier
    return Signature(key.name, key.key_id, signer.sign(text))


def _read_signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise Malformed("A signature line is an em dash, a key's name and base64.")
    signed = _from_base64(match[2])
    if len(signed) <= _KEY_ID_BYTES:
        raise Malformed("A signature line holds a key ID and a signature.")
    return Signature(match[1], signed[:_KEY_ID_BYTES], signed[_KEY_ID_BYTES:])


def _to_base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _from_base64(text: str) -> bytes:
    """Return the bytes that `text` is the one base64 form of. Raise Malformed otherwise."""
    try:
        raw = b64decode(text, validate=True)
    except NotBase64 as wrong:
        raise Malformed("This is not base64.") from wrong
    if _to_base64(raw) != text:
        raise Malformed("This is not the one base64 form of its bytes.")
    return raw
