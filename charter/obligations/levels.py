"""What is owed to keep a level: opened when its days run out, stopped while it waits for auditors.

The level itself is moved by the pure function alone (rule 30); here is only what warns of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from charter.clock import local_day
from charter.framework.pack import FrameworkPack
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    close_obligation,
    meet_obligation,
    open_obligation,
    open_obligations,
    pause_clock,
    resume_clock,
)
from charter.obligations.tables import Obligation, Pause
from charter.scheme import Scheme
from charter.standing.tables import CurrentStanding

WAITS = "under-review"
"""Why the clock of a level stands still: what would renew it waits for auditors."""


async def keep_levels(scheme: Scheme) -> int:
    """Bring what is owed to keep each level in line with what the level rests on; count them."""
    keepers = list(scheme.pack.level_keepers.values())
    rows: Sequence[Mapping[str, Any]] = await CurrentStanding.raw(
        "SELECT s.organisation FROM current_standing s WHERE s.level_lapses_on <= {} OR EXISTS"
        " (SELECT FROM obligation o WHERE o.organisation = s.organisation AND o.state = 'open'"
        " AND o.kind = ANY({}::text[])) ORDER BY s.organisation",
        scheme.today() + _ahead(scheme.pack),
        keepers,
    )
    for row in rows:
        async with transaction(scheme) as tx:
            await tx.lock_organisation(row["organisation"])
            await _keep_level(tx, row["organisation"])
    return len(rows)


def due_day_of_level(
    pack: FrameworkPack, level: str | None, lapses_on: date | None, today: date
) -> date | None:
    """Return the last day to renew what a level rests on; None where nothing is owed for it yet.

    It is never nearer than the first warning, so that each warning has its time.
    """
    if level not in pack.level_keepers or lapses_on is None:
        return None
    if lapses_on > today + _ahead(pack):
        return None
    return max(lapses_on - timedelta(days=1), today + _ahead(pack))


def _ahead(pack: FrameworkPack) -> timedelta:
    return -timedelta(days=min(pack.numbers.level.warning_offsets))


async def _keep_level(tx: Ledger, organisation: UUID) -> None:
    pack = tx.scheme.pack
    row = await CurrentStanding.objects().get(CurrentStanding.organisation == organisation)
    if row is None:
        return
    due_on = due_day_of_level(pack, row.level, row.level_lapses_on, tx.today)
    kind = pack.level_keepers.get(row.level or "")
    owed = await open_obligations(organisation, *pack.level_keepers.values())
    for each in owed:
        if each.kind != kind:
            await close_obligation(tx, each, why="level-changed")
        elif due_on is None:
            await meet_obligation(tx, each)
        else:
            await _stop_while_it_waits(tx, each, waits=row.level_waits)
    if kind is not None and due_on is not None and kind not in {each.kind for each in owed}:
        await open_obligation(tx, kind, organisation=organisation, due_on=due_on)


async def _stop_while_it_waits(tx: Ledger, owed: Obligation, *, waits: bool) -> None:
    stopped = await Pause.exists().where(
        (Pause.obligation == owed.id) & (Pause.why == WAITS) & Pause.until.is_null()
    )
    if waits and not stopped and not await _waited_out(tx, owed):
        await pause_clock(tx, owed, why=WAITS, by="auditors")
    elif stopped and not waits:
        await resume_clock(tx, owed, by="auditors")


async def _waited_out(tx: Ledger, owed: Obligation) -> bool:
    """Whether a clock that runs has waited for auditors before, as long as any may (rule 32)."""
    pack = tx.scheme.pack
    waited = await Pause.objects().where((Pause.obligation == owed.id) & (Pause.why == WAITS))
    return any(
        (local_day(pause.until, pack.zone) - local_day(pause.since, pack.zone)).days
        >= pack.numbers.pauses.days_most
        for pause in waited
    )
