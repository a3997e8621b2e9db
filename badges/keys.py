"""The public face of the keys: who signed, under which name, and whether to believe it still.

A key's name is a DID URL below the issuer's `did:web`: that DID, `#`, and a fragment that
follows from the key itself, so that no two keys share one.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from badges import base64url

KeyKind = Literal["ed25519", "rsa"]
VerifyingKey = Ed25519PublicKey | RSAPublicKey

_ED25519_PREFIX = b"\xed\x01"
"""Multicodec of an Ed25519 public key."""

LEAST_RSA_BITS = 2048


class Signer(Protocol):
    """Signs under a public name; the private key may be in a file or in a key service."""

    @property
    def verification_method(self) -> str:
        """Return the key's name, a DID URL."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`."""
        ...


@dataclass(frozen=True, slots=True)
class Signers:
    """The Ed25519 signer of embedded proofs and the RSA signer of tokens."""

    embedded: Signer
    token: Signer


class UnusableKey(ValueError):
    """A published key cannot be read, or is too weak to be believed."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key, either kind."""

    key: VerifyingKey

    @property
    def kind(self) -> KeyKind:
        """Return the kind of key."""
        return "ed25519" if isinstance(self.key, Ed25519PublicKey) else "rsa"

    @property
    def fragment(self) -> str:
        """Return the key's name within its DID: its multibase, or its RFC 7638 thumbprint."""
        if self.kind == "ed25519":
            return self.multibase
        jwk = self.jwk
        required = {name: jwk[name] for name in ("e", "kty", "n")}
        return base64url.encode(hashlib.sha256(rfc8785.dumps(required)).digest())

    @property
    def multibase(self) -> str:
        """Return the Multikey form of an Ed25519 key."""
        if not isinstance(self.key, Ed25519PublicKey):
            raise UnusableKey("only an Ed25519 key is written as a Multikey here")
        return "z" + base58.b58encode(_ED25519_PREFIX + self.key.public_bytes_raw()).decode()

    @property
    def jwk(self) -> dict[str, str]:
        """Return the JSON Web Key members that describe the key itself."""
        if isinstance(self.key, Ed25519PublicKey):
            x = base64url.encode(self.key.public_bytes_raw())
            return {"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA"}
        numbers = self.key.public_numbers()
        return {
            "kty": "RSA",
            "n": base64url.encode(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": base64url.encode(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")),
            "alg": "RS256",
        }

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether `signature` over `message` was made with this key's private half."""
        try:
            if isinstance(self.key, Ed25519PublicKey):
                self.key.verify(signature, message)
            else:
                self.key.verify(signature, message, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


TrustedKeys = Mapping[str, PublicKey]
"""Verification method (a DID URL) → the key to believe under that name."""


def did_for(public_url: str) -> str:
    """Return the did:web of an origin; a port is written %3A as the method asks."""
    host = urlsplit(public_url).netloc
    if not host:
        raise ValueError(f"{public_url!r} names no host")
    return "did:web:" + host.replace(":", "%3A")


def did_document(did: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Return the DID document that lists `keys`, all for making assertions."""
    methods = [_verification_method(did, key) for key in keys]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _verification_method(did: str, key: PublicKey) -> dict[str, Any]:
    name = f"{did}#{key.fragment}"
    if key.kind == "ed25519":
        form = {"type": "Multikey", "controller": did, "publicKeyMultibase": key.multibase}
        return {"id": name, **form}
    jwk = {**key.jwk, "kid": name, "use": "sig"}
    return {"id": name, "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}


def jwks_document(did: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Return the same keys as a JSON Web Key Set."""
    return {
        "keys": [{**key.jwk, "kid": f"{did}#{key.fragment}", "use": "sig"} for key in keys],
    }


def read_did_document(document: Mapping[str, Any]) -> TrustedKeys:
    """Return the keys of a DID document that may make assertions, by name.

    Raises UnusableKey where the document or one of those keys cannot be read.
    """
    try:
        allowed = set(document["assertionMethod"])
        methods = [method for method in document["verificationMethod"] if method["id"] in allowed]
        return MappingProxyType({method["id"]: _read_method(method) for method in methods})
    except (AttributeError, KeyError, TypeError, ValueError) as unreadable:
        raise UnusableKey(f"the DID document cannot be read: {unreadable}") from unreadable


def _read_method(method: Mapping[str, Any]) -> PublicKey:
    if method["type"] == "Multikey":
        return _read_multibase(method["publicKeyMultibase"])
    jwk = method["publicKeyJwk"]
    if method["type"] != "JsonWebKey" or jwk["kty"] != "RSA":
        raise UnusableKey(f"a key of type {method['type']} is not used here")
    n, e = (int.from_bytes(base64url.decode(jwk[name]), "big") for name in ("n", "e"))
    key = RSAPublicNumbers(e, n).public_key()
    if key.key_size < LEAST_RSA_BITS:
        raise UnusableKey(f"an RSA key of {key.key_size} bits is too weak")
    return PublicKey(key)


def _read_multibase(text: str) -> PublicKey:
    decoded = base58.b58decode(text.removeprefix("z"))
    if not text.startswith("z") or not decoded.startswith(_ED25519_PREFIX):
        raise UnusableKey("the Multikey is not an Ed25519 key in base58")
    return PublicKey(Ed25519PublicKey.from_public_bytes(decoded[len(_ED25519_PREFIX) :]))
