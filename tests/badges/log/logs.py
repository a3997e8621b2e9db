"""A log to test with: its keys, its source of events, and a witness in the same process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.log.checkpoint_file import CheckpointFile
from badges.log.cosigning import collect_cosignatures
from badges.log.entry import SequencedEvent
from badges.log.note import CosignatureSigner, Ed25519Signer, NoteVerifier
from badges.log.service import PublicLog, append_committed_events, sign_checkpoint
from badges.log.witness import Witness
from charter.clock import SetClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = "charter.harbour.example/log"


def key(seed: int) -> Ed25519PrivateKey:
    """Return an invented key."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


@dataclass
class Events:
    """A source of events that are all committed; ids need not be without gaps."""

    committed: list[SequencedEvent] = field(default_factory=list)

    def happen(self, count: int) -> None:
        """Commit `count` more events, every seventh id having been rolled back."""
        last = self.committed[-1].id if self.committed else 0
        for _ in range(count):
            last += 2 if (last + 1) % 7 == 0 else 1
            self.committed.append(
                SequencedEvent(
                    id=last,
                    kind="evidence-received",
                    recorded_at=NOON,
                    handle="K7P2M9Q4XA",
                    facts={"milestone": last},
                )
            )

    async def committed_events_after(self, event_id: int, limit: int) -> Sequence[SequencedEvent]:
        return [event for event in self.committed if event.id > event_id][:limit]


@dataclass
class WitnessNextDoor:
    """The way to a witness in the same process; `answers` are given instead, while there are."""

    witness: Witness
    answers: list[tuple[int, str]] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)

    @property
    def verifier(self) -> NoteVerifier:
        return self.witness.signer.verifier

    async def add_checkpoint(self, body: bytes) -> tuple[int, str]:
        self.asked.append(body)
        if self.answers:
            return self.answers.pop(0)
        answer = await asyncio.to_thread(self.witness.add_checkpoint, body)
        return answer.status, answer.body


@dataclass
class LogWorld:
    """A log, its events, a clock in our hands and one witness."""

    folder: Path
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))
    events: Events = field(default_factory=Events)
    log: PublicLog = field(init=False)
    witness: WitnessNextDoor = field(init=False)

    def __post_init__(self) -> None:
        signer = Ed25519Signer(ORIGIN, key(1))
        self.log = PublicLog((signer,), CheckpointFile(self.folder / "checkpoint"), self.clock)
        cosigner = CosignatureSigner("lanterns.example/witness", key(2), self.clock)
        self.witness = WitnessNextDoor(
            Witness(cosigner, {ORIGIN: self.log.keys}, self.folder / "witness.sqlite")
        )

    async def append(self, count: int) -> None:
        """Let `count` events happen and be appended."""
        self.events.happen(count)
        while await append_committed_events(source=self.events):
            pass

    async def sign_and_cosign(self) -> None:
        """Sign the log as it is, a minute later, and ask the witness."""
        self.clock.set(self.clock.at + timedelta(minutes=1))
        await sign_checkpoint(log=self.log)
        await collect_cosignatures(log=self.log, witnesses=[self.witness])


class _QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep the tests' output clean."""


class _QuietWitness(BaseHTTPRequestHandler):
    def __init__(self, *args: Any, witness: Witness) -> None:
        self.witness = witness
        super().__init__(*args)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.witness.add_checkpoint(body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep the tests' output clean."""


@asynccontextmanager
async def serving(what: Path | Witness) -> AsyncIterator[str]:
    """Serve a folder, or a witness, on loopback, and yield the address."""
    handler = (
        partial(_QuietWitness, witness=what)
        if isinstance(what, Witness)
        else partial(_QuietFiles, directory=str(what))
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            await asyncio.to_thread(server.shutdown)
            thread.join()
