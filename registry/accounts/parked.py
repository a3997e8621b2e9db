"""What somebody typed in a form that could not be taken in: kept until they open the page again.

A session can end between the opening of a form and the sending of it, in another tab or by the
clock. Whose form it was is then told by the token in it, which only that session could have got.
What was typed is sealed, is shown to that account alone, and is sent nowhere by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from registry.accounts.desk import Desk
from registry.accounts.tables import FormOwner, ParkedForm

KEPT = timedelta(days=7)
"""How long what was typed waits for its writer."""

OWNER_KNOWN = timedelta(days=2)
"""How long after sign-in a form is still known to be that person's."""

TYPED_MOST = 200_000
"""Characters kept of one form: more than all its fields may hold."""

ADDRESS_MOST = 300
"""Characters of an address; a longer one is none of ours."""

PURPOSE = "parked"

Typed = Mapping[str, Sequence[str]]
"""What stood in each field of a form, as typed."""


async def own_forms(desk: Desk, *, account: UUID, token: str) -> None:
    """Remember that forms with `token` are shown to `account`."""
    await FormOwner.insert(
        FormOwner(
            token_key=desk.keys.fingerprint("form-owner", token),
            account=account,
            expires_at=desk.now() + OWNER_KNOWN,
        )
    )


async def owner_of(desk: Desk, token: str) -> UUID | None:
    """Return to whom a form with `token` was shown, or None where nobody knows any more."""
    rows = await FormOwner.select(FormOwner.account).where(
        (FormOwner.token_key == desk.keys.fingerprint("form-owner", token))
        & (FormOwner.expires_at > desk.now())
    )
    return rows[0]["account"] if rows else None


async def park(desk: Desk, *, account: UUID, page: str, sent_to: str, typed: Typed) -> bool:
    """Keep what was typed on `page`, in place of what was kept of it before; say if it was kept."""
    written = msgspec.json.encode(typed).decode()
    if len(written) > TYPED_MOST or max(len(page), len(sent_to)) > ADDRESS_MOST:
        return False
    sealed = desk.keys.seal(PURPOSE, written, desk.chance)
    await ParkedForm.raw(
        "INSERT INTO parked_form (account, page, sent_to, typed_sealed, kept_at)"
        " VALUES ({}, {}, {}, {}, {}) ON CONFLICT (account, page) DO UPDATE SET"
        " sent_to = EXCLUDED.sent_to, typed_sealed = EXCLUDED.typed_sealed,"
        " kept_at = EXCLUDED.kept_at",
        *(account, page, sent_to, sealed, desk.now()),
    )
    return True


async def find(desk: Desk, *, account: UUID, page: str) -> Typed | None:
    """Return what somebody typed on a page that was not taken in, or None."""
    row = (
        await ParkedForm.objects()
        .where((ParkedForm.account == account) & (ParkedForm.page == page))
        .first()
    )
    if row is None:
        return None
    written = desk.keys.open(PURPOSE, row.typed_sealed)
    return msgspec.json.decode(written, type=dict[str, list[str]])


async def let_go(*, account: UUID, sent_to: str) -> None:
    """Forget what was kept for an address: the form has come again."""
    await ParkedForm.delete().where(
        (ParkedForm.account == account) & (ParkedForm.sent_to == sent_to)
    )


async def forget_old(desk: Desk) -> None:
    """Delete what nobody came back for, and the owners of forms that are too old."""
    await ParkedForm.delete().where(ParkedForm.kept_at <= desk.now() - KEPT)
    await FormOwner.delete().where(FormOwner.expires_at <= desk.now())
