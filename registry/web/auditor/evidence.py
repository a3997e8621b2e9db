"""The safe copy of a file, to the auditor of the case it is in and to nobody else here."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from charter.evidence.queries import ItemSeen
from charter.reviews.queries import read_case
from registry.adapters.object_store import FileMissing
from registry.web.asked import registry_of
from registry.web.refusals import NoSuchPage

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


@get("/reviews/cases/{seat:uuid}/evidence/{item:uuid}", media_type="application/octet-stream")
async def safe_copy(
    request: Request[Any, Any, Any], seat: FromPath[UUID], item: FromPath[UUID]
) -> Stream:
    """Send the checked copy of a file of this case, to be saved and never shown in the page."""
    registry = registry_of(request)
    case = await read_case(registry.scheme, seat)
    found = next(
        (
            each
            for question in case.questions
            if question.report is not None
            for each in question.report.items
            if each.id == item
        ),
        None,
    )
    if found is None or found.kind != "file" or found.state != "safe" or not found.safe_sha256:
        raise NoSuchPage
    if not await registry.files.holds(found.safe_sha256):
        raise FileMissing("The file is not here at the moment. Tell the hub.")
    return Stream(
        registry.files.open(found.safe_sha256),
        media_type=found.media_type or "application/octet-stream",
        headers={**HARMLESS, "content-disposition": f'attachment; filename="{_name(found)}"'},
    )


def _name(item: ItemSeen) -> str:
    return f"evidence-{item.id.hex[:8]}.{SUFFIXES.get(item.media_type, 'bin')}"


HANDLERS: tuple[HTTPRouteHandler, ...] = (safe_copy,)
