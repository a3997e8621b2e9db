"""Keys: who is believed, from when to when, and where the private halves lie."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from badges.key_file import generate_keys, read_keys, write_keys
from badges.keys import (
    PublicKey,
    UnusableKey,
    did_document,
    did_for,
    jwks_document,
    read_did_document,
)
from tests.badges.samples import ISSUER, NOW, OVERLAP, ring, signers, trusted


@pytest.mark.parametrize(
    ("origin", "did"),
    [
        ("https://charter.example", "did:web:charter.example"),
        ("http://127.0.0.1:8400", "did:web:127.0.0.1%3A8400"),
    ],
)
def test_a_did_names_the_host_and_a_port_in_the_way_the_method_asks(origin: str, did: str) -> None:
    assert did_for(origin) == did


def test_an_origin_without_a_host_has_no_did() -> None:
    with pytest.raises(ValueError, match="names no host"):
        did_for("charter")


def test_the_did_document_lists_both_keys_for_making_assertions() -> None:
    document = did_document(ISSUER.did, ring().published(NOW, OVERLAP))
    kinds = [method["type"] for method in document["verificationMethod"]]
    assert kinds == ["JsonWebKey", "Multikey"]
    assert document["assertionMethod"] == [m["id"] for m in document["verificationMethod"]]
    assert all(name.startswith(f"{ISSUER.did}#") for name in document["assertionMethod"])


def test_the_key_set_mirrors_the_did_document_and_holds_nothing_private() -> None:
    published = ring().published(NOW, OVERLAP)
    keys = jwks_document(ISSUER.did, published)["keys"]
    assert [key["kid"] for key in keys] == did_document(ISSUER.did, published)["assertionMethod"]
    assert not {"d", "p", "q"} & set().union(*keys)


def test_a_signature_holds_under_the_published_key_only() -> None:
    for signer in (signers().embedded, signers().token):
        key = trusted()[signer.verification_method]
        signature = signer.sign(b"a promise")
        assert key.verifies(signature, b"a promise")
        assert not key.verifies(signature, b"another promise")


def test_after_a_rotation_the_old_key_is_believed_until_its_last_edition_has_run_out() -> None:
    rotated = ring().rotated(NOW)
    assert len(rotated.published(NOW + OVERLAP - timedelta(seconds=1), OVERLAP)) == 4
    assert len(rotated.published(NOW + OVERLAP, OVERLAP)) == 2
    fresh = rotated.signers(ISSUER.did)
    assert fresh.embedded.verification_method != signers().embedded.verification_method


def test_a_revoked_key_is_believed_no_more_from_that_moment() -> None:
    fragment = signers().embedded.verification_method.partition("#")[2]
    revoked = ring().revoked(fragment, NOW)
    assert fragment not in [key.fragment for key in revoked.published(NOW, OVERLAP)]
    with pytest.raises(UnusableKey, match="no ed25519 key is in force"):
        revoked.signer("ed25519", ISSUER.did)
    with pytest.raises(UnusableKey, match="no key named"):
        ring().revoked("z6unknown", NOW)


def test_the_key_file_is_for_its_owner_only_and_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.json"
    kept = ring().rotated(NOW)
    write_keys(ring(), path)
    write_keys(kept, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["signing.json"]
    read = read_keys(path)
    assert [key.public.fragment for key in read.keys] == [k.public.fragment for k in kept.keys]
    assert [key.retired_at for key in read.keys] == [key.retired_at for key in kept.keys]


@pytest.mark.parametrize("content", ["", "[]", '{"keys":[{}]}', '{"keys":[{"private_pem":"x"}]}'])
def test_a_file_that_holds_no_keys_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "signing.json"
    path.write_text(content)
    with pytest.raises(UnusableKey, match=r"signing\.json is not a file of signing keys"):
        read_keys(path)


def test_a_weak_or_strange_published_key_is_refused() -> None:
    weak = PublicKey(generate_private_key(65537, 1024).public_key())  # noqa: S505 - on purpose
    with pytest.raises(UnusableKey, match="too weak"):
        read_did_document(did_document(ISSUER.did, [weak]))
    document = json.loads(json.dumps(did_document(ISSUER.did, ring().published(NOW, OVERLAP))))
    document["verificationMethod"][1]["publicKeyMultibase"] = "zQm"
    with pytest.raises(UnusableKey, match="not an Ed25519 key"):
        read_did_document(document)
    with pytest.raises(UnusableKey, match="cannot be read"):
        read_did_document({})


def test_a_key_that_may_not_make_assertions_is_not_believed() -> None:
    document = did_document(ISSUER.did, generate_keys(NOW).published(NOW, OVERLAP))
    document["assertionMethod"] = document["assertionMethod"][:1]
    assert list(read_did_document(document)) == document["assertionMethod"]


def test_a_key_of_a_kind_not_used_here_is_refused(tmp_path: Path) -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM,
        PrivateFormat.PKCS8,
        NoEncryption(),
    )
    path = tmp_path / "signing.json"
    path.write_text(json.dumps({"keys": [{"kind": "p256", "private_pem": pem.decode()}]}))
    with pytest.raises(UnusableKey):
        read_keys(path)
    rsa = trusted()[signers().token.verification_method]
    with pytest.raises(UnusableKey, match="only an Ed25519 key"):
        _ = rsa.multibase
    document = did_document(ISSUER.did, [rsa])
    document["verificationMethod"][0]["type"] = "JsonWebKey2020"
    with pytest.raises(UnusableKey, match="not used here"):
        read_did_document(document)
