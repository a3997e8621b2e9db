"""Reading a list of existing signatories: the columns of `organisations.csv` come back as rows.

A file that the register wrote can be read again: the columns that say who an organisation is have
the same names and the same form. Columns that say how it stands are not read: nobody can set a
standing, not by a file either (rule 29).
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from charter.errors import CharterError, FieldError, InvalidInput
from charter.framework.pack import FrameworkPack
from charter.organisations.import_rules import ListedRow
from charter.organisations.rules import Application, Proof
from registry.accounts.service import plain_address
from registry.web.public.flat import read_cell
from registry.web.text import clean_line

NEEDED = ("name", "town", "sector", "boroughs", "size", "sponsor_role")
"""Columns without which nobody can apply."""

READ = (*NEEDED, "slug", "website", "domain", "identifiers", "lead_email", "sponsor_email")
"""Every column that is read; any other is left aside and named."""

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class SignatoryRow:
    """A row as read: what it says of the organisation, and the addresses of its people, if any."""

    listed: ListedRow
    lead_email: str | None
    sponsor_email: str | None


@dataclass(frozen=True, slots=True)
class SignatoryFile:
    """A list as read, and the columns that were left aside."""

    rows: tuple[SignatoryRow, ...]
    left_aside: tuple[str, ...]

    @property
    def listed(self) -> list[ListedRow]:
        """What each row says of its organisation."""
        return [row.listed for row in self.rows]


def read_signatories(content: bytes, pack: FrameworkPack) -> SignatoryFile:
    """Return the rows of a CSV file. Raises `InvalidInput` for a file that is none.

    What is wrong with a row stands in the row, under its column.
    """
    lines = csv.reader(io.StringIO(_text_of(content), newline=""), strict=True)
    try:
        columns = [name.strip() for name in next(lines, [])]
        _refuse_columns(columns)
        rows = tuple(_read_row(number, columns, cells, pack) for number, cells in _numbered(lines))
    except csv.Error:
        raise InvalidInput(
            f"Line {lines.line_num} cannot be read as CSV. Save the list as CSV (UTF-8) again."
        ) from None
    return SignatoryFile(rows, tuple(name for name in columns if name not in READ))


def _text_of(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise InvalidInput(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The file is not UTF-8. Save the list as CSV (UTF-8) again.") from None
    return text


def _refuse_columns(columns: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise InvalidInput(f"The first line must name these columns, too: {', '.join(missing)}.")
    twice = sorted({name for name in columns if name in READ and columns.count(name) > 1})
    if twice:
        raise InvalidInput(f"The first line names a column twice: {', '.join(twice)}.")


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, numbered as a spreadsheet does: the first line is 1."""
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise InvalidInput(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        if any(cell.strip() for cell in cells):
            yield number, cells


def _read_row(
    number: int, columns: Sequence[str], cells: Sequence[str], pack: FrameworkPack
) -> SignatoryRow:
    said, errors = _clean(dict(zip(columns, map(str.strip, cells), strict=False)))
    identifiers = tuple(_split_identifier(each, pack) for each in _several(said, "identifiers"))
    website = said.get("website", "")
    domain = said.get("domain", "") or _domain_of(website)
    if len(cells) > len(columns):
        errors.append(FieldError("", "The row has more cells than the first line has columns."))
    emails = {}
    for name in ("lead_email", "sponsor_email"):
        try:
            emails[name] = plain_address(said[name]) if said.get(name) else None
        except CharterError as refusal:
            errors.append(FieldError(name, f"{refusal.message}."))
    application = Application(
        name=said.get("name", ""),
        town=said.get("town", ""),
        website=website or None,
        domain=domain or None,
        sector=said.get("sector", ""),
        boroughs=tuple(_several(said, "boroughs")),
        band=said.get("size", ""),
        identifiers=identifiers,
        sponsor_role=said.get("sponsor_role", ""),
        proof=_likely_proof(identifiers, domain),
    )
    listed = ListedRow(number, said.get("slug", ""), application, tuple(errors))
    return SignatoryRow(listed, emails.get("lead_email"), emails.get("sponsor_email"))


def _clean(typed: Mapping[str, str]) -> tuple[dict[str, str], list[FieldError]]:
    """Return the cells as they may be kept, and what is wrong with those that may not."""
    said, errors = {}, []
    for name in READ:
        try:
            said[name] = clean_line(read_cell(typed.get(name, "")))
        except PydanticCustomError:
            errors.append(FieldError(name, "It has characters that cannot be shown."))
    return said, errors


def _several(said: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in said.get(name, "").split(";") if part.strip()]


def _split_identifier(text: str, pack: FrameworkPack) -> tuple[str, str]:
    """Return register and number of `GB-COH-01234567`; an unknown register stays in one piece."""
    fitting = (each.scheme for each in pack.identifiers.schemes if text.startswith(each.scheme))
    scheme = max(fitting, key=len, default="")
    return (scheme, text[len(scheme) + 1 :]) if scheme else (text, "")


def _domain_of(website: str) -> str:
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _likely_proof(identifiers: Sequence[tuple[str, str]], domain: str) -> Proof:
    if identifiers:
        return "register"
    return "domain-mail" if domain else "vouched"
