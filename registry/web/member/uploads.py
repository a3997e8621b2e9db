"""A file that somebody sends: stored by the digest of its bytes, and checked before it is used.

It is stored before the form around it is judged, and waits beside the form where that cannot be
taken in: a browser cannot choose a file again by itself.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from litestar import Request, Response

from charter.errors import FieldError, InvalidInput
from charter.evidence.public_copies import is_unused
from charter.evidence.rules import NewItem
from registry.accounts import kept_files
from registry.accounts.kept_files import Waiting
from registry.web.asked import person_of, registry_of
from registry.web.form_body import FormBody, ReceivedFile
from registry.web.member.room import Room

PIECE = 256 * 1024
"""Bytes of a file read at a time."""

FIELD = "file"
LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True)
class Upload:
    """The file of a form: what waits beside it, and why what was sent just now does not."""

    waiting: Waiting | None
    refusal: InvalidInput | None = None

    def as_item(self, label: str, *, names_people: bool) -> NewItem:
        """Return it as evidence; without a file it has neither digest nor size.

        Raises `InvalidInput` where the file that was sent cannot be kept.
        """
        if self.refusal is not None:
            raise self.refusal
        found = self.waiting
        return NewItem(
            "file",
            label,
            names_people=names_people,
            sha256=found.sha256 if found else "",
            size=found.size if found else 0,
            media_type="text/csv" if found and found.is_table else "",
        )


async def upload_waiting(request: Request[Any, Any, Any]) -> Upload:
    """Return what waits on the page that is asked for."""
    account, page = person_of(request).account, request.url.path
    return Upload(await kept_files.find_file(account=account, page=page))


async def take_upload(request: Request[Any, Any, Any], room: Room, body: FormBody) -> Upload:
    """Store the file of a form, or leave out the one that waits; return what there is now."""
    registry, account, page = registry_of(request), person_of(request).account, request.url.path
    sent = next((file for file in body.files if file.field == FIELD and file.size), None)
    before = await kept_files.find_file(account=account, page=page)
    if sent is not None:
        most = room.pack.numbers.evidence.file_bytes_most
        try:
            stored = await registry.files.put(_pieces(sent), at_most=most)
        except InvalidInput as refusal:
            refusal.errors = (FieldError(FIELD, refusal.message),)
            return Upload(before, refusal)
        is_table = sent.sent_name.lower().endswith(".csv")
        file = Waiting(stored.digest, stored.size, is_table, registry.desk.now())
        await kept_files.keep_file(registry.desk, account=account, page=page, file=file)
        await _drop(request, before)
        return Upload(file)
    if before is not None and body.first(LEAVE_OUT) == "yes":
        await kept_files.let_go(account=account, page=page)
        await _drop(request, before)
        return Upload(None)
    return Upload(before)


async def let_go_once_taken(
    request: Request[Any, Any, Any], answer: Response[bytes]
) -> Response[bytes]:
    """Return the answer to a form; where the form was taken in, its file waits no longer."""
    if answer.status_code == HTTPStatus.SEE_OTHER:
        await kept_files.let_go(account=person_of(request).account, page=request.url.path)
    return answer


async def _drop(request: Request[Any, Any, Any], file: Waiting | None) -> None:
    """Delete the bytes of a file that waited, if nobody else needs the same ones."""
    if file is None or await kept_files.waits_elsewhere(file.sha256):
        return
    if await is_unused(file.sha256):
        await registry_of(request).files.delete(file.sha256)


async def _pieces(sent: ReceivedFile) -> AsyncIterator[bytes]:
    await asyncio.to_thread(sent.content.seek, 0)
    while piece := await asyncio.to_thread(sent.content.read, PIECE):
        yield piece
