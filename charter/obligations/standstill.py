"""Stewards stop a clock, or every clock, with a public reason, and let them run again (rule 32).

No pause lasts longer than the pack says, whoever it waits for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from charter.clock import local_day
from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    describe,
    find_obligation,
    pause_clock,
    paused_days,
    resume_clock,
    waive_obligation,
)
from charter.obligations.tables import Obligation, Pause, Standstill
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.organisations.tables import Organisation
from charter.scheme import Scheme

REASONS = ("hub-late", "outage", "quiet-period")
"""Why a steward may stop a clock. The reason is public."""

STEWARD = "steward"


class ClockNotTheirs(RuleViolation):
    """A steward stops and starts an organisation's clocks only, and resumes only what one paused.

    The hub's own lateness is never paused away, and a clock that waits on a panel or on a payee
    runs again when they answer.
    """

    code = "clock-not-theirs"
    rule = 32


class PauseUsedUp(RuleViolation):
    """Stewards cannot let one clock stand still again and again."""

    code = "pause-used-up"
    rule = 32


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """One clock of an organisation. `why`, `by` and `since` are set while it stands still."""

    obligation: int
    organisation: UUID
    organisation_name: str
    slug: str
    domain: str | None
    what: str
    due_on: date
    why: str
    by: str
    since: datetime | None

    @property
    def may_resume(self) -> bool:
        """Whether a steward stopped it, so that a steward may start it."""
        return self.by == STEWARD


async def pause_for_hub(
    scheme: Scheme, *, obligation: int, why: str, steward_employer_domain: str
) -> None:
    """Stop one clock of an organisation, in public. Pausing a stopped clock changes nothing.

    Raises `ClockNotTheirs`, `OwnEmployer`, `PauseUsedUp` and `InvalidInput`.
    """
    _require_reason(why)
    async with transaction(scheme) as tx:
        owed = await find_obligation(obligation)
        if owed.owner != "organisation" or owed.state != "open":
            raise ClockNotTheirs("Only a clock that runs for an organisation can be paused.")
        body = await tx.lock_organisation(owed.organisation)
        if shares_employer(steward_employer_domain, body.domain):
            raise OwnEmployer(
                "You work for this organisation. Ask a steward from elsewhere to decide."
            )
        most = scheme.pack.numbers.pauses.days_most
        if await paused_days(scheme.pack, owed) >= most:
            raise PauseUsedUp(f"This clock has stood still for {most} days. It can stop no more.")
        await pause_clock(tx, owed, why=why, by=STEWARD)


async def resume_for_hub(scheme: Scheme, *, obligation: int) -> None:
    """Let a clock run again that a steward stopped. Raises `ClockNotTheirs`."""
    async with transaction(scheme) as tx:
        owed = await find_obligation(obligation)
        pause = await _open_pauses([owed.id])
        if not pause:
            return
        if pause[0].by != STEWARD:
            raise ClockNotTheirs("This clock runs again when those it waits for have answered.")
        await tx.lock_organisation(owed.organisation)
        await resume_clock(tx, owed, by=STEWARD)


async def pause_every_clock(scheme: Scheme, *, why: str) -> int:
    """Stop what every organisation owes, all at once and all alike; return how many clocks.

    A clock that stands still already, or has stood still for as long as any may, is left alone.
    What is opened before they run again is stopped by `keep_still`. Raises `InvalidInput`.
    """
    _require_reason(why)
    async with transaction(scheme) as tx:
        await Standstill.insert(Standstill(why=why, since=tx.now)).on_conflict(action="DO NOTHING")
        rows = await Obligation.raw(_RUNNING)
        stopped = 0
        for row in rows:
            await tx.lock_organisation(row["organisation"])
            owed = await find_obligation(row["id"])
            used = await paused_days(scheme.pack, owed)
            if used < scheme.pack.numbers.pauses.days_most:
                await pause_clock(tx, owed, why=why, by=STEWARD)
                stopped += 1
        return stopped


async def resume_every_clock(scheme: Scheme) -> int:
    """Let every clock run again that stewards stopped; return how many."""
    async with transaction(scheme) as tx:
        await _end_standstill(tx)
        rows = await Obligation.raw(_STOPPED, STEWARD)
        for row in rows:
            await tx.lock_organisation(row["organisation"])
            await resume_clock(tx, await find_obligation(row["id"]), by=STEWARD)
        return len(rows)


async def keep_still(scheme: Scheme) -> int:
    """Stop what was opened while every clock stands still; return how many clocks.

    A steward may let one of them run again: it is not stopped a second time. The standstill itself
    ends once it has lasted as long as any pause may. Safe to run twice.
    """
    still = await Standstill.objects().where(Standstill.until.is_null()).first()
    if still is None:
        return 0
    lasted = scheme.today() - local_day(still.since, scheme.pack.zone)
    if lasted.days >= scheme.pack.numbers.pauses.days_most:
        async with transaction(scheme) as tx:
            await _end_standstill(tx)
        return 0
    rows = await Obligation.raw(_OPENED_SINCE, still.since)
    for row in rows:
        async with transaction(scheme) as tx:
            await tx.lock_organisation(row["organisation"])
            await pause_clock(tx, await find_obligation(row["id"]), why=still.why, by=STEWARD)
    return len(rows)


async def every_clock_stands_still() -> bool:
    """Return whether every clock was stopped and they were not let run again."""
    return await Standstill.exists().where(Standstill.until.is_null())


async def _end_standstill(tx: Ledger) -> None:
    await Standstill.update({Standstill.until: tx.now}).where(Standstill.until.is_null())


async def count_running() -> tuple[int, int]:
    """Return how many clocks run, and of how many organisations."""
    rows = await Obligation.raw(_RUNNING)
    return len(rows), len({row["organisation"] for row in rows})


async def end_long_pauses(scheme: Scheme) -> int:
    """End every pause that has lasted as long as any may; return how many.

    The pack says for each reason whether the clock then runs again or what is owed is waived.
    """
    numbers = scheme.pack.numbers.pauses
    rows = await Pause.objects().where(Pause.until.is_null()).order_by(Pause.id)
    ended = 0
    for pause in rows:
        stood = scheme.today() - local_day(pause.since, scheme.pack.zone)
        if stood.days < numbers.days_most:
            continue
        async with transaction(scheme) as tx:
            owed = await find_obligation(pause.obligation)
            if owed.organisation is not None:
                await tx.lock_organisation(owed.organisation)
            if numbers.when_over[pause.why] == "waived":
                await waive_obligation(tx, owed, why=pause.why)
            else:
                await resume_clock(tx, owed, by="system")
        ended += 1
    return ended


async def clocks_of(pack: FrameworkPack, organisation: UUID) -> tuple[ClockSeen, ...]:
    """Return every clock of an organisation that runs or stands still, the next date first."""
    owed = (
        await Obligation.objects()
        .where(
            (Obligation.organisation == organisation)
            & (Obligation.owner == "organisation")
            & (Obligation.state == "open")
        )
        .order_by(Obligation.due_on, Obligation.id)
    )
    return await _see(pack, owed)


async def clocks_paused(pack: FrameworkPack) -> tuple[ClockSeen, ...]:
    """Return every clock that stands still because a steward stopped it."""
    pauses = await Pause.objects().where((Pause.by == STEWARD) & Pause.until.is_null())
    if not pauses:
        return ()
    owed = await Obligation.objects().where(
        Obligation.id.is_in([pause.obligation for pause in pauses])
    )
    return await _see(pack, owed)


async def clock(pack: FrameworkPack, obligation: int) -> ClockSeen | None:
    """Return one clock of an organisation, or None where no organisation owes this."""
    owed = await Obligation.objects().where(
        (Obligation.id == obligation)
        & (Obligation.owner == "organisation")
        & Obligation.organisation.is_not_null()
        & (Obligation.state == "open")
    )
    return next(iter(await _see(pack, owed)), None)


async def _see(pack: FrameworkPack, owed: Sequence[Obligation]) -> tuple[ClockSeen, ...]:
    if not owed:
        return ()
    bodies = {
        row.id: row
        for row in await Organisation.objects().where(
            Organisation.id.is_in([row.organisation for row in owed])
        )
    }
    pauses = {row.obligation: row for row in await _open_pauses([row.id for row in owed])}
    return tuple(_clock(pack, row, bodies[row.organisation], pauses.get(row.id)) for row in owed)


def _clock(
    pack: FrameworkPack, row: Obligation, body: Organisation, pause: Pause | None
) -> ClockSeen:
    return ClockSeen(
        obligation=row.id,
        organisation=body.id,
        organisation_name=body.name,
        slug=body.slug,
        domain=body.domain,
        what=describe(pack, row),
        due_on=row.due_on,
        why=pause.why if pause else "",
        by=pause.by if pause else "",
        since=pause.since if pause else None,
    )


async def _open_pauses(obligations: Sequence[int]) -> list[Pause]:
    return await Pause.objects().where(
        Pause.obligation.is_in(list(obligations)) & Pause.until.is_null()
    )


def _require_reason(why: str) -> None:
    if why not in REASONS:
        raise InvalidInput(
            "Choose why the clock stops.",
            errors=[FieldError("why", "Choose why the clock stops. It is published.")],
        )


_RUNNING = """
SELECT o.id, o.organisation FROM obligation o
WHERE o.state = 'open' AND o.owner = 'organisation' AND o.organisation IS NOT NULL
    AND NOT EXISTS (SELECT FROM pause p WHERE p.obligation = o.id AND p.until IS NULL)
ORDER BY o.organisation, o.id
"""

_OPENED_SINCE = """
SELECT o.id, o.organisation FROM obligation o
WHERE o.state = 'open' AND o.owner = 'organisation' AND o.organisation IS NOT NULL
    AND o.opened_at >= {} AND NOT EXISTS (SELECT FROM pause p WHERE p.obligation = o.id)
ORDER BY o.organisation, o.id
"""

_STOPPED = """
SELECT o.id, o.organisation FROM obligation o JOIN pause p ON p.obligation = o.id
WHERE p.until IS NULL AND p.by = {} AND o.organisation IS NOT NULL
ORDER BY o.organisation, o.id
"""
