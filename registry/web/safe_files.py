"""Sending the checked copy of a file that somebody else made: saved by a browser, never run."""

from typing import Final
from uuid import UUID

from litestar.response import Stream

from registry.adapters.object_store import FileMissing
from registry.bootstrap import Registry

HARMLESS: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""What keeps a browser from running, framing or keeping a file somebody else made."""

SUFFIXES: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/csv": "csv",
    "text/plain": "txt",
}
"""What a saved file's name ends in. Its own name, which may name a person, is never used."""


async def send_checked(registry: Registry, *, digest: str, media_type: str, number: UUID) -> Stream:
    """Return the checked copy with this digest, to be saved. Raises `FileMissing`."""
    if not await registry.files.holds(digest):
        raise FileMissing("The file is not here at the moment. Tell the hub.")
    name = f"evidence-{number.hex[:8]}.{SUFFIXES.get(media_type, 'bin')}"
    return Stream(
        registry.files.open(digest),
        media_type=media_type or "application/octet-stream",
        headers={**HARMLESS, "content-disposition": f'attachment; filename="{name}"'},
    )
