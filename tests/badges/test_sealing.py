"""Seals: what was signed is believed, and whatever was touched afterwards is not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import RSAKey

from badges import base64url
from badges.credentials.model import OddShape, OpenBadgeCredential, as_document, read_shape
from badges.credentials.sign import is_sealed, with_proof
from badges.credentials.tokens import ForgedToken, as_token, read_token
from badges.key_file import generate_keys
from tests.badges.samples import (
    FACTS,
    ISSUER,
    NOW,
    signed,
    signers,
    token,
    trusted,
    unsigned,
)

SIGNED = signed()
TOKEN = token()

Path = tuple[str | int, ...]


def believed(document: object) -> bool:
    try:
        return is_sealed(read_shape(document, OpenBadgeCredential), trusted())
    except OddShape:
        return False


def leaves(node: Any, path: Path = ()) -> Iterator[Path]:
    """Name every value in a document by the way to it."""
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for name, member in members:
        if isinstance(member, dict | list):
            yield from leaves(member, (*path, name))
        else:
            yield (*path, name)


ALL_LEAVES = list(leaves(json.loads(SIGNED)))


def changed(path: Path, change: Any) -> Any:
    document = json.loads(SIGNED)
    node = document
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = change(node[path[-1]])
    return document


def test_a_sealed_badge_is_believed() -> None:
    assert believed(json.loads(SIGNED))
    assert read_token(TOKEN, OpenBadgeCredential, trusted()) == unsigned()


@pytest.mark.parametrize("path", ALL_LEAVES, ids=str)
def test_no_value_can_be_changed_unnoticed(path: Path) -> None:
    def other(value: Any) -> Any:
        return not value if isinstance(value, bool) else f"{value}0"

    assert not believed(changed(path, other))


@pytest.mark.parametrize("path", ALL_LEAVES, ids=str)
def test_no_value_can_be_taken_away_unnoticed(path: Path) -> None:
    document = json.loads(SIGNED)
    node = document
    for name in path[:-1]:
        node = node[name]
    del node[path[-1]]
    assert not believed(document)


@given(st.sampled_from(ALL_LEAVES), st.text() | st.none() | st.booleans() | st.integers())
def test_whatever_is_put_in_its_place_it_is_not_believed(path: Path, value: object) -> None:
    document = changed(path, lambda _: value)
    assert document == json.loads(SIGNED) or not believed(document)


def test_a_stripped_status_is_noticed() -> None:
    document = json.loads(SIGNED)
    del document["credentialStatus"]
    assert not believed(document)


def test_a_stripped_proof_is_noticed() -> None:
    document = json.loads(SIGNED)
    del document["proof"]
    assert not believed(document)
    assert not believed(changed(("proof", 0), lambda proof: proof | {"proofValue": None}))


def test_a_strangers_key_is_not_believed_under_any_name() -> None:
    stranger = generate_keys(NOW).signers(ISSUER.did)
    sealed = with_proof(unsigned(), signer=stranger.embedded, at=NOW)
    assert not is_sealed(sealed, trusted())
    renamed = msgspec.json.encode(sealed).replace(
        stranger.embedded.verification_method.encode(),
        signers().embedded.verification_method.encode(),
    )
    assert not believed(json.loads(renamed))
    forged = as_token(unsigned(), signer=stranger.token)
    with pytest.raises(ForgedToken, match="not one of the issuer's"):
        read_token(forged, OpenBadgeCredential, trusted())


def test_a_key_of_another_issuer_does_not_seal_this_issuers_badge() -> None:
    ring = generate_keys(NOW)
    other = ring.signers("did:web:other.example")
    keys = dict(trusted()) | {
        signer.verification_method: key.public
        for signer, key in zip((other.embedded, other.token), ring.keys, strict=True)
    }
    assert not is_sealed(with_proof(unsigned(), signer=other.embedded, at=NOW), keys)
    with pytest.raises(ForgedToken, match="somebody else"):
        read_token(as_token(unsigned(), signer=other.token), OpenBadgeCredential, keys)


def test_the_token_and_the_json_say_the_same() -> None:
    payload = json.loads(base64url.decode(TOKEN.split(".")[1]))
    document = json.loads(SIGNED)
    assert payload.pop("iss") == document["issuer"]["id"]
    assert payload.pop("jti") == document["id"]
    assert payload.pop("sub") == document["credentialSubject"]["id"]
    assert payload.pop("nbf") < payload.pop("exp")
    del document["proof"]
    assert payload == document


def test_another_library_reads_the_token() -> None:
    header = json.loads(base64url.decode(TOKEN.split(".")[0]))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": signers().token.verification_method}
    published: dict[str, str | list[str]] = {**trusted()[header["kid"]].jwk}
    key = RSAKey.import_key(published)
    assert jws.deserialize_compact(TOKEN, key, algorithms=["RS256"]).payload


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("Aa0_-.=+/ é"))
def test_no_character_of_a_token_can_be_changed(place: int, character: str) -> None:
    forged = TOKEN[:place] + character + TOKEN[place + 1 :]
    if forged != TOKEN:
        with pytest.raises((ForgedToken, OddShape)):
            read_token(forged, OpenBadgeCredential, trusted())


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "JWT", "kid": "KID"},
        {"alg": "HS256", "typ": "JWT", "kid": "KID"},
        {"alg": "RS256", "typ": "JWT", "kid": "KID", "jwk": {}},
        {"alg": "RS256", "typ": "JWT"},
        {"alg": "RS256", "typ": "JWT", "kid": "did:web:charter.example#other"},
    ],
)
def test_a_token_cannot_choose_how_it_is_checked(header: dict[str, Any]) -> None:
    named = json.dumps(header).replace("KID", signers().token.verification_method)
    _, payload, signature = TOKEN.split(".")
    forged = f"{base64url.encode(named.encode())}.{payload}.{signature}"
    with pytest.raises(ForgedToken):
        read_token(forged, OpenBadgeCredential, trusted())


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "....", "é.é.é", "x" * 300_000])
def test_what_is_not_a_token_is_refused(text: str) -> None:
    with pytest.raises(ForgedToken):
        read_token(text, OpenBadgeCredential, trusted())


def test_claims_that_differ_from_the_credential_are_refused_even_when_signed() -> None:
    _, payload, _ = TOKEN.split(".")
    claims = json.loads(base64url.decode(payload)) | {"exp": 4_102_444_800}
    header = TOKEN.split(".", maxsplit=1)[0]
    covered = f"{header}.{base64url.encode(json.dumps(claims).encode())}"
    signature = base64url.encode(signers().token.sign(covered.encode()))
    with pytest.raises(ForgedToken, match="differ"):
        read_token(f"{covered}.{signature}", OpenBadgeCredential, trusted())


def test_a_signed_token_that_carries_no_credential_is_refused() -> None:
    header = TOKEN.split(".", maxsplit=1)[0]
    for payload in (b"[]", b"{", b"{}", b"\xff"):
        covered = f"{header}.{base64url.encode(payload)}"
        signature = base64url.encode(signers().token.sign(covered.encode()))
        with pytest.raises(OddShape):
            read_token(f"{covered}.{signature}", OpenBadgeCredential, trusted())


def test_a_fact_that_cannot_be_sealed_as_it_reads_is_not_signed() -> None:
    with pytest.raises(OddShape):
        signed(page_url="https://charter.example/a b")
    with pytest.raises(OddShape):
        signed(narrative="\x07")


def test_a_badge_without_evidence_has_no_such_member() -> None:
    assert "evidence" not in as_document(unsigned(evidence=()))
    assert believed(json.loads(signed(evidence=())))
    assert replace(FACTS).evidence
