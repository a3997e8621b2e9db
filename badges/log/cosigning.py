"""Asking witnesses to cosign the newest checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import httpx2

from badges.log import queries
from badges.log.checkpoint import read_checkpoint, read_size
from badges.log.errors import LogError
from badges.log.note import Note, NoteVerifier, Signature, read_note, read_signatures, verified
from badges.log.service import PublicLog
from badges.log.submission import Submission
from badges.log.tables import LogCheckpoint, transaction

_PATIENCE_SECONDS = 10.0

_AGREED, _CONFLICT = 200, 409


class Unreachable(LogError):
    """A witness did not answer."""

    code = "witness-unreachable"


class WitnessPort(Protocol):
    """The way to one witness."""

    @property
    def verifier(self) -> NoteVerifier:
        """The witness's public key."""
        ...

    async def add_checkpoint(self, body: bytes) -> tuple[int, str]:
        """Submit `body` and return the status and text of the answer. Raise Unreachable."""
        ...


@dataclass(frozen=True, slots=True)
class HttpWitness:
    """A witness reached by HTTP, below `prefix`."""

    verifier: NoteVerifier
    prefix: str

    async def add_checkpoint(self, body: bytes) -> tuple[int, str]:
        """Submit `body` and return the status and text of the answer. Raise Unreachable."""
        address = self.prefix.rstrip("/") + "/add-checkpoint"
        try:
            async with httpx2.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
                answer = await client.post(address, content=body)
        except httpx2.HTTPError as failure:
            raise Unreachable(f"The witness {self.verifier.name} did not answer.") from failure
        return answer.status_code, answer.text


class Outcome(StrEnum):
    """What came of asking a witness."""

    COSIGNED = "cosigned"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    AHEAD = "ahead"
    """It saw a larger log than this one: this database was restored from a backup."""


async def collect_cosignatures(
    *, log: PublicLog, witnesses: Sequence[WitnessPort]
) -> dict[str, Outcome]:
    """Have the newest checkpoint cosigned, and return what came of it by the witness's name.

    Witnesses that cosigned after its last signing are asked again too: their line then tells a
    later time. No transaction is open while they are waited for.
    """
    published = await queries.newest_signed()
    if published is None:
        return {}
    note = read_note(published.note.encode())
    outcomes: dict[str, Outcome] = {}
    lines: list[Signature] = []
    for witness in witnesses:
        outcome, line = await _ask(witness, note)
        outcomes[witness.verifier.name] = outcome
        lines += [] if line is None else [line]
    if lines:
        await _add_lines(published.size, lines, log, [witness.verifier for witness in witnesses])
    return outcomes


async def _ask(witness: WitnessPort, note: Note) -> tuple[Outcome, Signature | None]:
    """Submit `note`, first from the size it was last cosigned at, then from where we are told."""
    size = read_checkpoint(note.text).size
    old = await _last_cosigned_size(witness.verifier.name)
    try:
        status, text = await witness.add_checkpoint(await _submission(old, size, note))
        if status == _CONFLICT:
            old = read_size(text.removesuffix("\n"))
            if old > size:
                return Outcome.AHEAD, None
            status, text = await witness.add_checkpoint(await _submission(old, size, note))
        if status != _AGREED:
            return Outcome.REFUSED, None
        answered = Note(note.text, read_signatures(text))
        return Outcome.COSIGNED, verified(answered, [witness.verifier])[0]
    except Unreachable:
        return Outcome.UNREACHABLE, None
    except LogError:
        return Outcome.REFUSED, None


async def _submission(old: int, size: int, note: Note) -> bytes:
    return bytes(Submission(old, tuple(await queries.consistency_proof(old, size)), note))


async def _last_cosigned_size(name: str) -> int:
    (row,) = await LogCheckpoint.raw(
        """
        SELECT coalesce(max(size), 0) AS size FROM log_checkpoint
        WHERE strpos(cosigned, {}) > 0
        """,
        f"\n— {name} ",
    )
    return int(row["size"])


async def _add_lines(
    size: int, lines: Sequence[Signature], log: PublicLog, known: Sequence[NoteVerifier]
) -> None:
    """Add `lines` to the checkpoint, below those that others may have added meanwhile."""
    async with transaction():
        (row,) = await LogCheckpoint.raw(
            """
            SELECT coalesce(cosigned, note) AS note FROM log_checkpoint
            WHERE size = {} FOR UPDATE
            """,
            size,
        )
        note = read_note(row["note"].encode()).with_signatures(lines)
        names = {line.name for line in verified(note, known)}
        await LogCheckpoint.update(
            {
                LogCheckpoint.cosigned: str(note),
                LogCheckpoint.cosigned_at: log.clock.now(),
                LogCheckpoint.witnesses: len(names),
            }
        ).where(LogCheckpoint.size == size)
