"""Acting on the outbox: composing letters from notices, and handing mail to the mailer.

A letter becomes mail in two steps. `letter` names a person and notices; acting on it writes the
words and leaves them, sealed, as `mail`. Acting on `mail` sends it. So the words are written
once, whatever the mail server does, and every mail can be seen in the inbox of a demonstration.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from charter.history.tables import OutboxMessage
from charter.obligations.letters import record_arrival, record_bounce
from registry.accounts.identities import account_to_write_to
from registry.accounts.post import MAIL, opened_letter, sealed_payload
from registry.accounts.service import email_of
from registry.adapters.mail import Mail, Mailer, Outcome, UnsafeMail
from registry.bootstrap import Registry
from registry.rounds.letters import compose
from registry.rounds.outbox import GiveUp, Handler, Message, TryLater

LETTER = "letter"
"""The kind of outbox message that names a person and the notices to tell them."""


def post_handlers(registry: Registry, mailer: Mailer) -> Mapping[str, Handler]:
    """Return who acts on the outbox's letters and mail."""

    async def act_on_letter(message: Message) -> None:
        await write_mail(registry, message)

    async def act_on_mail(message: Message) -> None:
        await send_mail(registry, mailer, message)

    return {LETTER: act_on_letter, MAIL: act_on_mail}


async def write_mail(registry: Registry, message: Message) -> None:
    """Write the mail about a person's notices into the outbox. Writing it again changes nothing."""
    desk, notices = registry.desk, message.payload["notices"]
    account = await account_to_write_to(registry.scheme, UUID(message.payload["account"]))
    address = await email_of(desk, account=account)
    if address is None:
        # A closed account can be told nothing: for the rules that is a bounce (rule 31).
        await record_bounce(registry.scheme, notices=notices)
        return
    letter = await compose(registry, to=address, notices=notices)
    if letter is None:
        return
    now = desk.now()
    payload: dict[str, Any] = {**sealed_payload(desk, letter), "notices": notices}
    await OutboxMessage.insert(
        OutboxMessage(
            key=f"mail:{message.key}", kind=MAIL, payload=payload, created_at=now, due_at=now
        )
    ).on_conflict(target=OutboxMessage.key, action="DO NOTHING")


async def send_mail(registry: Registry, mailer: Mailer, message: Message) -> None:
    """Offer a mail to the mailer, and record what its notices came to.

    Raises TryLater where the mail system is not ready, GiveUp where the mail is refused for good
    or must not leave.
    """
    letter = opened_letter(registry.desk, dict(message.payload))
    notices = message.payload.get("notices", [])
    mail = Mail(
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        message_id=message_id(message.key, registry.settings.public_url),
    )
    try:
        delivery = await mailer.send(mail)
    except UnsafeMail as unsafe:
        raise GiveUp("the mail holds a header that must not leave") from unsafe
    if delivery.outcome is Outcome.DEFERRED:
        raise TryLater(f"the mail system said: not now ({delivery.code or 'no answer'})")
    if delivery.outcome is Outcome.REFUSED:
        if notices:
            await record_bounce(registry.scheme, notices=notices)
        raise GiveUp(f"the mail system said: never ({delivery.code})")
    if notices:
        await record_arrival(registry.scheme, notices=notices)


def message_id(key: str, public_url: str) -> str:
    """Return the Message-ID of the mail with this outbox key: the same for every attempt."""
    return f"{sha256(key.encode()).hexdigest()[:32]}@{urlsplit(public_url).hostname}"
