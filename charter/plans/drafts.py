"""What somebody typed and has not sent: save and return, one draft for each form of a body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from charter.ledger import Ledger, transaction
from charter.plans.tables import Draft
from charter.scheme import Scheme

Typed = Mapping[str, Sequence[str]]
"""What stands in each field of a form, as typed."""

TYPED_MOST = 200_000
"""Characters kept of one form: more than all its fields may hold."""


@dataclass(frozen=True, slots=True)
class FormBegun:
    """A form somebody began: its name, and when it was last saved."""

    form: str
    saved_at: datetime


async def keep_typed(scheme: Scheme, *, organisation: UUID, form: str, typed: Typed) -> None:
    """Keep what was typed in a form in place of what was kept of it before."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await write_typed(tx, organisation=organisation, form=form, typed=typed)


async def write_typed(tx: Ledger, *, organisation: UUID, form: str, typed: Typed) -> None:
    """Write what was typed in a form; the organisation must be locked. Too much is not kept."""
    kept = msgspec.json.encode(typed).decode()
    if len(kept) > TYPED_MOST:
        return
    await Draft.delete().where((Draft.organisation == organisation) & (Draft.form == form))
    await Draft(organisation=organisation, form=form, typed=kept, saved_at=tx.now).save()


async def forget_typed(scheme: Scheme, *, organisation: UUID, form: str) -> None:
    """Let go of what was kept of a form; doing so again changes nothing."""
    async with transaction(scheme):
        await Draft.delete().where((Draft.organisation == organisation) & (Draft.form == form))


async def find_typed(organisation: UUID, form: str) -> Typed | None:
    """Return what was kept of a form, or None."""
    row = (
        await Draft.objects()
        .where((Draft.organisation == organisation) & (Draft.form == form))
        .first()
    )
    return None if row is None else msgspec.json.decode(row.typed, type=dict[str, list[str]])


async def forms_begun(organisation: UUID) -> tuple[FormBegun, ...]:
    """Return every form that waits to be finished, the one saved last first."""
    rows = (
        await Draft.objects()
        .where(Draft.organisation == organisation)
        .order_by(Draft.saved_at, ascending=False)
    )
    return tuple(FormBegun(row.form, row.saved_at) for row in rows)
