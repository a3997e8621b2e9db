"""Mail by SMTP: how a message is written down, and how a server's answer is read."""

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote

import aiosmtplib

from charter.clock import WallClock
from registry.adapters.mail import Delivery, Mail, Mailer, refuse_unsafe

DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
START_TLS = {"offered": None, "required": True, "never": False}
"""What `?tls=` in the URL asks of a plain connection; aiosmtplib's words for it."""

PERMANENT = range(500, 600)
"""Reply codes that mean "never", RFC 5321 section 4.2.1."""


def write_message(mail: Mail, *, sender: str) -> EmailMessage:
    """Return `mail` as it travels. Raises UnsafeMail if it must not.

    Every message says that a machine wrote it (RFC 3834), so that holiday replies do not answer;
    only a digest says how to leave (RFC 8058).
    """
    refuse_unsafe(mail)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(WallClock().now())
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    if mail.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name
        )
    return message


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands each message to one server over a connection of its own."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = None
    use_tls: bool = False
    start_tls: bool | None = None
    tls_context: ssl.SSLContext | None = None
    timeout_seconds: float = 20.0

    async def send(self, mail: Mail) -> Delivery:
        """Offer `mail` to the server once."""
        message = write_message(mail, sender=self.sender)
        try:
            _, said = await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.use_tls,
                start_tls=self.start_tls,
                tls_context=self.tls_context,
                timeout=self.timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            return read_reply(refusal.recipients[0])
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as refusal:
            return read_reply(refusal)
        except aiosmtplib.SMTPResponseException as answer:
            # Greeting, sign-in or sender turned away: our own set-up, not the addressee's no.
            return Delivery.deferred(str(answer.message), code=answer.code)
        except (TimeoutError, aiosmtplib.SMTPException, OSError) as silence:
            return Delivery.deferred(str(silence))
        return Delivery.accepted(said)


def read_reply(answer: aiosmtplib.SMTPResponseException) -> Delivery:
    """Tell a server's "never" (5xx) from its "not now" (4xx)."""
    if answer.code in PERMANENT:
        return Delivery.refused(answer.code, str(answer.message))
    return Delivery.deferred(str(answer.message), code=answer.code)


def smtp_mailer(parts: SplitResult, *, sender: str) -> Mailer:
    """Return the mailer that an `smtp://` or `smtps://` URL describes."""
    if not parts.hostname:
        raise ValueError("a mail URL names a host, such as smtp://mail.example:25")
    asked = parse_qs(parts.query).get("tls", ["offered"])[0]
    if asked not in START_TLS:
        raise ValueError(f"tls= in a mail URL is one of {', '.join(START_TLS)}")
    implicit = parts.scheme == "smtps"
    return SmtpMailer(
        host=parts.hostname,
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        sender=sender,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=implicit,
        start_tls=False if implicit else START_TLS[asked],
    )
