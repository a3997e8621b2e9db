"""Review work that stays unpaid stops new panels, and everybody is told (rule 24)."""

from collections.abc import Iterable
from datetime import date

from charter.history.tables import Event
from charter.ledger import Ledger, transaction
from charter.reviews.tables import PayEntry
from charter.scheme import Scheme

STOPPED, RESUMED = "panels-stopped", "panels-resumed"

PANELS_LOCK = 4_003
"""The advisory lock under which it is told that panels stop, so that it is told once."""


def stops_new_panels(earned: Iterable[date], *, today: date, most_days: int) -> bool:
    """Return whether review work done on any day in `earned` has gone unpaid for too long."""
    return any((today - day).days >= most_days for day in earned)


async def work_is_unpaid(scheme: Scheme) -> bool:
    """Return whether review work is unpaid for so long that no panel may be drawn."""
    rows = await PayEntry.select(PayEntry.earned_on).where(
        PayEntry.seat.is_not_null()
        & PayEntry.paid_at.is_null()
        & (PayEntry.kind != "declined")
        & PayEntry.earned_on.is_not_null()
    )
    return stops_new_panels(
        (row["earned_on"] for row in rows),
        today=scheme.today(),
        most_days=scheme.pack.numbers.pay.unpaid_stop_days,
    )


async def panels_are_stopped() -> bool:
    """Return what was last told: whether no panel is drawn because review work is unpaid."""
    last = (
        await Event.select(Event.kind)
        .where(Event.kind.is_in([STOPPED, RESUMED]))
        .order_by(Event.id, ascending=False)
        .first()
    )
    return last is not None and last["kind"] == STOPPED


async def tell_whether_panels_stop(tx: Ledger) -> bool:
    """Record that panels stop, or are drawn again, where that has changed; return if they stop."""
    await Event.raw("SELECT pg_advisory_xact_lock({})", PANELS_LOCK)
    stopped = await work_is_unpaid(tx.scheme)
    if stopped != await panels_are_stopped():
        tx.record(STOPPED if stopped else RESUMED, {}, by="system")
    return stopped


async def look_for_unpaid_work(scheme: Scheme) -> bool:
    """Tell everybody when review work has gone unpaid for too long; return whether it has."""
    async with transaction(scheme) as tx:
        return await tell_whether_panels_stop(tx)
