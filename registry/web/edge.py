"""The outermost ring around every request.

Here a request gets its id, hostile addresses are turned away before anything reads them, kept
public pages are sent without waking the rest, HEAD is answered as GET without a body, and every
answer gets its security headers and one line in the log. The line names the route's template,
never the address: an address may hold a secret.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from registry.web.negotiation import form_key
from registry.web.page_cache import PageCache, matches
from registry.web.problems import (
    PROBLEM_JSON,
    UNREADABLE_ADDRESS,
    is_for_programs,
    unreadable_address,
)
from registry.web.sightings import SEEN_UNDER, Sightings
from registry.web.text import is_readable

CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

SECURITY_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
"""Sent with every answer that does not set its own."""

ONLY_HTTPS = ((b"strict-transport-security", b"max-age=31536000"),)

UNLOGGED = ("/concerns/",)
"""Where not even the time of a request is written down: whoever raises a concern is nobody's
business (rule 38)."""

FOUND = frozenset({200, 304})

LONGEST_ADDRESS = 2_000
"""Bytes of path and query together."""

_log = structlog.get_logger("registry.request")


class Edge:
    """Wraps the application. `now` is the monotonic clock, in seconds."""

    def __init__(
        self,
        app: ASGIApp,
        pages: PageCache,
        *,
        sightings: Sightings,
        public_url: str,
        monotonic: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._public_url = public_url
        self._pages = pages
        self._sightings = sightings
        self._monotonic = monotonic
        self._always = (
            *SECURITY_HEADERS,
            *(ONLY_HTTPS if public_url.startswith("https://") else ()),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass anything else on."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        if not await self._send_kept(scope, send):
            await self._pass_on(scope, receive, send)

    async def _send_kept(self, scope: HTTPScope, send: Send) -> bool:
        """Send a kept page, if there is one; say whether there was."""
        if scope["method"] not in {"GET", "HEAD"}:
            return False
        page = self._pages.find(page_key(scope))
        if page is None:
            return False
        headers = (*page.headers(self._pages.now()), *self._always)
        asked = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
        status, body = 200, page.body
        if asked is not None and matches(asked, page.etag):
            status, body = 304, b""
            headers = tuple(header for header in headers if header[0] != b"content-length")
        if scope["method"] == "HEAD":
            body = b""
        await send(_start(status, headers))
        await send({"type": "http.response.body", "body": body, "more_body": False})
        self._note(scope, status)
        return True

    def _note(self, scope: HTTPScope, status: int) -> None:
        """Count that a badge was looked at. A request for nothing but headers looks at nothing."""
        if scope["path"].startswith(SEEN_UNDER) and scope["method"] == "GET" and status in FOUND:
            self._sightings.note(scope["path"], scope["headers"])

    async def _pass_on(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        began = self._monotonic()
        state: dict[str, Any] = dict(scope.get("state") or {})
        scope["state"] = state  # its own: a server may hand the same dictionary to every request
        state["request_id"] = secrets.token_hex(8)
        state["page_key"] = page_key(scope)
        state["page_ticket"] = self._pages.ticket()
        method = scope["method"]
        answer = _Answer(send, self._always, state["request_id"], bodiless=method == "HEAD")
        if method == "HEAD":
            scope["method"] = "GET"
        try:
            if is_hostile(scope):
                await answer.refuse(scope["path"], self._public_url)
            else:
                await self._app(scope, receive, answer)
            if method == "GET":
                self._note(scope, answer.status)
        finally:
            reader = state.pop("form_reader", None)
            if reader is not None:
                await reader.close()
            if not scope["path"].startswith(UNLOGGED):
                _log.info(
                    "request",
                    method=method,
                    route=scope.get("path_template", "-"),
                    status=answer.status,
                    ms=round((self._monotonic() - began) * 1000, 1),
                    request_id=state["request_id"],
                )


def page_key(scope: HTTPScope) -> bytes:
    """Return the key under which the page of this address, in the form asked for, is kept."""
    path = scope["path"]
    form = form_key(path, scope["headers"])
    return path.encode("utf-8", "replace") + b"?" + scope["query_string"] + form


def is_hostile(scope: HTTPScope) -> bool:
    """Say whether the address holds what no address of ours holds: see `registry.web.text`."""
    path, query = scope["path"], scope["query_string"]
    if len(path) + len(query) > LONGEST_ADDRESS:
        return True
    try:
        words = unquote_to_bytes(query.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return True
    return "\ufffd" in path or not is_readable(path) or not is_readable(words, allowed="\r\n\t")


def _start(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


class _Answer:
    """The way out of one request: adds the headers, and takes the body off for HEAD."""

    def __init__(
        self,
        send: Send,
        always: tuple[tuple[bytes, bytes], ...],
        request_id: str,
        *,
        bodiless: bool,
    ) -> None:
        self._send = send
        self._always = (*always, (b"x-request-id", request_id.encode()))
        self._bodiless = bodiless
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [(name.lower(), value) for name, value in message["headers"]]
            present = {name for name, _value in headers}
            headers += [header for header in self._always if header[0] not in present]
            message = {**message, "headers": headers}
        elif self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    async def refuse(self, path: str, public_url: str) -> None:
        """Answer an address that nothing of ours has, in the fewest words."""
        if is_for_programs(path):
            kind, body = PROBLEM_JSON, unreadable_address(public_url)
        else:
            kind, body = "text/plain; charset=utf-8", f"{UNREADABLE_ADDRESS}\n".encode()
        headers = (
            (b"content-type", kind.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
        )
        await self(_start(400, headers))
        await self({"type": "http.response.body", "body": body, "more_body": False})
