"""The kinds of values that settings have: addresses, colours, networks, providers, witnesses."""

from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import PydanticCustomError

from registry.contrast import is_colour


class Secret:
    """Marks a setting that is never printed, and that can be given as a file."""


def refuse(sentence: str) -> PydanticCustomError:
    """Return the refusal of a value, in a sentence that says what it must be."""
    return PydanticCustomError("setting", "{sentence}", {"sentence": sentence})


def _colour(word: str) -> str:
    if not is_colour(word):
        raise refuse("must be a colour such as #5b2a86")
    return word.lower()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refuse("must begin with https:// and a host name")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise refuse("must be an address without path, question mark or user name")
    return f"{parts.scheme}://{parts.netloc}"


def _network(words: str) -> str:
    try:
        ip_network(words, strict=False)
    except ValueError:
        raise refuse("must be an address or a network, such as 10.0.0.0/8") from None
    return words


Colour = Annotated[str, AfterValidator(_colour)]
Origin = Annotated[str, AfterValidator(_origin)]
Network = Annotated[str, AfterValidator(_network)]
ServiceUrl = Annotated[str, Field(repr=False), Secret()]
Port = Annotated[int, Field(ge=1, le=65535)]


class SignInProvider(BaseModel):
    """One OpenID Connect provider that people can sign in with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,40}$")]
    name: Annotated[str, Field(min_length=2, max_length=60)]
    issuer: str
    client_id: str
    client_secret: SecretStr


class LogWitness(BaseModel):
    """One witness that cosigns the public log: where it is asked, and its public key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    key: Annotated[str, Field(pattern=r"^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$")]
