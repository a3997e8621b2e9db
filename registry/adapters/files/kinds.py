"""Which files may be sent, and every reason for which one is refused."""

from dataclasses import dataclass
from enum import StrEnum

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE
"""How large a file may be, in bytes."""


class FileKind(StrEnum):
    """The kinds of file that people may send; the value is the extension of the safe copy."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    HEIC = "heic"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    TXT = "txt"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.HEIC: "image/heic",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.TXT: "text/plain; charset=utf-8",
}

SAFE_KINDS = {kind: kind for kind in FileKind} | {FileKind.HEIC: FileKind.JPEG}
"""What the safe copy of each kind is. Few browsers show HEIC, so it becomes JPEG."""


class RefusalCode(StrEnum):
    """Why a file is refused. Stable and public."""

    MISSING = "file-missing"
    EMPTY = "file-empty"
    TOO_LARGE = "file-too-large"
    WRONG_TYPE = "file-wrong-type"
    UNREADABLE = "file-unreadable"
    PASSWORD_PROTECTED = "file-password-protected"  # noqa: S105 a code, no password
    HAS_MACROS = "file-has-macros"
    HAS_VIRUS = "file-has-virus"
    PICTURE_TOO_LARGE = "file-picture-too-large"
    TOO_COMPLEX = "file-too-complex"
    NOT_UPLOADED = "file-not-uploaded"


SENTENCES = {
    RefusalCode.MISSING: "Select a file",
    RefusalCode.EMPTY: "The selected file is empty",
    RefusalCode.TOO_LARGE: f"The selected file must be smaller than {LARGEST_FILE // MEGABYTE}MB",
    RefusalCode.WRONG_TYPE: (
        "The selected file must be a PDF, PNG, JPEG, HEIC, DOCX, XLSX, CSV or TXT"
    ),
    RefusalCode.UNREADABLE: (
        "The selected file is damaged and cannot be read - save it again and upload the new copy"
    ),
    RefusalCode.PASSWORD_PROTECTED: (
        "The selected file is password protected - remove the password and upload it again"
    ),
    RefusalCode.HAS_MACROS: (
        "The selected file contains macros - save it without macros and upload it again"
    ),
    RefusalCode.HAS_VIRUS: "The selected file contains a virus",
    RefusalCode.PICTURE_TOO_LARGE: (
        "The selected picture has too many pixels - make it smaller and upload it again"
    ),
    RefusalCode.TOO_COMPLEX: (
        "The selected file is too complicated to check - split it into smaller files"
    ),
    RefusalCode.NOT_UPLOADED: "The selected file could not be uploaded - try again",
}
"""The sentence beside the field for each refusal, in the words that public services use."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be taken, and the sentence to show beside the field."""

    code: RefusalCode
    sentence: str

    @classmethod
    def because(cls, code: RefusalCode) -> "Refusal":
        """Return the refusal with the usual sentence for `code`."""
        return cls(code, SENTENCES[code])


class Refused(Exception):
    """Raised inside the pipeline where a file turns out to be unfit."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class SafeCopy:
    """A file written anew: nothing in it runs by itself or says who made it.

    `kind` is the kind of the copy; `original_kind` that of the file it was made from.
    """

    content: bytes
    kind: FileKind
    original_kind: FileKind

    @property
    def media_type(self) -> str:
        """Return the media type to serve the copy under, together with `nosniff`."""
        return MEDIA_TYPES[self.kind]
