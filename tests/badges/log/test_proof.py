"""Proof files: what they carry and what they refuse."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from badges.log.checkpoint import Checkpoint, write_hash
from badges.log.errors import LogError, Malformed, ProofRejected, SignatureRejected
from badges.log.note import CosignatureSigner, Ed25519Signer, sign_note
from badges.log.proof import MOST_HASHES, TlogProof, read_proof, verify_proof
from charter.clock import SetClock
from tests.badges.log.test_note import NOON
from tests.badges.log.trees import grown

TREE = grown(75)
LOG = Ed25519Signer("log.harbour.example/log", Ed25519PrivateKey.generate())
WITNESS = CosignatureSigner("witness.example", Ed25519PrivateKey.generate(), SetClock(NOON))
CHECKPOINT = Checkpoint(LOG.name, TREE.size, TREE.root(TREE.size))
PROOF = TlogProof(
    index=11,
    hashes=tuple(TREE.inclusion(11, TREE.size)),
    checkpoint=str(sign_note(str(CHECKPOINT), [LOG, WITNESS])),
    extra=b"a salt of 32 bytes, kept with it",
)
ENTRY = TREE.entries[11]
TEXT = str(PROOF)


def test_a_proof_shows_the_entry_to_be_in_the_log() -> None:
    assert (
        verify_proof(PROOF, ENTRY, [LOG.verifier], witnesses=[WITNESS.verifier], quorum=1)
        == CHECKPOINT
    )


@pytest.mark.parametrize("proof", [PROOF, replace(PROOF, extra=None), replace(PROOF, hashes=())])
def test_a_proof_reads_back(proof: TlogProof) -> None:
    assert read_proof(str(proof)) == proof


def test_a_proof_is_laid_out_as_the_specification_says() -> None:
    lines = TEXT.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 11"
    assert lines[3] == write_hash(PROOF.hashes[0])
    assert lines[3 + len(PROOF.hashes)] == ""
    assert lines[4 + len(PROOF.hashes)] == LOG.name


def test_another_entry_or_index_is_refused() -> None:
    with pytest.raises(ProofRejected):
        verify_proof(PROOF, ENTRY + b" ", [LOG.verifier])
    with pytest.raises(ProofRejected):
        verify_proof(replace(PROOF, index=12), ENTRY, [LOG.verifier])


def test_a_proof_without_its_witness_is_refused_where_one_is_asked_for() -> None:
    alone = replace(PROOF, checkpoint=str(sign_note(str(CHECKPOINT), [LOG])))
    assert verify_proof(alone, ENTRY, [LOG.verifier]) == CHECKPOINT
    with pytest.raises(SignatureRejected):
        verify_proof(alone, ENTRY, [LOG.verifier], witnesses=[WITNESS.verifier], quorum=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("index 11", "index 011"),
        TEXT.replace("index 11", "index -1"),
        TEXT.replace("index 11\n", ""),
        TEXT.replace("extra ", "extra !"),
        TEXT.replace(write_hash(PROOF.hashes[0]), "AAAA"),
        str(replace(PROOF, hashes=PROOF.hashes[:1] * (MOST_HASHES + 1))),
    ],
)
def test_what_is_not_a_proof_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_proof(text)


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_no_changed_character_proves_anything_else(at: int, character: str) -> None:
    changed = TEXT[:at] + character + TEXT[at + 1 :]
    try:
        proof = read_proof(changed)
        checkpoint = verify_proof(
            proof, ENTRY, [LOG.verifier], witnesses=[WITNESS.verifier], quorum=1
        )
    except LogError:
        return
    assert (proof.index, proof.hashes, checkpoint) == (PROOF.index, PROOF.hashes, CHECKPOINT)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_proof("c2sp.org/tlog-proof@v1\n" + text)
    except Malformed:
        return
