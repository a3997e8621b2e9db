"""Signed notes: what is accepted, and the many things that are not."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from badges.log.errors import Malformed, SignatureRejected
from badges.log.note import (
    MOST_BYTES,
    MOST_SIGNATURES,
    CosignatureSigner,
    CosignatureVerifier,
    Ed25519Signer,
    Ed25519Verifier,
    Note,
    Signature,
    cosigned_at,
    read_note,
    read_signatures,
    read_vkey,
    sign_note,
    verified,
)
from charter.clock import SetClock

NOON = datetime(2026, 11, 22, 12, 0, 0, 999, tzinfo=UTC)
TEXT = "log.harbour.example/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


def _key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


LOG = Ed25519Signer("log.harbour.example/log", _key(1))
WITNESS = CosignatureSigner("witness.lanterns.example", _key(2), SetClock(NOON))
STRANGER = Ed25519Signer("stranger.example", _key(3))


def test_a_note_reads_back_as_it_was_written() -> None:
    note = sign_note(TEXT, [LOG, WITNESS])
    assert read_note(str(note).encode()) == note
    assert str(note).startswith(TEXT + "\n— log.harbour.example/log ")
    assert str(note).endswith("\n")


def test_every_known_key_is_reported_and_strangers_are_passed_over() -> None:
    note = sign_note(TEXT, [STRANGER, LOG, WITNESS])
    assert verified(note, [LOG.verifier, WITNESS.verifier]) == note.signatures[1:]


def test_a_cosignature_says_when_it_was_made() -> None:
    (line,) = verified(sign_note(TEXT, [WITNESS]), [WITNESS.verifier])
    assert cosigned_at(line) == NOON.replace(microsecond=0)


def test_a_cosignature_does_not_hold_at_another_time() -> None:
    (line,) = sign_note(TEXT, [WITNESS]).signatures
    later = (int.from_bytes(line.signature[:8]) + 1).to_bytes(8) + line.signature[8:]
    with pytest.raises(SignatureRejected):
        verified(Note(TEXT, (Signature(line.name, line.key_id, later),)), [WITNESS.verifier])


def test_a_note_that_no_trusted_key_signed_is_refused() -> None:
    with pytest.raises(SignatureRejected, match="not signed by a key that is trusted"):
        verified(sign_note(TEXT, [STRANGER]), [LOG.verifier])


def test_a_wrong_signature_by_a_known_key_spoils_the_note() -> None:
    good = sign_note(TEXT, [LOG, WITNESS])
    forged = Signature(LOG.name, LOG.verifier.key_id, bytes(64))
    with pytest.raises(SignatureRejected, match=r"by log\.harbour\.example/log is wrong"):
        verified(good.with_signatures([forged]), [LOG.verifier, WITNESS.verifier])


def test_a_signature_over_another_text_is_refused() -> None:
    note = sign_note(TEXT, [LOG])
    with pytest.raises(SignatureRejected):
        verified(Note(TEXT.replace("7", "8"), note.signatures), [LOG.verifier])


def test_only_the_first_line_of_a_key_counts() -> None:
    (line,) = sign_note(TEXT, [LOG]).signatures
    again = Signature(line.name, line.key_id, bytes(64))
    assert verified(Note(TEXT, (line, again)), [LOG.verifier]) == (line,)


def test_a_key_that_signs_again_replaces_its_line() -> None:
    note = sign_note(TEXT, [LOG, WITNESS])
    later = CosignatureSigner(WITNESS.name, WITNESS.key, SetClock(NOON.replace(hour=13)))
    (newer,) = sign_note(TEXT, [later]).signatures
    assert note.with_signatures([newer]).signatures == (note.signatures[0], newer)


def test_the_same_key_has_another_id_as_a_witness() -> None:
    public = _key(1).public_key()
    assert Ed25519Verifier("a", public).key_id != CosignatureVerifier("a", public).key_id
    assert Ed25519Verifier("a", public).key_id != Ed25519Verifier("b", public).key_id


@pytest.mark.parametrize("signer", [LOG, WITNESS])
def test_a_verifier_key_reads_back(signer: Ed25519Signer | CosignatureSigner) -> None:
    verifier = read_vkey(signer.verifier.vkey)
    assert verifier == signer.verifier
    assert verified(sign_note(TEXT, [signer]), [verifier])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "no plus signs",
        LOG.verifier.vkey + "\n",
        LOG.verifier.vkey.replace("log.", "dog."),
        LOG.verifier.vkey[:-4],
        "a+00000000+AQ==",
        "a+00000000+BwAA",
        "a+00000000+AQB=",
        "a+00000000+A",
    ],
)
def test_a_line_that_is_not_a_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(Malformed):
        read_vkey(vkey)


@pytest.mark.parametrize("name", ["", "two words", "plus+sign", "nbsp\u00a0name"])
def test_a_key_cannot_bear_a_name_that_notes_cannot_carry(name: str) -> None:
    with pytest.raises(Malformed):
        Ed25519Verifier(name, _key(1).public_key())


@pytest.mark.parametrize("text", ["", "no newline", "a bell\x07\n", "a\tb\n", "a\r\n"])
def test_a_text_that_notes_cannot_carry_is_not_signed(text: str) -> None:
    with pytest.raises(Malformed):
        sign_note(text, [LOG])


GOOD = str(sign_note(TEXT, [LOG]))


@pytest.mark.parametrize(
    "written",
    [
        b"",
        TEXT.encode(),
        TEXT.encode() + b"\n",
        GOOD.rstrip("\n").encode(),
        GOOD.encode() + b"\n",
        GOOD.encode() + b"more\n",
        GOOD.replace("— ", "- ").encode(),
        GOOD.replace("— ", "—").encode(),
        GOOD.replace("/log ", "/log  ").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.encode() + b"\xff\n",
        f"{TEXT}\n— a AAAAAA==\n".encode(),
        f"{TEXT}\n".encode() + "— a AAAAAAA=\n".encode() * (MOST_SIGNATURES + 1),
        GOOD.encode() + b"x" * MOST_BYTES,
    ],
)
def test_what_is_not_a_note_is_refused(written: bytes) -> None:
    with pytest.raises(Malformed):
        read_note(written)


def test_signature_lines_can_be_read_alone() -> None:
    note = sign_note(TEXT, [LOG, WITNESS])
    lines = "".join(signature.line() for signature in note.signatures)
    assert read_signatures(lines) == note.signatures


def test_a_text_may_hold_empty_lines() -> None:
    note = sign_note("one\n\n\ntwo\n", [LOG])
    assert read_note(str(note).encode()) == note


@given(st.integers(0, len(GOOD.encode()) - 1), st.integers(1, 255))
def test_no_changed_byte_leaves_a_note_that_verifies(at: int, change: int) -> None:
    raw = bytearray(GOOD.encode())
    raw[at] ^= change
    with pytest.raises((Malformed, SignatureRejected)):
        verified(read_note(bytes(raw)), [LOG.verifier])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(written: bytes) -> None:
    try:
        note = read_note(written)
    except Malformed:
        return
    assert str(note).encode() == written
