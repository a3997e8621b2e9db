"""Mail on its way into the outbox and out of it. Addresses and words lie there sealed."""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from charter.history.tables import OutboxMessage
from registry.accounts import limits
from registry.accounts.desk import Desk

MAIL = "mail"
"""The kind of outbox message that is a mail."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as written: to one address, in plain text."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class PostedLetter:
    """A mail in the outbox, with when it was written and when it left, if it has."""

    letter: Letter
    key: str
    written_at: datetime
    sent_at: datetime | None


async def allow_mail(desk: Desk, *, to: str) -> None:
    """Count a mail that somebody else's act sends to `to`. Raises TooManyAttempts.

    Ask before the act, outside any transaction: nobody's mailbox is filled by strangers.
    """
    await limits.spend(desk, limits.MAIL_PER_ADDRESS, to.strip().lower())


async def queue_mail(desk: Desk, *, key: str, to: str, subject: str, text: str) -> None:
    """Leave a mail in the outbox, in the transaction under way; the same `key` is one mail."""
    now = desk.now()
    await OutboxMessage.insert(
        OutboxMessage(
            key=key,
            kind=MAIL,
            payload=sealed_payload(desk, Letter(to, subject, text)),
            created_at=now,
            due_at=now,
        )
    ).on_conflict(target=OutboxMessage.key, action="DO NOTHING")


def sealed_payload(desk: Desk, letter: Letter) -> dict[str, str]:
    """Return what the outbox keeps of `letter`."""
    text = msgspec.json.encode(asdict(letter)).decode()
    return {"sealed": b64encode(desk.keys.seal("post", text, desk.chance)).decode()}


def opened_letter(desk: Desk, payload: Any) -> Letter:
    """Return the mail in an outbox payload, given as JSON text or already read."""
    kept = msgspec.json.decode(payload) if isinstance(payload, str) else payload
    text = desk.keys.open("post", b64decode(kept["sealed"]))
    return msgspec.json.decode(text, type=Letter)


async def newest_letters(desk: Desk, *, most: int = 50) -> list[PostedLetter]:
    """Return the mails last written, newest first. For the inbox of a demonstration only."""
    rows = (
        await OutboxMessage.select(
            OutboxMessage.key,
            OutboxMessage.payload,
            OutboxMessage.created_at,
            OutboxMessage.done_at,
        )
        .where(OutboxMessage.kind == MAIL)
        .order_by(OutboxMessage.id, ascending=False)
        .limit(most)
    )
    return [
        PostedLetter(
            opened_letter(desk, row["payload"]), row["key"], row["created_at"], row["done_at"]
        )
        for row in rows
    ]
