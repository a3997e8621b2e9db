"""A message, what may become of it, and the port through which it leaves.

A back end never decides whether to try again. It reports one of three outcomes, and whoever
works the outbox acts on it. Nothing here can send exactly once: a server may accept a message
and fall silent, so a message keeps its `message_id` for every attempt and a repeat can be told
from a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from unicodedata import category

from charter.errors import InvalidInput


class Outcome(StrEnum):
    """What became of one attempt."""

    ACCEPTED = "accepted"
    """The addressee's side took the message. A bounce may still follow."""
    REFUSED = "refused"
    """The address or the message will never be taken: do not try again."""
    DEFERRED = "deferred"
    """Not now: try again later."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one attempt, with the mail system's code and words where it gave any."""

    outcome: Outcome
    code: int | None = None
    said: str = ""

    @classmethod
    def accepted(cls, said: str = "") -> "Delivery":
        """Report that the message was taken."""
        return cls(Outcome.ACCEPTED, said=said)

    @classmethod
    def refused(cls, code: int, said: str = "") -> "Delivery":
        """Report that the message was turned away for good."""
        return cls(Outcome.REFUSED, code, said)

    @classmethod
    def deferred(cls, said: str = "", *, code: int | None = None) -> "Delivery":
        """Report that the message should be tried again later."""
        return cls(Outcome.DEFERRED, code, said)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message, such as due dates for a calendar."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address.

    `message_id` is the part between the angle brackets, the same for every attempt.
    `headers` may only hold the names in `OPTIONAL_HEADERS`. `unsubscribe_url` is set on digests
    and on nothing else: a notice that somebody must receive offers no way out of it.
    """

    to: str
    subject: str
    text: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str | None = None


class UnsafeMail(InvalidInput):
    """A message holds a header that must never leave, such as one with a line break in it."""

    code = "unsafe-mail"


class Mailer(Protocol):
    """Something that can pass a message on."""

    async def send(self, mail: Mail) -> Delivery:
        """Try once to pass `mail` on and report what became of it.

        Raises UnsafeMail, before anything is sent, if the message must not leave. Never raises
        for anything the other side does.
        """
        ...


OPTIONAL_HEADERS = frozenset({"References", "In-Reply-To", "Reply-To", "X-Notice"})
"""The only headers a message may bring along; all others are set here or not at all."""


LINE_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories with no place in a header: controls, lone surrogates, line separators."""


def refuse_unsafe(mail: Mail) -> None:
    """Raise UnsafeMail if anything in `mail` could add a header or an addressee of its own."""
    unknown = sorted(set(mail.headers) - OPTIONAL_HEADERS)
    if unknown:
        raise UnsafeMail(f"A message may not set the header {unknown[0]}.")
    named = {
        "to": mail.to,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "unsubscribe_url": mail.unsubscribe_url or "",
        **mail.headers,
        **{f"attachment {a.name!r}": a.name + a.media_type for a in mail.attachments},
    }
    for name, value in named.items():
        if any(category(character) in LINE_BREAKING for character in value):
            raise UnsafeMail(f"The mail header {name} holds a line break or control character.")
    if mail.to.count("@") != 1 or set(mail.to) & set(' ,;<>()"'):
        raise UnsafeMail("A message goes to exactly one plain address.")
    if set(mail.message_id) & set(" <>") or mail.message_id.count("@") != 1:
        raise UnsafeMail("A message id has the form left@right.")
