"""Save and come back: what an auditor typed on a case, kept apart from every verdict."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from charter.errors import NotAllowed
from charter.ledger import transaction
from charter.reviews.cases import find_seat
from charter.reviews.tables import SeatDraft
from charter.scheme import Scheme

Typed = Mapping[str, Sequence[str]]
"""What stands in each field of a form, as typed."""

TYPED_MOST = 400_000
"""Characters kept for one seat: more than all its answers may hold."""


async def keep_seat_draft(scheme: Scheme, *, seat: UUID, typed: Typed) -> None:
    """Keep what was typed on a case in place of what was kept before; nothing is judged or sealed.

    Raises `NotAllowed` for a seat that was not accepted, and where more was typed than fits.
    """
    kept = msgspec.json.encode(typed).decode()
    if len(kept) > TYPED_MOST:
        raise NotAllowed("This is more than can be saved. Shorten it.")
    async with transaction(scheme) as tx:
        row = await find_seat(seat)
        if row.state not in {"accepted", "decided"}:
            raise NotAllowed("Accept the case before you review it.")
        await SeatDraft.delete().where(SeatDraft.seat == seat)
        await SeatDraft(seat=seat, typed=kept, saved_at=tx.now).save()


async def find_seat_draft(seat: UUID) -> Typed | None:
    """Return what was kept for a seat, or None. For its own auditor's eyes only."""
    row = await SeatDraft.objects().where(SeatDraft.seat == seat).first()
    return None if row is None else msgspec.json.decode(row.typed, type=dict[str, list[str]])
