"""A file that somebody sends: stored by the digest of its bytes, and checked before it is used."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request

from charter.evidence.rules import NewItem
from registry.web.asked import registry_of
from registry.web.form_body import ReceivedFile
from registry.web.member.room import Room

PIECE = 256 * 1024
"""Bytes of a file read at a time."""


async def stored_file(
    request: Request[Any, Any, Any],
    room: Room,
    sent: ReceivedFile | None,
    *,
    label: str,
    names_people: bool,
) -> NewItem:
    """Store a file and return it as an item; what was not sent has neither digest nor size."""
    digest, size = "", 0
    if sent is not None and sent.size:
        most = room.pack.numbers.evidence.file_bytes_most
        stored = await registry_of(request).files.put(_pieces(sent), at_most=most)
        digest, size = stored.digest, stored.size
    is_table = sent is not None and sent.sent_name.lower().endswith(".csv")
    return NewItem(
        "file",
        label,
        names_people=names_people,
        sha256=digest,
        size=size,
        media_type="text/csv" if is_table else "",
    )


async def _pieces(sent: ReceivedFile) -> AsyncIterator[bytes]:
    await asyncio.to_thread(sent.content.seek, 0)
    while piece := await asyncio.to_thread(sent.content.read, PIECE):
        yield piece
