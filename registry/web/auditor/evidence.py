"""The safe copy of a file, to the auditor of the case it is in and to nobody else here."""

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from charter.reviews.queries import read_case
from registry.web.asked import registry_of
from registry.web.refusals import NoSuchPage
from registry.web.safe_files import send_checked


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
    return await send_checked(
        registry, digest=found.safe_sha256, media_type=found.media_type, number=found.id
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (safe_copy,)
