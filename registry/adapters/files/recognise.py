"""What a file is, told by its first bytes and never by its name.

This is a first guess that only chooses a parser. The parser proves it or refuses the file.
"""

from pathlib import Path

import puremagic

from registry.adapters.files.kinds import FileKind, RefusalCode, Refused
from registry.adapters.files.texts import is_text, looks_like_table

HEAD_BYTES = 64 * 1024

BY_SIGNATURE = {
    ".pdf": FileKind.PDF,
    ".png": FileKind.PNG,
    ".jpg": FileKind.JPEG,
    ".heic": FileKind.HEIC,
    ".heif": FileKind.HEIC,
    ".docx": FileKind.DOCX,
    ".xlsx": FileKind.XLSX,
}
"""Extensions as the signature library names them. It cannot tell DOCX from XLSX: the list of
contents inside the container does that."""

MARKUP = (b"<", b"{\\rtf", b"%!", b"#!", b"%PDF")
"""Beginnings of files that read as text and are something else."""

ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
OLE_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
"""A DOCX or XLSX with a password is wrapped in an old-style OLE container."""


def recognise(file: Path, *, name: str = "") -> FileKind:
    """Return what `file` seems to be.

    `name` is what the sender called it and only ever tells CSV from TXT. Raises Refused with
    EMPTY, PASSWORD_PROTECTED or WRONG_TYPE.
    """
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if not head:
        raise Refused(RefusalCode.EMPTY)
    if head.startswith(OLE_CONTAINER) and ENCRYPTED_OFFICE in file.read_bytes():
        raise Refused(RefusalCode.PASSWORD_PROTECTED)
    for extension in _signatures(head):
        if extension in BY_SIGNATURE:
            return BY_SIGNATURE[extension]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(MARKUP) or not is_text(head, complete=len(head) < HEAD_BYTES):
        raise Refused(RefusalCode.WRONG_TYPE)
    if name.lower().endswith(".csv") or looks_like_table(head):
        return FileKind.CSV
    return FileKind.TXT


def _signatures(head: bytes) -> list[str]:
    """Return the extensions whose signature stands at the very start, or in a box right after."""
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return []
    return [match.extension for match in matches if match.byte_match in head[:32]]
