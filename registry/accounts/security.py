"""What is written down about doors: who came in, who was turned away, whose roles changed.

Kept for as long as the settings say, then deleted by the janitor. Accounts are named by id, never
by address; `detail` holds tokens of ours, never what was typed.
"""

from uuid import UUID

from registry.accounts.desk import Desk
from registry.accounts.tables import SecurityEvent

LONGEST_DETAIL = 120

DENIED = "denied"
"""The kind of event left where somebody signed in asks for what is not theirs."""


async def note(desk: Desk, kind: str, *, account: UUID | None = None, detail: str = "") -> None:
    """Write down one event, in the transaction under way if there is one."""
    await SecurityEvent.insert(
        SecurityEvent(kind=kind, account=account, detail=detail[:LONGEST_DETAIL], at=desk.now())
    )
