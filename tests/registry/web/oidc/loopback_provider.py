"""An identity provider of our own on loopback: small, and as dishonest as a test asks.

It speaks the authorization code flow of OpenID Connect with PKCE: `/authorize`, `/token`,
`/keys` and its description. Every knob is a plain attribute that a test turns.
"""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from charter.clock import Clock
from registry.accounts.keys import code_challenge

Claims = dict[str, Any]


@cache
def signing_key(name: str) -> RSAKey:
    """Return a key pair, made once per name: making one is slow."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


def signed(key: RSAKey, claims: Claims) -> str:
    """Return an honest ID token."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def without_nothing(members: Claims) -> Claims:
    """Return `members` without those that a knob has set to None."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass
class LoopbackProvider:
    """A provider whose one person is always signed in already."""

    name: str
    clock: Clock
    client_id: str = "charter"
    client_secret: str = "a secret shared with the provider"
    subject: str = "person-7"
    port: int = 0
    description: Claims = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)
    redirect: Claims = field(default_factory=dict)
    answer: Claims | None = None
    token_status: int = 200
    sign: Callable[[RSAKey, Claims], Any] = signed
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> RSAKey:
        return signing_key(self.name)

    def described(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.description

    def authorised(self, address: str) -> str:
        """Return where the browser is sent back to from `/authorize`; None-valued knobs omit."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"{self.name}-code-{len(self.codes)}"
        self.codes[code] = asked | {"spent": ""}
        sent = {"code": code, "state": asked["state"], "iss": self.issuer} | self.redirect
        present = without_nothing(sent)
        return f"{asked['redirect_uri']}?{urlencode(present, doseq=True)}"

    def token_answer(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Exchange a code: by the right client, once, with the verifier of its challenge."""
        if self.token_status != 200:
            return self.token_status, {"error": "server_error"}
        client = [unquote(part) for part in b64decode(authorization[6:]).decode().split(":")]
        asked = self.codes.get(form.get("code", ""))
        honest = (
            client == [self.client_id, self.client_secret]
            and asked is not None
            and not asked["spent"]
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == code_challenge(form.get("code_verifier", ""))
            and asked["redirect_uri"] == form.get("redirect_uri")
        )
        if not honest or asked is None:
            return 400, {"error": "invalid_grant"}
        asked["spent"] = "yes"
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": self.client_id,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "email": "edi-lead@harbour-lights.example",
            "email_verified": True,
        } | self.claims
        answer = {"access_token": "unused", "token_type": "Bearer"}
        return 200, answer | (
            {"id_token": self.sign(self.key, without_nothing(claims))}
            if self.answer is None
            else self.answer
        )

    def respond(self, target: str, headers: dict[str, str], body: str) -> tuple[int, Claims]:
        path = urlsplit(target).path
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self.described()
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path == "/token":
            form = {name: values[0] for name, values in parse_qs(body).items()}
            return self.token_answer(form, headers.get("authorization", ""))
        return 404, {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _colon, value in (line.partition(":") for line in head[1:])
        }
        body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
        status, answer = self.respond(head[0].split(" ")[1], headers, body)
        raw = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\n"
            f"content-length: {len(raw)}\r\nconnection: close\r\n\r\n".encode()
        )
        writer.write(raw)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def running(name: str, clock: Clock) -> AsyncIterator[LoopbackProvider]:
    """Run a provider for the block, on a port of its own."""
    provider = LoopbackProvider(name, clock)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
        await server.wait_closed()
