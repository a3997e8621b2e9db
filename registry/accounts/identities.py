"""Opening a sealed identity: the role is checked, the reason written down, then the seal opened."""

from uuid import UUID

from charter.errors import NotAllowed
from charter.reviews.hub import account_of_auditor
from charter.scheme import Scheme
from registry.accounts.desk import Desk
from registry.accounts.security import note
from registry.accounts.service import email_of
from registry.accounts.tables import RoleGrant

OPENED = "identity-opened"

OPENERS = ("payment", "auditor-care")
"""The only roles that may learn who an auditor is (rule 25)."""


async def open_identity(
    desk: Desk, scheme: Scheme, *, auditor: UUID, opened_by: UUID, about: str, why: str
) -> str | None:
    """Return the address of an auditor, once a security event says who opened it and why.

    `about` and `why` are tokens: the event names nobody but the one who opened it. Raises
    `NotAllowed` for anybody but payment and auditor care.
    """
    may = await RoleGrant.exists().where(
        (RoleGrant.account == opened_by)
        & RoleGrant.role.is_in(list(OPENERS))
        & RoleGrant.ended_at.is_null()
    )
    if not may:
        raise NotAllowed("Only payment and auditor care may learn who an auditor is.")
    await note(desk, OPENED, account=opened_by, detail=f"{about} {why}")
    account = await account_of_auditor(scheme, auditor)
    return await email_of(desk, account=account) if account else None


async def account_to_write_to(scheme: Scheme, addressee: UUID) -> UUID:
    """Return whose account a letter goes to: an auditor is written to by number until then.

    The machine opens the seal to address a letter, and shows it to nobody.
    """
    return await account_of_auditor(scheme, addressee) or addressee
