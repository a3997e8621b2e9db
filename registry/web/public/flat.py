"""Rows for spreadsheets: one line a row, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from registry.web.public.payloads import OrganisationPayload, ResultsPayload

CSV = "text/csv"
"""Sent with its encoding, as all text is."""

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a cell for a formula."""

RESULTS = ResultsPayload.__struct_fields__

ORGANISATION_COLUMNS = (
    *("slug", "name", "url", "identifiers", "sector", "boroughs", "size", "signed_on"),
    *("charter_version", "standing", "standing_since", "days_late", "level", "flags"),
    *RESULTS,
    *("sentence", "badge_url", "updated_at", "town", "website", "sponsor_role"),
)


def neutralise(cell: str) -> str:
    """Return `cell` so that a spreadsheet shows it and does not run it."""
    return f"'{cell}" if cell.startswith(RUN_BY_SPREADSHEETS) else cell


def read_cell(cell: str) -> str:
    """Return what `neutralise` was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(RUN_BY_SPREADSHEETS) else cell


def write_header(columns: Sequence[str]) -> str:
    """Return the first line."""
    return _line(columns)


def write_row(columns: Sequence[str], row: Mapping[str, Any]) -> str:
    """Return one line; what a row does not have is an empty cell."""
    return _line([neutralise(_cell(row.get(column))) for column in columns])


def flatten_organisation(organisation: OrganisationPayload) -> dict[str, Any]:
    """Return an organisation as one row: lists joined, results as columns of their own."""
    plain = {
        name: getattr(organisation, name)
        for name in ORGANISATION_COLUMNS
        if name not in {*RESULTS, "identifiers"}
    }
    identifiers = [f"{row.scheme}-{row.id}" for row in organisation.identifiers]
    counts = {name: getattr(organisation.results, name) for name in RESULTS}
    return {**plain, **counts, "identifiers": identifiers}


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case list() | tuple():
            return ";".join(str(each) for each in value)
        case _:
            return str(value)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
