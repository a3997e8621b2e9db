"""The three ways out for mail, chosen by URL.

`smtp://` and `smtps://` speak to a mail server, `notify://` to GOV.UK Notify, `outbox://` sends
nothing: the message stays in the outbox table, where the inbox page shows it.
"""

from urllib.parse import SplitResult, urlsplit

from registry.adapters.mail import Delivery, Mail, Mailer, refuse_unsafe


class OutboxMailer:
    """Sends nothing: the outbox row, marked done, is the delivery, and the inbox page shows it."""

    async def send(self, mail: Mail) -> Delivery:
        """Check `mail` as any back end would and report it accepted."""
        refuse_unsafe(mail)
        return Delivery.accepted("kept in the outbox")


def mailer_from_url(url: str, *, sender: str) -> Mailer:
    """Return the back end that `url` names; `sender` is the address mail comes from.

    `smtp://user:password@host:25` uses TLS when the server offers it (`?tls=required` insists,
    `?tls=never` does not ask), `smtps://` begins with TLS, `notify://<api key>/<template id>`
    sends through one pass-through template, `outbox://` sends nothing. Raises ValueError on any
    other.
    """
    parts = urlsplit(url)
    try:
        build = _BACK_ENDS[parts.scheme]
    except KeyError:
        known = ", ".join(f"{scheme}://" for scheme in _BACK_ENDS)
        raise ValueError(f"a mail URL begins with one of {known}") from None
    return build(parts, sender)


def _outbox(_parts: SplitResult, _sender: str) -> Mailer:
    return OutboxMailer()


def _smtp(parts: SplitResult, sender: str) -> Mailer:
    from registry.adapters.mail_smtp import smtp_mailer  # noqa: PLC0415 loaded when named

    return smtp_mailer(parts, sender=sender)


def _notify(parts: SplitResult, _sender: str) -> Mailer:
    from registry.adapters.mail_notify import notify_mailer  # noqa: PLC0415 optional extra

    return notify_mailer(parts)


_BACK_ENDS = {"smtp": _smtp, "smtps": _smtp, "notify": _notify, "outbox": _outbox}
