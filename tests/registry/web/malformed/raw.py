"""Requests as bytes on the wire: no client that would put them right stands between."""

from dataclasses import dataclass

HOST = b"127.0.0.1"

BOUNDARY = b"a-boundary"


@dataclass(frozen=True)
class Known:
    """What a hostile request may know: a lead's session, and good tokens for our forms.

    With them a request gets past the guard to whatever reads the rest of it.
    """

    session: bytes
    session_token: bytes
    browser: bytes
    browser_token: bytes
    free_token: bytes


def head(method: bytes, target: bytes, *lines: bytes, close: bool = True) -> bytes:
    """Return the head of a request."""
    ending = (b"Connection: close",) if close else ()
    return b"\r\n".join(
        (method + b" " + target + b" HTTP/1.1", b"Host: " + HOST, *ending, *lines, b"", b"")
    )


def get(target: bytes, *lines: bytes) -> bytes:
    """Return a GET."""
    return head(b"GET", target, *lines)


def post(target: bytes, kind: bytes, body: bytes, *lines: bytes) -> bytes:
    """Return a POST of `body`, of the right length."""
    length = b"Content-Length: %d" % len(body)
    return head(b"POST", target, b"Content-Type: " + kind, length, *lines) + body


def form(target: bytes, body: bytes, *lines: bytes) -> bytes:
    """Return a POST of an urlencoded form."""
    return post(target, b"application/x-www-form-urlencoded", body, *lines)


def multipart(target: bytes, *parts: bytes, last: bytes = b"--a-boundary--\r\n") -> bytes:
    """Return a POST of a multipart form of raw parts."""
    body = b"".join(b"--a-boundary\r\n" + part + b"\r\n" for part in parts) + last
    return post(target, b"multipart/form-data; boundary=" + BOUNDARY, body)


def part(body: bytes, *lines: bytes) -> bytes:
    """Return a part with the head given."""
    return b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def field(name: bytes, value: bytes) -> bytes:
    """Return a part that is a typed field."""
    return b'Content-Disposition: form-data; name="' + name + b'"\r\n\r\n' + value


def file(name: bytes, sent_name: bytes, content: bytes, kind: bytes = b"text/plain") -> bytes:
    """Return a part that is a file."""
    return (
        b'Content-Disposition: form-data; name="' + name + b'"; filename="' + sent_name + b'"\r\n'
        b"Content-Type: " + kind + b"\r\n\r\n" + content
    )


def json(target: bytes, body: bytes) -> bytes:
    """Return a POST of JSON."""
    return post(target, b"application/json", body, b"Accept: application/json")
