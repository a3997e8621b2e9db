"""Roles held in the scheme itself: who is steward, auditor, payment officer, administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from registry.accounts.desk import Desk
from registry.accounts.security import note
from registry.accounts.tables import RoleGrant

HUB_ROLES = frozenset({"steward", "payment", "auditor-care", "administrator", "inspector"})
"""The roles of people who work for the hub, or look over its shoulder as the inspector whom the
pack names. None of them can set a standing."""


async def grant_role(
    desk: Desk, *, account: UUID, role: str, granted_by: UUID | None = None
) -> None:
    """Give an account a role. Giving it twice changes nothing."""
    held = await RoleGrant.exists().where(
        (RoleGrant.account == account) & (RoleGrant.role == role) & RoleGrant.ended_at.is_null()
    )
    if held:
        return
    await RoleGrant(
        id=uuid4(), account=account, role=role, granted_at=desk.now(), granted_by=granted_by
    ).save()
    await note(desk, "role-granted", account=account, detail=role)


async def end_role(desk: Desk, *, account: UUID, role: str) -> None:
    """Take a role away; the next request of its holder no longer has it."""
    await RoleGrant.update({RoleGrant.ended_at: desk.now()}).where(
        (RoleGrant.account == account) & (RoleGrant.role == role) & RoleGrant.ended_at.is_null()
    )
    await note(desk, "role-ended", account=account, detail=role)


async def holders_of(role: str) -> list[UUID]:
    """Return the accounts that hold `role` now, the longest-serving first."""
    rows = (
        await RoleGrant.select(RoleGrant.account)
        .where((RoleGrant.role == role) & RoleGrant.ended_at.is_null())
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return [row["account"] for row in rows]


@dataclass(frozen=True, slots=True)
class RoleHolders:
    """Tells the charter which accounts hold a role (the port `charter.people.People`)."""

    async def with_role(self, role: str) -> Sequence[UUID]:
        """Return the accounts that hold `role` now, the longest-serving first."""
        return await holders_of(role)
