"""Keys derived from the one secret, and what is done with them.

Each purpose has its own key, so that a value made for one can never be used for another.
Nothing that opens a door is stored as it was given: only its keyed hash is.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from charter.chance import Chance

NONCE_BYTES = 12
SHORTEST_SECRET = 32
"""Bytes of secret below which nothing is derived."""


class WeakSecret(ValueError):
    """The secret is too short to derive keys from."""


class SealBroken(ValueError):
    """A sealed value was changed, or sealed under another secret."""


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """The derived keys of one registry."""

    secret: bytes

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed."""
        if len(self.secret) < SHORTEST_SECRET:
            raise WeakSecret(f"the secret must be at least {SHORTEST_SECRET} bytes long")

    def __repr__(self) -> str:
        """Show nothing of the secret."""
        return "AccountKeys(…)"

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key of `purpose`."""
        return HKDF(SHA256(), 32, salt=None, info=f"registry/{purpose}".encode()).derive(
            self.secret
        )

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """Return the keyed hash of `value`: equal values can be found, none can be read back."""
        return hmac.digest(self.derive(purpose), value.encode(), "sha256")

    def token(self, purpose: str, *parts: str) -> str:
        """Return a signature over `parts` fit for a form field or an address."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return _text(hmac.digest(self.derive(purpose), message, "sha256"))

    def vouches(self, token: str, purpose: str, *parts: str) -> bool:
        """Say, in constant time, whether `token` signs `parts` for `purpose`."""
        return hmac.compare_digest(token.encode(), self.token(purpose, *parts).encode())

    def seal(self, purpose: str, value: str, chance: Chance) -> bytes:
        """Return `value` encrypted and authenticated (AES-256-GCM), nonce first."""
        nonce = chance.bytes(NONCE_BYTES)
        return nonce + AESGCM(self.derive(purpose)).encrypt(nonce, value.encode(), None)

    def open(self, purpose: str, sealed: bytes) -> str:
        """Return what `seal` was given. Raises SealBroken."""
        try:
            opened = AESGCM(self.derive(purpose)).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None
            )
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the sealed value cannot be opened with this secret") from error
        return opened.decode()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def new_token(chance: Chance, count: int = 32) -> str:
    """Return an unguessable token of `count` random bytes, fit for a cookie or an address."""
    return _text(chance.bytes(count))


def code_challenge(verifier: str) -> str:
    """Return the PKCE S256 challenge of `verifier` (RFC 7636)."""
    return _text(sha256(verifier.encode()).digest())


LONGEST_TOKEN = 64
"""The most random bytes a token of ours is made from."""


def is_token(text: str) -> bool:
    """Say whether `text` has the form of one of our tokens."""
    try:
        return 0 < len(urlsafe_b64decode(text + "=" * (-len(text) % 4))) <= LONGEST_TOKEN
    except ValueError:
        return False
