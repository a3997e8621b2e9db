"""The twin of a credential as a signed token (VC-JWT, RS256), from the very same members."""

from typing import Literal

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from badges import base64url
from badges.credentials.model import (
    AnyCredential,
    Credential,
    OddShape,
    as_document,
    issuer_of,
    read_shape,
)
from badges.keys import Signer, TrustedKeys

LONGEST_TOKEN = 200_000
"""Characters; no token of ours comes near it."""


class Header(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a token may say about its own signature: the algorithm is never a choice."""

    alg: Literal["RS256"]
    typ: Literal["JWT"]
    kid: str


class ForgedToken(ValueError):
    """A token is not one of ours; the message says what is wrong with it."""


def as_token(credential: Credential, *, signer: Signer) -> str:
    """Return `credential`, without its embedded proof, as a token sealed by the RSA `signer`."""
    unsealed = replace(credential, proof=UNSET)
    header = Header(alg="RS256", typ="JWT", kid=signer.verification_method)
    payload = as_document(unsealed) | _claims(unsealed)
    covered = ".".join(base64url.encode(msgspec.json.encode(part)) for part in (header, payload))
    return f"{covered}.{base64url.encode(signer.sign(covered.encode()))}"


def _claims(credential: Credential) -> dict[str, str | int]:
    """Return the registered claims, which repeat members of the credential."""
    return {
        "iss": issuer_of(credential),
        "jti": credential.id,
        "sub": credential.credential_subject.id,
        "nbf": int(credential.valid_from.timestamp()),
        "exp": int(credential.valid_until.timestamp()),
    }


def read_token(token: str, shape: type[AnyCredential], keys: TrustedKeys) -> AnyCredential:
    """Return the credential that `token` carries, once its signature holds under `keys`.

    Whether the credential is in force is not asked here. Raises ForgedToken and OddShape.
    """
    covered, _, signature = token.rpartition(".")
    header = _read_header(token)
    key = keys.get(header.kid)
    if key is None or key.kind != "rsa":
        raise ForgedToken("the key that the token names is not one of the issuer's")
    if not key.verifies(_part(signature), covered.encode()):
        raise ForgedToken("the signature does not fit the content")
    credential = _read_payload(_part(covered.partition(".")[2]), shape)
    if header.kid.partition("#")[0] != issuer_of(credential):
        raise ForgedToken("the key belongs to somebody else than the issuer")
    return credential


def _read_header(token: str) -> Header:
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:  # noqa: PLR2004 - header.payload.signature
        raise ForgedToken("this is not a token of three parts")
    try:
        return msgspec.json.decode(_part(token.partition(".")[0]), type=Header)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as odd:
        raise ForgedToken(f"the header is not one of ours: {odd}") from odd


def _read_payload(content: bytes, shape: type[AnyCredential]) -> AnyCredential:
    try:
        document = msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as odd:
        raise OddShape(str(odd)) from odd
    claims = {name: document.pop(name, None) for name in ("iss", "jti", "sub", "nbf", "exp")}
    credential = read_shape(document, shape)
    if claims != _claims(credential):
        raise ForgedToken("the claims of the token and the credential in it differ")
    return credential


def _part(text: str) -> bytes:
    try:
        return base64url.decode(text)
    except ValueError as broken:
        raise ForgedToken(str(broken)) from broken
