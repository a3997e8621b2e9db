"""Stand-ins for the outside; each passes the same tests as the real adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.adapters.mail import Delivery, Mail, refuse_unsafe
from registry.adapters.resolver import Answer, NoAnswer, NoSuchName, Texts

NEVER = 550
NOT_NOW = 451


@dataclass
class RememberingMailer:
    """Keeps what it is given; answers as told for the addresses in `replies` (SMTP codes)."""

    replies: Mapping[str, int] = field(default_factory=dict)
    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> Delivery:
        refuse_unsafe(mail)
        code = self.replies.get(mail.to)
        if code is None:
            self.sent.append(mail)
            return Delivery.accepted()
        if code >= 500:
            return Delivery.refused(code, "no such mailbox")
        return Delivery.deferred("try later", code=code)


@dataclass
class KnownNames:
    """Knows the names it is given, and says nothing of those in `silent`."""

    names: dict[str, frozenset[str]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()

    async def texts_at(self, name: str) -> Answer:
        if name in self.silent:
            return NoAnswer("silent")
        known = self.names.get(name)
        return NoSuchName() if known is None else Texts(known)
