"""Which cleaner writes which kind of file anew. Runs in the child process only."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from registry.adapters.files.kinds import FileKind, RefusalCode, Refused
from registry.adapters.files.office import clean_office
from registry.adapters.files.pdfs import clean_pdf
from registry.adapters.files.pictures import clean_picture
from registry.adapters.files.recognise import recognise
from registry.adapters.files.texts import clean_table, clean_text

Cleaner = Callable[[Path, Path], FileKind | None]
"""Writes the safe copy; returns the kind where only parsing could tell it."""

CLEANERS: dict[FileKind, Cleaner] = {
    FileKind.PDF: clean_pdf,
    FileKind.PNG: partial(clean_picture, kind=FileKind.PNG),
    FileKind.JPEG: partial(clean_picture, kind=FileKind.JPEG),
    FileKind.HEIC: partial(clean_picture, kind=FileKind.HEIC),
    FileKind.DOCX: clean_office,
    FileKind.XLSX: clean_office,
    FileKind.CSV: clean_table,
    FileKind.TXT: clean_text,
}


def clean(source: Path, target: Path, *, name: str = "") -> FileKind:
    """Write a safe copy of `source` to `target`; return what kind of file the source is.

    Raises Refused. Running out of memory is a property of the file: TOO_COMPLEX.
    """
    kind = recognise(source, name=name)
    try:
        return CLEANERS[kind](source, target) or kind
    except (MemoryError, RecursionError) as exhausted:
        raise Refused(RefusalCode.TOO_COMPLEX) from exhausted
