"""A tiny witness: it cosigns a log's checkpoint when that extends what it saw before.

For the hub, a university or a voluntary body to run, with a key and a file of its own. It knows
nothing of the registry but the registry's public keys. What must be true: the file says what was
seen before the cosignature leaves, and checking and storing are one step that nobody can enter
twice at once.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badges.log.checkpoint import Checkpoint, read_checkpoint
from badges.log.errors import LogError, Malformed, SignatureRejected
from badges.log.note import NoteSigner, NoteVerifier, sign_note, verified
from badges.log.submission import MOST_BYTES, Submission, read_submission
from badges.log.tree import EMPTY_ROOT, proves_consistency

SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"

_BUSY_SECONDS = 10

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS conflict (
    origin TEXT NOT NULL, seen TEXT NOT NULL, claimed TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (origin, seen, claimed)
);
"""

_Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
AsgiApp = Callable[[_Scope, _Receive, _Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness answers, in the words of HTTP."""

    status: int
    body: str
    content_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two checkpoints, both signed by one log, of which the later does not extend the earlier."""

    origin: str
    seen: str
    claimed: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of the logs whose keys are in `logs`, by origin."""

    signer: NoteSigner
    logs: Mapping[str, Sequence[NoteVerifier]]
    path: Path

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer `POST /add-checkpoint`; a 200 carries the cosignature."""
        try:
            submission = read_submission(body)
            claimed = read_checkpoint(submission.note.text)
            if claimed.origin not in self.logs:
                return Answer(404, f"{claimed.origin} is not a log that is witnessed here.\n")
            verified(submission.note, self.logs[claimed.origin])
        except SignatureRejected as rejected:
            return Answer(403, rejected.message + "\n")
        except LogError as unreadable:
            return Answer(400, unreadable.message + "\n")
        return self._check_and_store(submission, claimed)

    def conflicts(self) -> list[Conflict]:
        """Return every proof that a log has shown two faces, the oldest first."""
        with self._store() as store:
            rows = store.execute("SELECT origin, seen, claimed FROM conflict ORDER BY rowid")
            return [Conflict(*row) for row in rows]

    def _check_and_store(self, submission: Submission, claimed: Checkpoint) -> Answer:
        with self._store() as store:
            store.execute("BEGIN IMMEDIATE")  # nobody else reads what we are about to replace
            seen, seen_note = _last_seen(store, claimed.origin)
            refusal = judge(submission, claimed, seen)
            if refusal is None:
                store.execute(
                    "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
                    (claimed.origin, claimed.size, claimed.root, str(submission.note)),
                )
            elif seen_note and _shows_two_faces(claimed, seen):
                store.execute(
                    "INSERT OR IGNORE INTO conflict VALUES (?, ?, ?, datetime())",
                    (claimed.origin, seen_note, str(submission.note)),
                )
            store.execute("COMMIT")
        if refusal is not None:
            return refusal
        (cosignature,) = sign_note(submission.note.text, [self.signer]).signatures
        return Answer(200, cosignature.line())

    @contextmanager
    def _store(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        ) as store:
            store.execute("PRAGMA synchronous = FULL")
            store.executescript(_SCHEMA)
            yield store


def judge(submission: Submission, claimed: Checkpoint, seen: Checkpoint) -> Answer | None:
    """Say why `claimed` is not to be cosigned after `seen`, or None if it is. Pure."""
    if submission.old > claimed.size:
        return Answer(400, "The old size is greater than the checkpoint's.\n")
    if submission.old != seen.size or (claimed.size == seen.size and claimed.root != seen.root):
        return Answer(409, f"{seen.size}\n", SIZE_TYPE)
    if not proves_consistency(
        old=seen.size,
        new=claimed.size,
        old_root=seen.root,
        new_root=claimed.root,
        proof=submission.proof,
    ):
        return Answer(422, "The proof does not show that the log was only added to.\n")
    return None


def _shows_two_faces(claimed: Checkpoint, seen: Checkpoint) -> bool:
    """Say whether the log signed two roots for one size: a fork that nobody can explain away."""
    return claimed.size == seen.size and claimed.root != seen.root


def _last_seen(store: sqlite3.Connection, origin: str) -> tuple[Checkpoint, str]:
    row = store.execute("SELECT size, root, note FROM seen WHERE origin = ?", (origin,)).fetchone()
    if row is None:
        return Checkpoint(origin, 0, EMPTY_ROOT), ""
    return Checkpoint(origin, row[0], row[1]), row[2]


def witness_app(witness: Witness) -> AsgiApp:
    """Return an ASGI application that serves `/add-checkpoint` and `/vkey`, and nothing else."""

    async def app(scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])  # the server then does without a lifespan
        answer = await _answer(witness, scope["method"], scope["path"], receive)
        body = answer.body.encode()
        headers = {"content-type": answer.content_type, "content-length": str(len(body))}
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": b"" if _is_head(scope) else body})

    return app


def _is_head(scope: _Scope) -> bool:
    return bool(scope["method"] == "HEAD")


async def _answer(witness: Witness, method: str, path: str, receive: _Receive) -> Answer:
    match path, method:
        case "/add-checkpoint", "POST":
            try:
                body = await _read_body(receive)
            except Malformed as too_long:
                return Answer(413, too_long.message + "\n")
            return await asyncio.to_thread(witness.add_checkpoint, body)
        case "/vkey", "GET" | "HEAD":
            return Answer(200, witness.signer.verifier.vkey + "\n")
        case "/add-checkpoint" | "/vkey", _:
            return Answer(405, "This address does not answer that method.\n")
        case _:
            return Answer(404, "There is nothing here.\n")


async def _read_body(receive: _Receive) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise Malformed(f"A submission has at most {MOST_BYTES} bytes.")
        more = message.get("more_body", False)
    return body
