"""A door of its own for whoever watches: `/metrics`, on a private port, and nothing else.

It listens on the loopback address unless told otherwise and is never published: nginx answers
`/metrics` with 404. Where another worker on the machine holds the port, this one does without.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from registry.bootstrap import Registry
from registry.metrics import CONTENT_TYPE, write_metrics

LONGEST_HEAD = 8 * 1024
PATIENCE_SECONDS = 5.0

_log = structlog.get_logger()


@asynccontextmanager
async def serving_metrics(registry: Registry) -> AsyncIterator[None]:
    """Answer `/metrics` for as long as the block runs."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await answer_to(head, registry))
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # whoever asked has gone, or never finished asking
        finally:
            writer.close()

    settings = registry.settings
    try:
        server = await asyncio.start_server(
            answer, settings.metrics_host, settings.metrics_port, limit=LONGEST_HEAD
        )
    except OSError as taken:
        _log.warning("metrics-not-served", port=settings.metrics_port, why=type(taken).__name__)
        yield
        return
    async with server:
        yield


async def answer_to(head: bytes, registry: Registry) -> bytes:
    """Return the whole answer to a request, by its head."""
    method, _, rest = head.partition(b" ")
    path = rest.split(b" ", 1)[0].split(b"?", 1)[0]
    if path != b"/metrics":
        return _answer(404, "Not Found", b"There is only /metrics.\n")
    if method not in {b"GET", b"HEAD"}:
        return _answer(405, "Method Not Allowed", b"Only GET and HEAD.\n")
    body = await write_metrics(registry)
    whole = _answer(200, "OK", body)
    return whole if method == b"GET" else whole.removesuffix(body)


def _answer(status: int, words: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {words}\r\ncontent-type: {CONTENT_TYPE}\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
