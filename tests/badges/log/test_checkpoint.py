"""Checkpoints: three lines, the log's signature, and a quorum of witnesses."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from badges.log.checkpoint import (
    Checkpoint,
    open_checkpoint,
    read_checkpoint,
    read_hash,
    read_size,
    write_hash,
)
from badges.log.errors import Malformed, SignatureRejected
from badges.log.note import CosignatureSigner, Ed25519Signer, sign_note
from charter.clock import SetClock
from tests.badges.log.test_note import NOON

ROOT = bytes(range(32))
HASH = write_hash(ROOT)
CHECKPOINT = Checkpoint("log.harbour.example/log", 20_852_163, ROOT)
LOG = Ed25519Signer(CHECKPOINT.origin, Ed25519PrivateKey.generate())
WITNESSES = [
    CosignatureSigner(name, Ed25519PrivateKey.generate(), SetClock(NOON))
    for name in ("one.example", "two.example", "three.example")
]
KNOWN = [witness.verifier for witness in WITNESSES[:2]]


@given(
    st.builds(
        Checkpoint,
        st.from_regex(r"[a-z.]{1,20}/[a-z]{0,5}", fullmatch=True),
        st.integers(0, 2**59),
        st.binary(min_size=32, max_size=32),
    )
)
def test_a_checkpoint_reads_back(checkpoint: Checkpoint) -> None:
    assert read_checkpoint(str(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "body",
    [
        "",
        f"log\n1\n{HASH}",
        f"log\n01\n{HASH}\n",
        f"log\n-1\n{HASH}\n",
        f"log\n+1\n{HASH}\n",
        f"log\n\u0661\n{HASH}\n",
        f"log\n99999999999999999999\n{HASH}\n",
        f"\n1\n{HASH}\n",
        f"log\n1\n{HASH[:-1]}\n",
        f"log\n1\n{HASH[:-2]}9=\n",
        f"log\n1\n{HASH}\nan extension\n",
        f"log\n1\n{HASH}\n\n",
    ],
)
def test_a_body_that_is_not_three_lines_is_refused(body: str) -> None:
    with pytest.raises(Malformed):
        read_checkpoint(body)


def test_a_checkpoint_opens_with_the_log_key_and_a_quorum_of_witnesses() -> None:
    note = sign_note(str(CHECKPOINT), [LOG, *WITNESSES])
    opened = open_checkpoint(str(note).encode(), [LOG.verifier], witnesses=KNOWN, quorum=2)
    assert opened == (CHECKPOINT, note)


def test_a_checkpoint_needs_no_witness_where_none_is_asked_for() -> None:
    note = sign_note(str(CHECKPOINT), [LOG])
    assert open_checkpoint(str(note).encode(), [LOG.verifier]) == (CHECKPOINT, note)


def test_too_few_witnesses_are_refused() -> None:
    note = sign_note(str(CHECKPOINT), [LOG, WITNESSES[0], WITNESSES[2]])
    with pytest.raises(SignatureRejected, match="Fewer than 2"):
        open_checkpoint(str(note).encode(), [LOG.verifier], witnesses=KNOWN, quorum=2)


def test_witnesses_alone_are_not_enough() -> None:
    note = sign_note(str(CHECKPOINT), WITNESSES)
    with pytest.raises(SignatureRejected):
        open_checkpoint(str(note).encode(), [LOG.verifier], witnesses=KNOWN, quorum=1)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = Checkpoint("log.elsewhere.example/log", 1, ROOT)
    with pytest.raises(Malformed, match=r"log\.elsewhere"):
        open_checkpoint(str(sign_note(str(other), [LOG])).encode(), [LOG.verifier])


@pytest.mark.parametrize("text", ["", "01", "1.0", "-0", "\u0661", "1" * 20])
def test_numbers_have_one_form(text: str) -> None:
    assert read_size("0") == 0
    assert read_size("1230") == 1230
    with pytest.raises(Malformed):
        read_size(text)


@pytest.mark.parametrize("text", ["", HASH + "\n", HASH[:-1], HASH[:-2] + "9=", "A" * 44])
def test_hashes_have_one_form(text: str) -> None:
    assert read_hash(HASH) == ROOT
    with pytest.raises(Malformed):
        read_hash(text)
