"""A checkpoint's body: which log, how many entries, and the root over them (C2SP tlog-checkpoint).

Exactly three lines. Extension lines are allowed by the specification and refused here, because
nobody could audit them.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from badges.log.errors import Malformed, SignatureRejected
from badges.log.note import Note, NoteVerifier, read_note, verified
from badges.log.tree import HASH_BYTES, Hash

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_HASH = re.compile(r"[A-Za-z0-9+/]{43}=")
_BODY = re.compile(rf"([^\n]+)\n({_DECIMAL.pattern})\n({_HASH.pattern})\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: the first `size` entries have this `root`."""

    origin: str
    size: int
    root: Hash

    def __str__(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{write_hash(self.root)}\n"


def read_checkpoint(body: str) -> Checkpoint:
    """Return the checkpoint that `body` states. Raise Malformed for anything but three lines."""
    match = _BODY.fullmatch(body)
    if match is None:
        raise Malformed("A checkpoint is three lines: origin, size and root.")
    return Checkpoint(match[1], int(match[2]), read_hash(match[3]))


def open_checkpoint(
    written: bytes,
    keys: Sequence[NoteVerifier],
    *,
    witnesses: Iterable[NoteVerifier] = (),
    quorum: int = 0,
) -> tuple[Checkpoint, Note]:
    """Return the checkpoint in a signed note, and the note, when those who must have signed did.

    One of the log's `keys` must have signed (it has two while one takes over from the other),
    and at least `quorum` of the `witnesses`. Raise Malformed or SignatureRejected. The origin is
    the name of the log's keys.
    """
    note = read_note(written)
    names = {line.name for line in verified(note, keys)}
    if quorum and len({line.name for line in verified(note, witnesses)}) < quorum:
        raise SignatureRejected(f"Fewer than {quorum} trusted witnesses cosigned the checkpoint.")
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin not in names:
        raise Malformed(f"This is a checkpoint of {checkpoint.origin}, signed by another log.")
    return checkpoint, note


def write_hash(digest: Hash) -> str:
    """Return a hash as checkpoints and proofs write it."""
    return b64encode(digest).decode()


def read_hash(text: str) -> Hash:
    """Return the hash that `text` is the one base64 form of. Raise Malformed otherwise."""
    if _HASH.fullmatch(text):
        digest = b64decode(text)
        if write_hash(digest) == text:
            return digest
    raise Malformed(f"A hash is {HASH_BYTES} bytes in base64.")


def read_size(text: str) -> int:
    """Return a size or index: decimal digits without leading zeroes. Raise Malformed otherwise."""
    if _DECIMAL.fullmatch(text) is None:
        raise Malformed("A number is written in decimal digits without leading zeroes.")
    return int(text)
