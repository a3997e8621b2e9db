"""What strangers' software needs beside a badge: status lists, keys, and the public log."""

import re
from typing import Any, Final

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from badges.log import queries as log
from badges.log.errors import Malformed, NotInLog
from badges.queries import PublishedName, ServedList, issuer_document, served_list
from charter.errors import NotFound
from registry.web.negotiation import CREDENTIAL_FORMS, CredentialForm, asked_type
from registry.web.proof.sending import NEGOTIATED, plain

TEXT: Final = "text/plain; charset=utf-8"
SECONDS: Final = "public, max-age=2"
MINUTE: Final = "public, max-age=60"
FOR_EVER: Final = "public, max-age=31536000, immutable"

_NUMBER: Final = re.compile(r"[0-9]{1,8}")

FORM_TYPES: Final[dict[CredentialForm, str]] = {
    "json": "application/vc",
    "jwt": "application/vc+jwt",
}


@get("/credentials/status/{number:str}")
async def status_list(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """Send a status list as last signed: with an embedded proof, or as a token."""
    plain_number, _, suffix = number.partition(".")
    asked = asked_type(request.headers.get("accept", ""), CREDENTIAL_FORMS)
    form = CREDENTIAL_FORMS[asked] if asked else "json"
    if suffix == "jwt":
        form = "jwt"
    elif suffix:
        raise NotFound("There is no status list in this form.")
    row = await _list(plain_number)
    same = asked if asked and CREDENTIAL_FORMS[asked] == form else FORM_TYPES[form]
    body = row.jwt.encode() if form == "jwt" else row.credential
    return plain(body, media_type=same, cache_control=MINUTE, headers=NEGOTIATED)


async def _list(number: str) -> ServedList:
    listed = await served_list(int(number)) if _NUMBER.fullmatch(number) else None
    if listed is None:
        raise NotFound("There is no status list with this number.")
    return listed


@get("/.well-known/did.json")
async def did_json() -> Response[bytes]:
    """Send the keys that badges are signed with, as a DID document."""
    return await _published("did.json", "application/did+json")


@get("/.well-known/jwks.json")
async def jwks_json() -> Response[bytes]:
    """Send the same keys as a JSON Web Key Set."""
    return await _published("jwks.json", "application/jwk-set+json")


@get("/log/vkey")
async def log_vkey() -> Response[bytes]:
    """Send the public keys of the log, one a line."""
    return await _published("log-vkey", TEXT)


@get("/log/witness-vkeys")
async def witness_vkeys() -> Response[bytes]:
    """Send the public keys of the log's witnesses, one a line."""
    return await _published("witness-vkeys", TEXT)


async def _published(name: PublishedName, media_type: str) -> Response[bytes]:
    content = await issuer_document(name)
    if content is None:
        raise NotFound("The keys have not been published yet. Ask again in a minute.")
    return plain(content, media_type=media_type, cache_control=MINUTE)


@get("/log/checkpoint")
async def checkpoint() -> Response[bytes]:
    """Send the newest signed checkpoint, with its witnesses' lines."""
    newest = await log.newest_checkpoint()
    if newest is None:
        raise NotFound("The log has not been signed yet. Ask again in a minute.")
    return plain(newest.note.encode(), media_type=TEXT, cache_control=SECONDS)


@get("/log/tile/{part:path}")
async def tile(part: FromPath[str]) -> Response[bytes]:
    """Send one tile or entry bundle; it never changes."""
    try:
        content = await log.part_of_log(f"tile/{str(part).lstrip('/')}")
    except (Malformed, NotInLog) as none:
        raise NotFound(none.message) from none
    return plain(content, media_type="application/octet-stream", cache_control=FOR_EVER)


HANDLERS: tuple[HTTPRouteHandler, ...] = (
    status_list,
    did_json,
    jwks_json,
    log_vkey,
    witness_vkeys,
    checkpoint,
    tile,
)
