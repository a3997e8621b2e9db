"""Forgetting what has served its purpose. Doing it twice, or late, changes nothing."""

from datetime import timedelta

from registry.accounts import oidc, parked, sessions
from registry.accounts.desk import Desk
from registry.accounts.tables import FormReceipt, SecurityEvent, SignInCode

CODES_KEPT = timedelta(days=1)
"""How long a sign-in code is kept once it is of no more use."""

RECEIPTS_KEPT = timedelta(days=30)
"""How long a second copy of a form is known for one."""


async def tidy(desk: Desk, *, security_events_kept: timedelta) -> None:
    """Delete sessions that are over, and what is old: codes, receipts, who came in."""
    now = desk.now()
    await sessions.forget_ended(desk)
    await parked.forget_old(desk)
    await oidc.forget_abandoned(desk)
    await SignInCode.delete().where(SignInCode.expires_at <= now - CODES_KEPT)
    await SecurityEvent.delete().where(SecurityEvent.at <= now - security_events_kept)
    await FormReceipt.delete().where(FormReceipt.taken_at <= now - RECEIPTS_KEPT)
