"""Opening a sealed identity: first the reason is written down, then the address is shown."""

from uuid import UUID

from registry.accounts.desk import Desk
from registry.accounts.security import note
from registry.accounts.service import email_of

OPENED = "identity-opened"


async def open_identity(
    desk: Desk, *, account: UUID, opened_by: UUID, about: str, why: str
) -> str | None:
    """Return the address of `account`, once a security event says who opened it and why (rule 25).

    `about` and `why` are tokens: the event names nobody but the one who opened it.
    """
    await note(desk, OPENED, account=opened_by, detail=f"{about} {why}")
    return await email_of(desk, account=account)
