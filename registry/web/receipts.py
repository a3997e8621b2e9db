"""A form sent twice is taken in once.

Each form shown carries a key. The first copy's receipt is written in the transaction of what
the form did, so that both stand or neither: a process killed in between leaves either nothing,
or a record with its receipt.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from litestar import Request

from charter.errors import CharterError, RuleViolation
from charter.scheme import Scheme
from registry.accounts.tables import FormReceipt
from registry.web.asked import registry_of
from registry.web.form_body import FormBody

FIELD = "idempotency_key"
LONGEST_KEY = 64

PATIENCE = 20
"""Looks, a twentieth of a second apart, for the address of a copy that is still on its way."""


class TakenAlready(CharterError):
    """Another copy of this form was taken in first; this one is rolled back."""

    code = "taken-already"


async def done_once(
    request: Request[Any, Any, Any],
    body: FormBody,
    act: Callable[[Scheme], Awaitable[str]],
) -> str:
    """Return the address that `act` leads to, letting only the first copy of a form act.

    A copy that comes later, or at the same moment and loses, gets the first one's address. A
    form without a key is run as it is. Raises what `act` raises, if no copy was taken in.
    """
    scheme = registry_of(request).scheme
    sent = body.first(FIELD)
    if not 0 < len(sent) <= LONGEST_KEY:
        return await act(scheme)
    key = _key(request, sent)
    if (address := await _address(key)) is not None:
        return address or await _awaited(key, request)
    try:
        address = await act(replace(scheme, watchers=(*scheme.watchers, _receipt(key, scheme))))
    except (RuleViolation, TakenAlready) as refusal:
        # The first copy may have changed what the rule looked at: then it is no refusal at all.
        if await _address(key) is None:
            raise refusal from None
        return await _awaited(key, request)
    await FormReceipt.update({FormReceipt.location: address}).where(FormReceipt.key == key)
    return address


def _receipt(key: bytes, scheme: Scheme) -> Callable[..., Awaitable[None]]:
    """Return the watcher that writes the receipt where the events are written."""

    async def write(*_told: object) -> None:
        taken = await FormReceipt.raw(
            "INSERT INTO form_receipt (key, location, taken_at) VALUES ({}, '', {}) "
            "ON CONFLICT (key) DO NOTHING RETURNING key",
            key,
            scheme.now(),
        )
        if not taken:
            raise TakenAlready("This form has been taken in already.")

    return write


async def _address(key: bytes) -> str | None:
    """Return where the first copy led, "" where it has not said yet, None where there is none."""
    rows = await FormReceipt.select(FormReceipt.location).where(FormReceipt.key == key)
    return str(rows[0]["location"]) if rows else None


async def _awaited(key: bytes, request: Request[Any, Any, Any]) -> str:
    """Return where the first copy led; the page of the form itself where it never said."""
    for _look in range(PATIENCE):
        if address := await _address(key):
            return address
        await asyncio.sleep(0.05)
    return str(request.url.path)


def _key(request: Request[Any, Any, Any], sent: str) -> bytes:
    """Return the receipt's key: one person's form at one address, never another's."""
    person = request.scope["state"].get("person")
    owner = str(person.account) if person else "nobody"
    return sha256(f"{owner}\n{request.url.path}\n{sent}".encode()).digest()
