"""A list of existing signatories: a steward looks at what each row would become, then takes it in.

Being on a list proves nothing: each organisation still waits for its proofs (rule 1).
"""

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.organisations.import_rules import JudgedRow
from charter.organisations.importing import preview_import
from registry.web.asked import registry_of
from registry.web.form_body import FormBody
from registry.web.forms import Bound, shown
from registry.web.hub.room import show
from registry.web.member.arriving import take_in, tell_row
from registry.web.public.signatory_file import (
    NEEDED,
    READ,
    SignatoryFile,
    read_signatories,
)
from registry.web.submitting import go, read_body

TITLE = "Bring in existing signatories"

MOST_ROWS = 200
"""Rows that a page takes in at once; a longer list is for the command."""


@get("/hub/signatories")
async def signatories_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for a list."""
    return _page(request, shown({}))


@post("/hub/signatories")
async def signatories(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show what each row would become or, once that was seen, take the list in."""
    body = await read_body(request)
    text = _list_of(body)
    bound = shown({"list": text})
    try:
        file = _read(request, text)
        judged = await preview_import(registry_of(request).scheme, file.listed)
        if body.first("next") == "import":
            # A second copy of the form finds every row here already: it needs no receipt.
            await take_in(registry_of(request), file, judged)
            return go("/hub/applications")
    except RuleViolation as refusal:
        wrong = (FieldError("list", refusal.message),)
        return _page(request, replace(bound, errors=wrong), status=422)
    return _page(request, bound, judged=judged, left_aside=file.left_aside)


def _list_of(body: FormBody) -> str:
    """Return the list as sent: the file where there is one, else what stands in the box."""
    sent = next((file for file in body.files if file.field == "file" and file.size), None)
    if sent is None:
        return body.first("list")
    sent.content.seek(0)
    return sent.content.read().decode("utf-8", "replace")


def _read(request: Request[Any, Any, Any], text: str) -> SignatoryFile:
    file = read_signatories(text.encode(), registry_of(request).scheme.pack)
    if len(file.rows) > MOST_ROWS:
        raise InvalidInput(
            f"This page takes {MOST_ROWS} rows at once. Send fewer, or ask whoever runs the"
            " registry to use its import command."
        )
    return file


def _page(
    request: Request[Any, Any, Any],
    bound: Bound[Any],
    *,
    status: int = 200,
    judged: list[JudgedRow] | None = None,
    left_aside: tuple[str, ...] = (),
) -> Response[bytes]:
    rows = judged or []
    wrong = sum(row.outcome == "wrong" for row in rows)
    return show(
        request,
        "signatories.html",
        title=TITLE,
        bound=bound,
        status=status,
        needed=NEEDED,
        known=[name for name in READ if name not in NEEDED],
        lines=[line for row in rows for line in tell_row(row)],
        new=sum(row.outcome == "new" for row in rows),
        wrong=wrong,
        previewed=judged is not None,
        left_aside=left_aside,
    )


HANDLERS: tuple[HTTPRouteHandler, ...] = (signatories_page, signatories)
