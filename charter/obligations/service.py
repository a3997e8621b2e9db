"""Opening, meeting, closing, moving and pausing what is due. Each takes part in a use case.

Every change of an obligation is an event (rule 40); these functions are the only writers.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from charter.calendar import WorkingDays
from charter.clock import local_day
from charter.errors import NotFound
from charter.framework.ladders import ObligationKind
from charter.framework.pack import FrameworkPack
from charter.history.events import Fact
from charter.ledger import Ledger
from charter.obligations import rules
from charter.obligations.tables import Notice, Obligation, Pause
from charter.plans.tables import Milestone

EVIDENCE = "evidence"
"""The kind of obligation that a milestone's own date sets; its subject is the pledge."""

MovedWhy = Literal["extension", "outage", "correction"]
"""Why a date can move: a community decision, the register out of reach, a wrong fact put right."""


def working_days(pack: FrameworkPack) -> WorkingDays:
    """Return the working days of the region the pack is for."""
    return WorkingDays(pack.framework.holidays_country, pack.framework.holidays_subdivision)


async def open_obligation(
    tx: Ledger,
    kind: str,
    *,
    organisation: UUID | None,
    subject: UUID | None = None,
    due_on: date | None = None,
    pledge: int | None = None,
    milestone: int | None = None,
    type_id: str | None = None,
) -> Obligation:
    """Open an obligation and record it. `due_on` is needed where the kind has no length.

    Give no organisation for what is owed about people, such as a concern nobody has decided: its
    events then stand in the register's history and on no organisation's page.
    """
    row = tx.scheme.pack.obligation_kind(kind)
    day = due_on or rules.due_day(row, tx.today, working_days(tx.scheme.pack))
    obligation = Obligation(
        organisation=organisation,
        kind=kind,
        owner=row.owner,
        subject=subject,
        pledge=pledge,
        milestone=milestone,
        type=type_id,
        opened_at=tx.now,
        first_due_on=day,
        due_on=day,
        next_step_on=tx.today,
    )
    await obligation.save()
    facts: dict[str, Fact] = {
        **_named(row, obligation),
        "kind": kind,
        "owner": row.owner,
        "due_on": day.isoformat(),
        "pledge": pledge,
        "milestone": milestone,
        "type": type_id,
    }
    tx.record("obligation-opened", facts, organisation=organisation, by="system")
    return obligation


async def meet_obligation(tx: Ledger, obligation: Obligation) -> None:
    """Record that what was owed was done. Meeting it twice changes nothing."""
    await _end(tx, obligation, "met", "obligation-met", {})


async def close_obligation(tx: Ledger, obligation: Obligation, *, why: str) -> None:
    """Record that something is no longer owed, such as evidence for a withdrawn pledge."""
    await _end(tx, obligation, "closed", "obligation-closed", {"why": why})


async def waive_obligation(tx: Ledger, obligation: Obligation, *, why: str) -> None:
    """Waive an obligation in public, with its reason."""
    await _end(tx, obligation, "waived", "obligation-waived", {"why": why})


async def move_due_date(
    tx: Ledger, obligation: Obligation, due_on: date, *, why: MovedWhy, by: str
) -> None:
    """Put a new date in force, with its public reason; the first stays beside it (rule 13).

    The milestone that it is about reads the same date. A clock that stands still stays so.
    """
    was = obligation.due_on
    stands_still = await _open_pause(obligation) is not None
    await Obligation.update(
        {
            Obligation.due_on: due_on,
            Obligation.next_step_on: None if stands_still else tx.today,
        }
    ).where(Obligation.id == obligation.id)
    obligation.due_on = due_on
    await _leave_untold(obligation)
    await move_milestone(obligation, was)
    _record(
        tx,
        "due-date-moved",
        obligation,
        {"due_on": due_on.isoformat(), "was": was.isoformat(), "why": why},
        by=by,
    )


async def move_milestone(obligation: Obligation, was: date) -> None:
    """Let a milestone read the date in force, where it was this one: an answer has its own."""
    if obligation.kind != EVIDENCE:
        return
    await Milestone.update({Milestone.due_on: obligation.due_on}).where(
        (Milestone.pledge == obligation.subject)
        & (Milestone.number == obligation.milestone)
        & (Milestone.due_on == was)
    )


async def pause_clock(tx: Ledger, obligation: Obligation, *, why: str, by: str) -> None:
    """Stop one clock, with its public reason (rule 32). Pausing a stopped clock changes nothing."""
    if await _open_pause(obligation) is not None or obligation.state != "open":
        return
    await Pause(obligation=obligation.id, why=why, by=by, since=tx.now).save()
    await Obligation.update({Obligation.next_step_on: None}).where(Obligation.id == obligation.id)
    _record(tx, "clock-paused", obligation, {"why": why, "paused_by": by}, by=by)


