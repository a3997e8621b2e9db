"""Stand-ins for the outside; each passes the same tests as the real adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.adapters.mail import Delivery, Mail, refuse_unsafe

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
