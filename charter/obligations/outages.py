"""The register out of reach: an hour of it in a day moves that day's dates (rule 32)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from charter.clock import end_of_day, local_day
from charter.errors import FieldError, InvalidInput
from charter.history.events import Fact
from charter.ledger import Ledger, transaction
from charter.obligations.service import move_due_date, working_days
from charter.obligations.tables import Obligation, Outage
from charter.scheme import Scheme

DAY_MINUTES = 24 * 60


def minutes_by_day(begun: datetime, ended: datetime, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    """Yield each local day of a stretch of time with the whole minutes of it on that day."""
    while begun < ended:
        day = local_day(begun, zone)
        until = min(end_of_day(day, zone), ended)
        yield day, (until - begun) // timedelta(minutes=1)
        begun = until


async def record_gap(scheme: Scheme, *, begun: datetime, ended: datetime) -> int:
    """Count a stretch in which nothing ran; return how many dates moved for it."""
    moved = 0
    for day, minutes in minutes_by_day(begun, ended, scheme.pack.zone):
        async with transaction(scheme) as tx:
            moved += await _count(tx, day, minutes, by="system")
    return moved


async def record_outage(scheme: Scheme, *, day: date, minutes: int) -> int:
    """Let a steward say that the register was out of reach; return how many dates moved for it.

    Raises `InvalidInput` for a day to come and for more minutes than a day has.
    """
    errors = []
    if day > scheme.today():
        errors.append(FieldError("day", "The day must be today or in the past"))
    if not 1 <= minutes <= DAY_MINUTES:
        errors.append(FieldError("minutes", f"Minutes must be between 1 and {DAY_MINUTES}"))
    if errors:
        raise InvalidInput("This cannot be recorded yet.", errors=errors)
    async with transaction(scheme) as tx:
        return await _count(tx, day, minutes, by="steward")


async def _count(tx: Ledger, day: date, minutes: int, *, by: str) -> int:
    """Add minutes to a day; the first time they are an hour, record it and move its dates."""
    numbers = tx.scheme.pack.numbers.pauses
    await Outage.insert(Outage(day=day, minutes=0)).on_conflict(action="DO NOTHING")
    row = await Outage.objects().where(Outage.day == day).lock_rows("UPDATE").first()
    if row is None:
        raise RuntimeError("an outage that was written down cannot be gone")
    before, row.minutes = row.minutes, min(row.minutes + minutes, DAY_MINUTES)
    await row.save()
    moves = before < numbers.outage_minutes <= row.minutes
    return await _move_dates(tx, row, by=by) if moves else 0


async def _move_dates(tx: Ledger, outage: Outage, *, by: str) -> int:
    days = tx.scheme.pack.numbers.pauses.outage_working_days
    due_on = working_days(tx.scheme.pack).after(outage.day, days)
    facts: dict[str, Fact] = {"day": outage.day.isoformat(), "minutes": outage.minutes}
    tx.record("outage-recorded", facts, by=by)
    owed = (
        await Obligation.objects()
        .where((Obligation.due_on == outage.day) & (Obligation.state == "open"))
        .order_by(Obligation.organisation, Obligation.id)
    )
    for each in owed:
        if each.organisation is not None:
            await tx.lock_organisation(each.organisation)
        await move_due_date(tx, each, due_on, why="outage", by="system")
    return len(owed)