async def resume_clock(tx: Ledger, obligation: Obligation, *, by: str) -> None:
    """Let a stopped clock run again; the days it stood still are never counted."""
    pause = await _open_pause(obligation)
    if pause is None:
        return
    await Pause.update({Pause.until: tx.now}).where(Pause.id == pause.id)
    await Obligation.update({Obligation.next_step_on: tx.today}).where(
        Obligation.id == obligation.id
    )
    _record(tx, "clock-resumed", obligation, {"why": pause.why}, by=by)


async def carry_pauses_over(tx: Ledger, was: Obligation, now: Obligation) -> None:
    """Let a clock that is opened anew have stood still as it did before; it runs from now on.

    What `was` owed is closed, and with it every pause.
    """
    for pause in await Pause.objects().where(Pause.obligation == was.id).order_by(Pause.id):
        await Pause(
            obligation=now.id,
            why=pause.why,
            by=pause.by,
            since=pause.since,
            until=pause.until,
        ).save()
        facts: dict[str, Fact] = {"why": pause.why, "paused_by": pause.by}
        _record(tx, "clock-paused", now, facts, by=pause.by, effective_at=pause.since)
        _record(tx, "clock-resumed", now, {"why": pause.why}, by="system", effective_at=pause.until)


async def look_again(tx: Ledger, organisation: UUID) -> None:
    """Have every running clock of an organisation looked at today, as when its ladders change."""
    await Obligation.update({Obligation.next_step_on: tx.today}).where(
        (Obligation.organisation == organisation)
        & (Obligation.state == "open")
        & Obligation.next_step_on.is_not_null()
    )


async def find_obligation(obligation_id: int) -> Obligation:
    """Return an obligation by its number. Raises `NotFound`."""
    row = await Obligation.objects().where(Obligation.id == obligation_id).first()
    if row is None:
        raise NotFound("There is no such obligation.")
    return row


async def paused_days(pack: FrameworkPack, obligation: Obligation) -> int:
    """Return the local days on which a clock stood still, counting closed pauses only."""
    pauses = await Pause.objects().where(
        (Pause.obligation == obligation.id) & Pause.until.is_not_null()
    )
    most = pack.numbers.pauses.days_most
    return sum(
        min(most, (local_day(pause.until, pack.zone) - local_day(pause.since, pack.zone)).days)
        for pause in pauses
    )


async def open_obligations(
    organisation: UUID, *kinds: str, subject: UUID | None = None
) -> list[Obligation]:
    """Return what an organisation still owes, of certain kinds or about one subject if given."""
    query = Obligation.objects().where(
        (Obligation.organisation == organisation) & (Obligation.state == "open")
    )
    if kinds:
        query = query.where(Obligation.kind.is_in(list(kinds)))
    if subject is not None:
        query = query.where(Obligation.subject == subject)
    return await query.order_by(Obligation.id)


def describe(pack: FrameworkPack, obligation: Obligation) -> str:
    """Return the public name of an obligation."""
    return rules.name_obligation(
        pack.obligation_kind(obligation.kind),
        pledge=obligation.pledge,
        milestone=obligation.milestone,
        type_id=obligation.type,
    )


async def _open_pause(obligation: Obligation) -> Pause | None:
    return (
        await Pause.objects()
        .where((Pause.obligation == obligation.id) & Pause.until.is_null())
        .first()
    )


async def _end(
    tx: Ledger, obligation: Obligation, state: str, event: str, facts: dict[str, Fact]
) -> None:
    ended = (
        await Obligation.update({Obligation.state: state, Obligation.ended_at: tx.now})
        .where((Obligation.id == obligation.id) & (Obligation.state == "open"))
        .returning(Obligation.id)
    )
    if not ended:
        return
    await Pause.update({Pause.until: tx.now}).where(
        (Pause.obligation == obligation.id) & Pause.until.is_null()
    )
    obligation.state = state
    if state != "closed":
        await _leave_untold(obligation)
    _record(tx, event, obligation, facts, by="system")


async def _leave_untold(obligation: Obligation) -> None:
    """Skip what waits to be told of a date that is met, waived or no longer in force."""
    await Notice.update({Notice.state: "skipped"}).where(
        (Notice.obligation == obligation.id) & (Notice.state == "queued")
    )


def _record(
    tx: Ledger,
    kind: str,
    obligation: Obligation,
    facts: dict[str, Fact],
    *,
    by: str,
    effective_at: datetime | None = None,
) -> None:
    row = tx.scheme.pack.obligation_kind(obligation.kind)
    tx.record(
        kind,
        {**_named(row, obligation), **facts},
        organisation=obligation.organisation,
        by=by,
        effective_at=effective_at,
    )


def _named(row: ObligationKind, obligation: Obligation) -> dict[str, Fact]:
    what = rules.name_obligation(
        row, pledge=obligation.pledge, milestone=obligation.milestone, type_id=obligation.type
    )
    return {"obligation": obligation.id, "what": what}
