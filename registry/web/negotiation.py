"""One address, several forms: which of them the reader asked for.

Only badges and status lists are negotiated. The edge keeps a page per form, so what is decided
here must follow from the address and the Accept header alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

HTML: Final = "text/html"

CredentialForm = Literal["json", "jwt"]

CREDENTIAL_FORMS: Final[Mapping[str, CredentialForm]] = MappingProxyType(
    {
        "application/vc": "json",
        "application/vc+ld+json": "json",
        "application/ld+json": "json",
        "application/json": "json",
        "application/vc+jwt": "jwt",
        "application/jwt": "jwt",
        "text/plain": "jwt",
    }
)
"""Media type → form: those of VC 2.0, those of Open Badges 3.0, and the plain ones."""

NEGOTIATED: Final = ("/b/", "/credentials/status/")
"""Where addresses with several forms begin."""

MOST_TYPES: Final = 20
"""How much of an Accept header is looked at."""


def asked_type(accept: str, offered: Iterable[str]) -> str | None:
    """Return which of `offered` the header prefers, or None where it names none of them.

    A wildcard asks for nothing in particular.
    """
    known = frozenset(offered)
    best, heaviest = None, 0.0
    for part in accept.lower().split(",")[:MOST_TYPES]:
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weight = _weight(parameters)
        if kind in known and weight > heaviest:
            best, heaviest = kind, weight
    return best


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def form_key(path: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return what tells the forms of one address apart: nothing where there is only one."""
    if not path.startswith(NEGOTIATED):
        return b""
    accept = next((value for name, value in headers if name == b"accept"), b"")
    asked = asked_type(accept.decode("latin-1"), (HTML, *CREDENTIAL_FORMS))
    return b"" if asked is None else b" " + asked.encode()
