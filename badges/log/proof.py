"""A .tlog-proof: one file that shows an entry to be in the log, to be checked offline.

Written as C2SP tlog-proof says: the entry's index, the inclusion proof, and the checkpoint as it
was published. `extra` is not authenticated by the proof; the registry puts the salt there, with
which the entry's commitment can be opened.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from badges.log.checkpoint import Checkpoint, open_checkpoint, read_hash, read_size, write_hash
from badges.log.errors import Malformed, ProofRejected
from badges.log.note import NoteVerifier
from badges.log.tree import Hash, leaf_hash, proves_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63

_PROOF = re.compile(
    rf"{re.escape(HEADER)}\n"
    r"(?:extra (?P<extra>[^\n]+)\n)?"
    r"index (?P<index>[^\n]+)\n"
    r"(?P<hashes>(?:[^\n]+\n)*)"
    r"\n"
    r"(?P<checkpoint>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TlogProof:
    """That the entry at `index` is covered by `checkpoint`, a signed note."""

    index: int
    hashes: tuple[Hash, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        """Return the file's text."""
        extra = [] if self.extra is None else [f"extra {b64encode(self.extra).decode()}"]
        hashes = [write_hash(part) for part in self.hashes]
        return "\n".join([HEADER, *extra, f"index {self.index}", *hashes, "", self.checkpoint])


def read_proof(text: str) -> TlogProof:
    """Return the proof that `text` holds, unchecked. Raise Malformed if it is not one."""
    match = _PROOF.fullmatch(text)
    if match is None:
        raise Malformed(f"A proof begins with {HEADER} and ends with a checkpoint.")
    hashes = match["hashes"].splitlines()
    if len(hashes) > MOST_HASHES:
        raise Malformed(f"A proof has at most {MOST_HASHES} hashes.")
    return TlogProof(
        index=read_size(match["index"]),
        hashes=tuple(read_hash(line) for line in hashes),
        checkpoint=match["checkpoint"],
        extra=None if match["extra"] is None else _read_extra(match["extra"]),
    )


def verify_proof(
    proof: TlogProof,
    entry: bytes,
    keys: Sequence[NoteVerifier],
    *,
    witnesses: Iterable[NoteVerifier] = (),
    quorum: int = 0,
) -> Checkpoint:
    """Return the checkpoint under which `entry` is proven to be in the log.

    Raise Malformed, SignatureRejected (by the log, or by fewer than `quorum` witnesses) or
    ProofRejected.
    """
    checkpoint, _ = open_checkpoint(
        proof.checkpoint.encode(), keys, witnesses=witnesses, quorum=quorum
    )
    if not proves_inclusion(
        index=proof.index,
        size=checkpoint.size,
        leaf=leaf_hash(entry),
        proof=proof.hashes,
        root=checkpoint.root,
    ):
        raise ProofRejected(f"The entry is not proven to be number {proof.index} of the log.")
    return checkpoint


def _read_extra(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as wrong:
        raise Malformed("The extra line is base64.") from wrong
