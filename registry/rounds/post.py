"""Mail on its way out: a letter is written in words, sent, and what became of it is recorded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from charter.history.tables import OutboxMessage
from charter.obligations.letters import record_arrival, record_bounce
from registry.accounts.post import MAIL, opened_letter, sealed_payload
from registry.accounts.service import email_of
from registry.adapters.mail import Mail, Outcome, mailer_from_url
from registry.bootstrap import Registry
from registry.rounds.letters import compose


class NotSentYet(RuntimeError):
    """The mail system asked to try again later."""


async def write_out(registry: Registry, key: str, payload: Mapping[str, Any]) -> None:
    """Turn a letter into a mail in the outbox, addressed as the account says now."""
    address = await email_of(registry.desk, account=UUID(payload["account"]))
    if address is None:
        return
    letter = await compose(registry, to=address, notices=payload["notices"])
    if letter is None:
        return
    now = registry.clock.now()
    sealed = sealed_payload(registry.desk, letter)
    await OutboxMessage.insert(
        OutboxMessage(
            key=f"mail:{key}",
            kind=MAIL,
            payload={**sealed, "notices": payload["notices"]},
            created_at=now,
            due_at=now,
        )
    ).on_conflict(target=OutboxMessage.key, action="DO NOTHING")


async def deliver(registry: Registry, key: str, payload: Mapping[str, Any]) -> None:
    """Send a mail and record whether it arrived. Raises `NotSentYet` to be tried again."""
    letter = opened_letter(registry.desk, payload)
    settings = registry.settings
    mailer = mailer_from_url(settings.mail_url, sender=settings.hub_email)
    delivery = await mailer.send(
        Mail(
            to=letter.to,
            subject=letter.subject,
            text=letter.text,
            message_id=message_id(registry, key),
        )
    )
    notices = payload.get("notices", [])
    if delivery.outcome is Outcome.DEFERRED:
        raise NotSentYet
    if notices and delivery.outcome is Outcome.ACCEPTED:
        await record_arrival(registry.scheme, notices=notices)
    elif notices:
        await record_bounce(registry.scheme, notices=notices)


def message_id(registry: Registry, key: str) -> str:
    """Return the Message-ID of a mail: the same for every attempt."""
    host = registry.settings.public_url.partition("://")[2].partition(":")[0]
    return f"{key.replace(':', '.')}@{host}"
