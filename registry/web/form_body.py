"""Reads the body of a form, piece by piece, and trusts nothing in it.

Order is the point: the first thing that leaves a multipart body is the token that proves the
form is ours, and until it has been checked no file part is written anywhere.
"""

import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from charter.errors import CharterError

MEMORY_FOR_FIELDS = 1024 * 1024
"""Bytes of typed text a form may hold, all fields together."""

FILE_IN_MEMORY = 512 * 1024
"""Bytes of a file kept in memory before it goes to a temporary file on disk."""

LONGEST_BOUNDARY = 70
"""Characters, by RFC 2046."""

CANNOT_BE_READ = "The form cannot be read. Go back and send it again."

MOST_PARTS = 400
"""Fields and files in one form."""


class UnreadableBody(CharterError):
    """The body is not the form it says it is."""

    code = "unreadable-body"


class BodyTooLarge(CharterError):
    """The body is larger than this address takes."""

    code = "too-large"


class UnsupportedBody(CharterError):
    """The body is of a kind that this address does not read."""

    code = "unsupported-media-type"


@dataclass(slots=True)
class ReceivedFile:
    """A file as it arrived: the name its sender gave (never shown), its bytes and their count."""

    field: str
    sent_name: str
    content: IO[bytes]
    size: int = 0


@dataclass(slots=True)
class FormBody:
    """Everything a form sent: typed values in order of arrival, and files."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    files: list[ReceivedFile] = field(default_factory=list)

    def first(self, name: str) -> str:
        """Return the first value typed under `name`, or nothing typed."""
        return next(iter(self.typed.get(name, ())), "")

    def add(self, name: str, raw: bytes) -> None:
        """Keep a typed value. Raises UnreadableBody where it is not UTF-8."""
        try:
            self.typed.setdefault(name, []).append(raw.decode())
        except UnicodeDecodeError as error:
            raise UnreadableBody("The form holds text that is not UTF-8.") from error


async def body_chunks(request: Request[Any, Any, Any], most: int) -> AsyncIterator[bytes]:
    """Yield the body as it arrives. Raises BodyTooLarge past `most` bytes."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal():
        raise UnreadableBody("The length announced is not a number.")
    if int(announced) > most:
        raise BodyTooLarge(f"Send at most {most // 1024 // 1024} MB.")
    taken = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise UnreadableBody("The connection was closed before the form was complete.")
        chunk = cast("bytes", message.get("body", b""))
        taken += len(chunk)
        if taken > most:
            raise BodyTooLarge(f"Send at most {most // 1024 // 1024} MB.")
        if chunk:
            yield chunk
        if not message.get("more_body", False):
            return


class FormReader:
    """One form on its way in. `begin` reads up to the first part; `finish` reads the rest."""

    def __init__(self, request: Request[Any, Any, Any], *, most: int) -> None:
        self._request = request
        self._most = most
        self.form = FormBody()
        self._begun = False
        self._parts: AsyncIterator[None] | None = None

    async def begin(self) -> FormBody:
        """Return what is known after the first multipart part, or the whole urlencoded form.

        Raises UnreadableBody, BodyTooLarge or UnsupportedBody.
        """
        self._begun = True
        kind, options = self._request.content_type
        if kind == "application/x-www-form-urlencoded":
            await self._read_urlencoded()
        elif kind == "multipart/form-data":
            self._parts = self._read_multipart(options.get("boundary", ""))
            await anext(self._parts, None)
        else:
            raise UnsupportedBody("Send this as a form.")
        return self.form

    async def finish(self) -> FormBody:
        """Return the whole form. Raises UnreadableBody, BodyTooLarge or UnsupportedBody."""
        if not self._begun:
            await self.begin()
        if self._parts is not None:
            async for _part in self._parts:
                pass
        return self.form

    async def close(self) -> None:
        """Let go of the temporary files, read to the end or not."""
        if isinstance(self._parts, AsyncGenerator):
            await self._parts.aclose()
        for file in self.form.files:
            file.content.close()

    async def _read_urlencoded(self) -> None:
        most = min(self._most, MEMORY_FOR_FIELDS)
        raw = b"".join([chunk async for chunk in body_chunks(self._request, most)])
        try:
            pairs = parse_qsl(
                raw.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MOST_PARTS,
            )
        except ValueError as error:
            raise UnreadableBody(CANNOT_BE_READ) from error
        for name, value in pairs:
            self.form.typed.setdefault(name, []).append(value)

    async def _read_multipart(self, boundary: str) -> AsyncIterator[None]:
        """Yield after each part, so that the caller may look before the next is taken in."""
        if not boundary.isascii() or not 1 <= len(boundary) <= LONGEST_BOUNDARY:
            raise UnreadableBody("The form does not say where its parts begin.")
        room = MEMORY_FOR_FIELDS
        part: _Part | None = None
        try:
            with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
                async for chunk in body_chunks(self._request, self._most):
                    for piece in parser.parse(chunk):
                        if isinstance(piece, MultipartSegment):
                            part = _Part(piece)
                        elif part is None:
                            raise UnreadableBody(CANNOT_BE_READ)
                        elif piece:
                            room -= part.take(piece)
                            if room < 0:
                                raise BodyTooLarge("The text of the form is too long.")
                        else:
                            part.end(self.form)
                            part = None
                            yield
        except (MultipartError, UnicodeError, LookupError) as error:
            raise UnreadableBody(CANNOT_BE_READ) from error
        finally:
            if part is not None:
                part.close()


class _Part:
    """The part of a multipart form being taken in: a field in memory, or a file."""

    def __init__(self, segment: MultipartSegment) -> None:
        self._name: str = segment.name
        self._text = bytearray()
        self._file: ReceivedFile | None = None
        if segment.filename is not None:
            place = tempfile.SpooledTemporaryFile(max_size=FILE_IN_MEMORY)  # noqa: SIM115 - ReceivedFile closes it
            self._file = ReceivedFile(segment.name, segment.filename, cast("IO[bytes]", place))

    def take(self, piece: bytes | bytearray) -> int:
        """Keep `piece` and return how many bytes of memory for typed text it used."""
        if self._file is None:
            self._text += piece
            return len(piece)
        self._file.content.write(piece)
        self._file.size += len(piece)
        return 0

    def end(self, form: FormBody) -> None:
        """Put the part into `form`; a file field left empty by its sender is nothing."""
        if self._file is None:
            form.add(self._name, bytes(self._text))
        elif self._file.size or self._file.sent_name:
            self._file.content.seek(0)
            form.files.append(self._file)
        else:
            self.close()

    def close(self) -> None:
        """Let go of a file that never arrived whole."""
        if self._file is not None:
            self._file.content.close()
