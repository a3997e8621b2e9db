"""The embedded proof: Data Integrity with the cryptosuite eddsa-rdfc-2022."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import base58
import msgspec
from msgspec import UNSET, UnsetType, to_builtins
from msgspec.structs import replace

from badges.credentials.canonical import canonical_nquads
from badges.credentials.model import (
    AnyCredential,
    Credential,
    DataIntegrityProof,
    as_document,
    issuer_of,
    whole_second,
)
from badges.keys import Signer, TrustedKeys


def with_proof(credential: AnyCredential, *, signer: Signer, at: datetime) -> AnyCredential:
    """Return `credential` sealed by `signer` at `at`.

    Raises OddShape where a member could not be signed as it reads.
    """
    proof = DataIntegrityProof(
        created=whole_second(at),
        verification_method=signer.verification_method,
    )
    signature = signer.sign(_covered(credential, proof))
    sealed = replace(proof, proof_value="z" + base58.b58encode(signature).decode())
    return replace(credential, proof=[sealed])


def is_sealed(credential: Credential, keys: TrustedKeys) -> bool:
    """Return whether the issuer of `credential` sealed it with a key that is one of `keys`."""
    if isinstance(credential.proof, UnsetType):
        return False
    proof = credential.proof[0]
    name = proof.verification_method
    key = keys.get(name)
    if key is None or key.kind != "ed25519" or isinstance(proof.proof_value, UnsetType):
        return False
    if name.partition("#")[0] != issuer_of(credential) or not proof.proof_value.startswith("z"):
        return False
    try:
        signature = base58.b58decode(proof.proof_value[1:])
        return key.verifies(signature, _covered(credential, replace(proof, proof_value=UNSET)))
    except (ValueError, SyntaxError):
        return False


def _covered(credential: Credential, configuration: DataIntegrityProof) -> bytes:
    """Return the bytes to sign: the digest of the proof's own terms, then of the document."""
    document = as_document(replace(credential, proof=UNSET))
    terms = {"@context": document["@context"], **to_builtins(configuration)}
    return _digest_of_terms(msgspec.json.encode(terms)) + _digest(document)


@lru_cache(maxsize=64)
def _digest_of_terms(terms: bytes) -> bytes:
    """Return the digest of a proof's own terms, in JSON: those signed together share them."""
    return _digest(msgspec.json.decode(terms))


def _digest(document: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical_nquads(document)).digest()
