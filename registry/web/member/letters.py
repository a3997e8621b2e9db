"""The few letters that follow at once from what an organisation's people do."""

from uuid import UUID

from registry.accounts.desk import Desk
from registry.accounts.post import queue_mail

_SPONSOR = """\
{name} has named you as its senior sponsor for the charter against racism.

The sponsor signs the charter and answers for it. Read what you would put your name to:

{address}/charter

Sign in there with this email address. Nothing is signed until you press the button.
"""

_INVITED = """\
You have been asked to help {name} keep its promises under the charter against racism, as {role}.

{address}

Sign in there with this email address, and say yes or no. There is no password: we email you a \
code. If you do not answer, nothing happens.
"""


_PROOF_CODE = """\
{name} says that it controls this web domain, and wants to sign the charter against racism.

If that is right, type this code in on its page at the register:

{code}

If it is not right, you need not do anything. Without the code nothing is shown.
"""


async def send_proof_code(desk: Desk, *, name: str, to: str, code: str) -> None:
    """Send the code that shows control of a domain to a standard mailbox at it (rule 1)."""
    spaced = f"{code[:5]} {code[5:]}"
    await queue_mail(
        desk,
        key=f"proof-code:{desk.keys.fingerprint('proof-code', code).hex()}",
        to=to,
        subject=f"Is {name} yours?",
        text=_PROOF_CODE.format(name=name, code=spaced),
    )


async def tell_new_sponsor(desk: Desk, *, slug: str, name: str, to: str) -> None:
    """Tell a person that an organisation named them as its sponsor."""
    address = f"{desk.public_url}/my/{slug}"
    await queue_mail(
        desk,
        key=f"sponsor-named:{slug}:{desk.keys.fingerprint('email', to).hex()}",
        to=to,
        subject=f"{name} asks you to sign the charter",
        text=_SPONSOR.format(name=name, address=address),
    )


async def tell_invited(desk: Desk, invitation: UUID, *, name: str, to: str, role: str) -> None:
    """Tell a person that they are asked to take a part in an organisation."""
    address = f"{desk.public_url}/invitations/{invitation}"
    await queue_mail(
        desk,
        key=f"invited:{invitation}",
        to=to,
        subject=f"Help {name} keep its promises",
        text=_INVITED.format(name=name, role=role, address=address),
    )
