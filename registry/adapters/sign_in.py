"""Asks an OpenID Connect provider who somebody is, and believes only what it can check.

The provider is pinned by its issuer, from the settings. Its own description is read there and
nowhere else, and must name the same issuer to the letter. The ID token is verified by the keys
that description points to, never by a key or an algorithm that the token itself suggests.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from registry.adapters.refusals import ProviderRefused
from registry.setting_values import SignInProvider

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519")
"""The only signatures accepted: never "none", and never one made with a shared secret."""

SCOPE = "openid"
"""Who it is, and nothing about them: we ask for no address and no name."""

LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""

PINNED_FOR = timedelta(hours=1)
"""How long a provider's description and keys are kept."""

KEYS_ASKED_EVERY = timedelta(minutes=1)
"""An unknown key id makes us ask for the keys again, at most this often."""

PATIENCE = 5.0
"""Seconds that a provider may take for an answer."""

LONGEST_ANSWER = 256 * 1024
LONGEST_TOKEN = 16 * 1024
LONGEST_SUBJECT = 255

UNREADABLE = (msgspec.MsgspecError, JoseError, LookupError, TypeError, AttributeError, ValueError)
"""What reading an answer raises that is not what it should be."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that may be reached without https: nothing said there leaves the machine."""


class Description(msgspec.Struct, frozen=True):
    """The part of a provider's own description (OpenID Connect Discovery) that is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


@dataclass(slots=True)
class OidcProvider:
    """One provider, as its settings name it. `now` is the clock its tokens are held against."""

    settings: SignInProvider
    now: Callable[[], datetime]
    _description: Description | None = field(default=None, init=False)
    _described_at: datetime | None = field(default=None, init=False)
    _keys: KeySet | None = field(default=None, init=False, repr=False)
    _keys_at: datetime | None = field(default=None, init=False)

    @property
    def id(self) -> str:
        """The word for it in our addresses."""
        return self.settings.id

    @property
    def name(self) -> str:
        """Its name on our pages."""
        return self.settings.name

    @property
    def issuer(self) -> str:
        """Its issuer: with a subject, the key of an identity."""
        return self.settings.issuer

    async def address(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Return where to send the browser to be asked who it is. Raises ProviderRefused."""
        described = await self._described()
        async with self._client(redirect_uri) as client:
            address, _state = client.create_authorization_url(
                described.authorization_endpoint, state=state, code_verifier=verifier, nonce=nonce
            )
        return str(address)

    async def require_own_answer(self, issuer: str | None) -> None:
        """Raise ProviderRefused unless `issuer` of a callback is this provider (RFC 9207).

        A provider that says it always names itself must; any that does must name itself exactly.
        """
        described = await self._described()
        if issuer is None and described.authorization_response_iss_parameter_supported:
            raise ProviderRefused("issuer-missing")
        if issuer is not None and issuer != self.issuer:
            raise ProviderRefused("foreign-issuer")

    async def subject(self, *, code: str, redirect_uri: str, verifier: str, nonce: str) -> str:
        """Exchange `code` and return the subject of the ID token. Raises ProviderRefused."""
        described = await self._described()
        try:
            async with self._client(redirect_uri) as client:
                answer = await client.fetch_token(
                    described.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
        except (AuthlibBaseError, httpx2.HTTPError, ValueError, KeyError) as error:
            raise ProviderRefused("code-refused") from error
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN or token.count(".") != 2:  # noqa: PLR2004 - compact form has three parts
            raise ProviderRefused("no-id-token")
        claims = await self._verified(token)
        return own_subject(
            claims,
            issuer=self.issuer,
            client_id=self.settings.client_id,
            nonce=nonce,
            now=self.now(),
        )

    async def _verified(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token signed with one of the provider's keys."""
        try:
            try:
                return _decoded(token, await self._signing_keys())
            except InvalidKeyIdError:
                return _decoded(token, await self._signing_keys(again=True))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderRefused("token-unverified") from error

    async def _described(self) -> Description:
        """Return the provider's description, read at most once in an hour."""
        now = self.now()
        if self._description is None or _older(self._described_at, now, PINNED_FOR):
            raw = await _fetched(
                f"{self.issuer.removesuffix('/')}/.well-known/openid-configuration"
            )
            self._description = read_description(raw, issuer=self.issuer)
            self._described_at = now
        return self._description

    async def _signing_keys(self, *, again: bool = False) -> KeySet:
        """Return the provider's keys; `again` asks for them anew, within reason."""
        now = self.now()
        lasts = KEYS_ASKED_EVERY if again else PINNED_FOR
        if self._keys is None or _older(self._keys_at, now, lasts):
            raw = await _fetched((await self._described()).jwks_uri)
            self._keys = read_keys(raw)
            self._keys_at = now
        return self._keys

    def _client(self, redirect_uri: str) -> AsyncOAuth2Client:
        methods = (
            self._description.token_endpoint_auth_methods_supported if self._description else ()
        )
        return AsyncOAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret.get_secret_value(),
            token_endpoint_auth_method=(
                "client_secret_post"
                if methods and "client_secret_basic" not in methods
                else "client_secret_basic"
            ),
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=PATIENCE,
            trust_env=False,
            follow_redirects=False,
        )


def read_description(raw: bytes, *, issuer: str) -> Description:
    """Return a provider's description. Raises ProviderRefused unless it is of `issuer` itself."""
    try:
        described = msgspec.json.decode(raw, type=Description)
    except msgspec.MsgspecError as error:
        raise ProviderRefused("description-unreadable") from error
    if described.issuer != issuer:
        raise ProviderRefused("description-of-another-issuer")
    endpoints = (
        described.authorization_endpoint,
        described.token_endpoint,
        described.jwks_uri,
    )
    if not all(is_safe_address(address) for address in endpoints):
        raise ProviderRefused("endpoint-unsafe")
    return described


def read_keys(raw: bytes) -> KeySet:
    """Return a provider's public keys; a shared secret among them is no key of ours."""
    try:
        listed = msgspec.json.decode(raw, type=dict[str, Any])["keys"]
        public = [key for key in listed if key.get("kty") in {"RSA", "EC", "OKP"}]
        return KeySet.import_key_set({"keys": public})
    except (
        msgspec.MsgspecError,
        JoseError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
    ) as bad:
        raise ProviderRefused("keys-unreadable") from bad


def is_safe_address(address: str) -> bool:
    """Say whether `address` is https, or plain http to this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if parts.fragment or parts.username or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def own_subject(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: datetime
) -> str:
    """Return the subject of claims made by `issuer`, for us, for this sign-in, and still good.

    Raises ProviderRefused.
    """
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        rules.validate(dict(claims))
    except JoseError as error:
        raise ProviderRefused("claims-refused") from error
    subject, audience, told = claims["sub"], claims["aud"], claims["nonce"]
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        raise ProviderRefused("foreign-nonce")
    alone = audience in (client_id, [client_id])
    if claims.get("azp", client_id if alone else None) != client_id:
        raise ProviderRefused("foreign-party")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ProviderRefused("no-subject")
    return str(subject)


def _decoded(token: str, keys: KeySet) -> Mapping[str, Any]:
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    return jwt.decode(token, keys, algorithms=list(ALGORITHMS), registry=registry).claims


def _older(made_at: datetime | None, now: datetime, lasts: timedelta) -> bool:
    return made_at is None or now - made_at >= lasts


async def _fetched(address: str) -> bytes:
    """Return what a provider serves at `address`: at once, without detours, and not too much."""
    if not is_safe_address(address):
        raise ProviderRefused("address-unsafe")
    body = bytearray()
    try:
        async with (
            httpx2.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", address, headers={"accept": "application/json"}) as answer,
        ):
            if answer.status_code != httpx2.codes.OK:
                raise ProviderRefused("provider-unavailable")
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LONGEST_ANSWER:
                    raise ProviderRefused("answer-too-long")
    except httpx2.HTTPError as error:
        raise ProviderRefused("provider-unavailable") from error
    return bytes(body)
