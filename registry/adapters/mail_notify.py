"""Mail by GOV.UK Notify, for hubs that are public bodies.

Texts live in this repository, so Notify holds one pass-through template with the fields
`subject` and `body`. Attachments do not travel this way: a message never carries anything in a
file that its text does not also say.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote

from registry.adapters.mail import Delivery, Mail, Mailer, refuse_unsafe

BAD_REQUEST = 400
"""Notify's answer for an address or message that it will never take."""


class NotifyClient(Protocol):
    """The one call we make of the official client. It blocks."""

    def send_email_notification(  # noqa: D102 the official client's own name
        self,
        email_address: str,
        template_id: str,
        personalisation: dict[str, str] | None = None,
        reference: str | None = None,
        *,
        one_click_unsubscribe_url: str | None = None,
    ) -> object: ...


@dataclass(frozen=True, slots=True)
class NotifyMailer:
    """Hands each message to Notify from a thread, since its client blocks.

    `connect` makes a client for one message: the official one may not be shared by threads.
    """

    connect: Callable[[], NotifyClient]
    template_id: str

    async def send(self, mail: Mail) -> Delivery:
        """Offer `mail` to Notify once, with its message id as our reference."""
        from notifications_python_client.errors import HTTPError  # noqa: PLC0415 optional extra

        refuse_unsafe(mail)
        try:
            await asyncio.to_thread(self._send_blocking, mail)
        except HTTPError as answer:
            if answer.status_code == BAD_REQUEST:
                return Delivery.refused(BAD_REQUEST, str(answer.message))
            return Delivery.deferred(str(answer.message), code=answer.status_code)
        return Delivery.accepted()

    def _send_blocking(self, mail: Mail) -> None:
        self.connect().send_email_notification(
            mail.to,
            self.template_id,
            {"subject": mail.subject, "body": mail.text},
            mail.message_id,
            one_click_unsubscribe_url=mail.unsubscribe_url,
        )


def notify_mailer(parts: SplitResult) -> Mailer:
    """Return the mailer that `notify://<api key>/<template id>[?base=<address>]` describes."""
    try:
        from notifications_python_client.notifications import (  # noqa: PLC0415 optional extra
            NotificationsAPIClient,
        )
    except ImportError as missing:
        raise ValueError("notify:// needs the extra charter-registry[notify]") from missing
    key, template_id = unquote(parts.netloc), parts.path.strip("/")
    if not key or not template_id:
        raise ValueError("a Notify URL has the form notify://<api key>/<template id>")
    base = parse_qs(parts.query).get("base", [])[:1]
    return NotifyMailer(partial(NotificationsAPIClient, key, *base), template_id)
