"""What a log sends to a witness: an old size, a consistency proof, and a checkpoint.

Written as C2SP tlog-witness says, for `POST /add-checkpoint`.
"""

import re
from dataclasses import dataclass

from badges.log.checkpoint import read_hash, read_size, write_hash
from badges.log.errors import Malformed
from badges.log.note import Note, read_note
from badges.log.tree import Hash

MOST_HASHES = 63
MOST_BYTES = 1 << 16

_SUBMISSION = re.compile(
    rb"old (?P<old>[^\n]+)\n(?P<hashes>(?:[^\n]+\n)*)\n(?P<note>.+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint, and the proof that it extends the tree of `old` entries."""

    old: int
    proof: tuple[Hash, ...]
    note: Note

    def __bytes__(self) -> bytes:
        """Return the body of the request."""
        hashes = [write_hash(part) for part in self.proof]
        return "\n".join([f"old {self.old}", *hashes, "", str(self.note)]).encode()


def read_submission(body: bytes) -> Submission:
    """Return what `body` holds, unchecked. Raise Malformed if it is not a submission."""
    match = _SUBMISSION.fullmatch(body)
    if match is None or len(body) > MOST_BYTES:
        raise Malformed("A submission is an old size, hashes, a blank line and a checkpoint.")
    hashes = _text(match["hashes"]).splitlines()
    if len(hashes) > MOST_HASHES:
        raise Malformed(f"A consistency proof has at most {MOST_HASHES} hashes.")
    return Submission(
        old=read_size(_text(match["old"])),
        proof=tuple(read_hash(line) for line in hashes),
        note=read_note(match["note"]),
    )


def _text(part: bytes) -> str:
    try:
        return part.decode("ascii")
    except UnicodeDecodeError as other:
        raise Malformed("Sizes and hashes are written in ASCII.") from other
