"""The witness: what it cosigns, what it refuses, and what it never does twice at once."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.log.checkpoint import Checkpoint
from badges.log.errors import Malformed
from badges.log.note import (
    CosignatureSigner,
    Ed25519Signer,
    Note,
    NoteSigner,
    read_signatures,
    sign_note,
    verified,
)
from badges.log.submission import MOST_BYTES, MOST_HASHES, Submission, read_submission
from badges.log.witness import Answer, Conflict, Witness, witness_app
from charter.clock import SetClock
from tests.badges.log.logs import NOON, ORIGIN, key
from tests.badges.log.trees import grown

TREE = grown(120)
LOG = Ed25519Signer(ORIGIN, key(1))
COSIGNER = CosignatureSigner("lanterns.example/witness", key(2), SetClock(NOON))


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(COSIGNER, {ORIGIN: [LOG.verifier]}, tmp_path / "witness.sqlite")


def note_of(size: int, *, root: bytes | None = None, signer: NoteSigner = LOG) -> Note:
    checkpoint = Checkpoint(signer.verifier.name, size, root or TREE.root(size))
    return sign_note(str(checkpoint), [signer])


def submission(old: int, size: int, **changes: Any) -> bytes:
    note = note_of(size, **changes)
    return bytes(Submission(old, tuple(TREE.consistency(old, size)), note))


def test_a_checkpoint_is_cosigned_when_it_extends_what_was_seen(witness: Witness) -> None:
    for old, size in [(0, 1), (1, 7), (7, 8), (8, 120), (120, 120)]:
        answer = witness.add_checkpoint(submission(old, size))
        assert answer.status == 200
        cosigned = Note(note_of(size).text, read_signatures(answer.body))
        assert verified(cosigned, [COSIGNER.verifier])
    assert witness.conflicts() == []


def test_an_empty_log_can_be_cosigned(witness: Witness) -> None:
    assert witness.add_checkpoint(submission(0, 0)).status == 200
    assert witness.add_checkpoint(submission(0, 9)).status == 200


def test_a_submission_from_another_size_is_told_the_right_one(witness: Witness) -> None:
    witness.add_checkpoint(submission(0, 50))
    for old in (0, 49, 51):
        answer = witness.add_checkpoint(submission(old, 60))
        assert answer == Answer(409, "50\n", "text/x.tlog.size")
    assert witness.add_checkpoint(submission(50, 60)).status == 200


def test_a_smaller_checkpoint_is_never_cosigned(witness: Witness) -> None:
    witness.add_checkpoint(submission(0, 50))
    assert witness.add_checkpoint(submission(40, 45)).status == 409


def test_another_root_for_a_size_that_was_seen_is_an_alarm(witness: Witness) -> None:
    witness.add_checkpoint(submission(0, 50))
    forked = note_of(50, root=TREE.root(49))
    for old in (50, 0):
        answer = witness.add_checkpoint(bytes(Submission(old, (), forked)))
        assert answer == Answer(409, "50\n", "text/x.tlog.size")
    assert witness.conflicts() == [Conflict(ORIGIN, str(note_of(50)), str(forked))]


def test_a_proof_that_does_not_hold_is_refused(witness: Witness) -> None:
    witness.add_checkpoint(submission(0, 50))
    proof = tuple(TREE.consistency(50, 60))
    note = note_of(60)
    for bad in ((), proof[:-1], (*proof, proof[0]), proof[::-1]):
        assert witness.add_checkpoint(bytes(Submission(50, bad, note))).status == 422
    split_view = note_of(60, root=TREE.root(59))
    assert witness.add_checkpoint(bytes(Submission(50, proof, split_view))).status == 422
    assert witness.add_checkpoint(bytes(Submission(50, proof, note))).status == 200


def test_the_first_checkpoint_comes_without_a_proof(witness: Witness) -> None:
    body = bytes(Submission(0, (TREE.root(1),), note_of(5)))
    assert witness.add_checkpoint(body).status == 422


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(witness: Witness) -> None:
    body = bytes(Submission(51, (), note_of(50)))
    assert witness.add_checkpoint(body).status == 400


def test_a_log_that_is_not_known_is_not_found(witness: Witness) -> None:
    stranger = Ed25519Signer("elsewhere.example/log", key(3))
    assert witness.add_checkpoint(submission(0, 5, signer=stranger)).status == 404


def test_a_checkpoint_that_the_log_did_not_sign_is_forbidden(witness: Witness) -> None:
    imposter = Ed25519Signer(ORIGIN, key(3))
    assert witness.add_checkpoint(submission(0, 5, signer=imposter)).status == 403


def test_a_signature_over_another_text_is_forbidden(witness: Witness) -> None:
    note = Note(note_of(6).text, note_of(5).signatures)
    assert witness.add_checkpoint(bytes(Submission(0, (), note))).status == 403


GOOD = submission(7, 60)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        GOOD.replace(b"old 7", b"old 07"),
        GOOD.replace(b"old 7", b"old -1"),
        GOOD.replace(b"old 7", "old \u0667".encode()),
        GOOD.replace(b"old 7\n", b"old 7\nnot a hash\n"),
        GOOD.replace(b"old 7\n", b"old 7\n" + b"A" * 43 + b"=\n" * (MOST_HASHES + 1)),
        GOOD.replace(b"old 7\n", b"old 7\n" + (b"A" * 43 + b"=\n") * (MOST_HASHES + 1)),
        GOOD + b"x" * MOST_BYTES,
        b"old 0\n\n" + str(sign_note("two\nlines\n", [LOG])).encode(),
    ],
)
def test_what_is_not_a_submission_is_a_bad_request(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == 400


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_a_submission_or_refused(body: bytes) -> None:
    try:
        read_submission(body)
    except Malformed:
        return


def test_submissions_read_back() -> None:
    assert bytes(read_submission(GOOD)) == GOOD


def test_of_many_submissions_at_once_one_is_cosigned(witness: Witness) -> None:
    witness.add_checkpoint(submission(0, 10))
    bodies = [submission(10, size) for size in range(20, 28)]
    start = threading.Barrier(len(bodies))

    def submit(body: bytes) -> int:
        start.wait()
        return witness.add_checkpoint(body).status

    with ThreadPoolExecutor(len(bodies)) as pool:
        assert sorted(pool.map(submit, bodies)) == [200] + [409] * (len(bodies) - 1)


def test_what_was_seen_outlives_the_process(witness: Witness) -> None:
    witness.add_checkpoint(submission(0, 50))
    again = Witness(COSIGNER, witness.logs, witness.path)
    assert again.add_checkpoint(submission(0, 60)).body == "50\n"


# --- over HTTP -------------------------------------------------------------------------------


@dataclass
class Exchange:
    """One request to an ASGI application, and its answer."""

    method: str
    path: str
    body: list[bytes] = field(default_factory=lambda: [b""])
    sent: list[Any] = field(default_factory=list)

    async def receive(self) -> dict[str, Any]:
        part = self.body.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(self.body)}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def run(self, witness: Witness) -> tuple[int, dict[bytes, bytes], bytes]:
        scope = {"type": "http", "method": self.method, "path": self.path}
        await witness_app(witness)(scope, self.receive, self.send)
        start, end = self.sent
        return start["status"], dict(start["headers"]), end["body"]


async def test_the_witness_is_asked_over_http(witness: Witness) -> None:
    body = submission(0, 50)
    status, headers, answer = await Exchange("POST", "/add-checkpoint", [body[:9], body[9:]]).run(
        witness
    )
    assert (status, answer[:3]) == (200, "—".encode())
    assert headers[b"content-length"] == str(len(answer)).encode()
    status, headers, answer = await Exchange("POST", "/add-checkpoint", [body]).run(witness)
    assert (status, headers[b"content-type"], answer) == (409, b"text/x.tlog.size", b"50\n")


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/vkey", 200, COSIGNER.verifier.vkey.encode() + b"\n"),
        ("HEAD", "/vkey", 200, b""),
        ("POST", "/vkey", 405, b"This address does not answer that method.\n"),
        ("GET", "/add-checkpoint", 405, b"This address does not answer that method.\n"),
        ("GET", "/", 404, b"There is nothing here.\n"),
    ],
)
async def test_the_witness_serves_its_key_and_nothing_else(
    witness: Witness, method: str, path: str, status: int, body: bytes
) -> None:
    assert (await Exchange(method, path).run(witness))[::2] == (status, body)


async def test_a_submission_that_never_ends_is_cut_short(witness: Witness) -> None:
    parts = [b"x" * 40_000] * 50
    exchange = Exchange("POST", "/add-checkpoint", parts)
    assert (await exchange.run(witness))[0] == 413
    assert len(parts) == 48


async def test_the_witness_has_no_lifespan_to_manage(witness: Witness) -> None:
    with pytest.raises(NotImplementedError):
        await witness_app(witness)({"type": "lifespan"}, Exchange("", "").receive, _nowhere)


async def _nowhere(message: Any) -> None:
    await asyncio.sleep(0)
    assert message is None
