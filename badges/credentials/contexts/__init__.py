"""The three JSON-LD contexts of a badge, embedded; any other is refused.

A context that came from the network could change what a signature covers.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

CredentialsContext = Literal["https://www.w3.org/ns/credentials/v2"]
OpenBadgesContext = Literal["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
ExtensionsContext = Literal["https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]

CREDENTIALS: Final[CredentialsContext] = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final[OpenBadgesContext] = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS: Final[ExtensionsContext] = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

PINNED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        CREDENTIALS: (
            "credentials-v2.json",
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        ),
        OPEN_BADGES: (
            "context-3.0.3.json",
            "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        ),
        EXTENSIONS: (
            "extensions.json",
            "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
        ),
    },
)
"""Address of each context → its file in this folder and the file's SHA-256."""


class UnknownContext(ValueError):
    """A document names a context that is not embedded, so its words have no fixed meaning."""


@cache
def load_context(address: str) -> Mapping[str, Any]:
    """Return the embedded context document published at `address`.

    Raises UnknownContext for every other address, and ValueError where the embedded file is not
    the one that was pinned.
    """
    if address not in PINNED:
        raise UnknownContext(f"the context {address!r} is not one of those embedded here")
    name, digest = PINNED[address]
    content = files(__name__).joinpath(name).read_bytes()
    require_pinned(name, content, digest)
    document: dict[str, Any] = json.loads(content)
    return MappingProxyType(document)


def require_pinned(name: str, content: bytes, digest: str) -> None:
    """Raise ValueError unless `content` is what `digest` was pinned for."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"the embedded context {name} has been changed")
