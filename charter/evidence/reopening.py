"""Opening a milestone again: its evidence ran out, or was changed after it was accepted.

The reports stay in the history; new evidence is due, and until it is judged the milestone has no
result (rules 19 and 23).
"""

from datetime import timedelta
from uuid import UUID

from charter.clock import end_of_day
from charter.evidence.tables import Report
from charter.ledger import Ledger, transaction
from charter.obligations.service import open_obligation, open_obligations
from charter.plans.tables import Milestone, Pledge
from charter.scheme import Scheme

REPORTING = ("evidence", "more-needed-reply", "new-evidence")
"""Kinds of obligation that a report on a milestone answers."""


async def reopen_milestone(tx: Ledger, pledge: Pledge, milestone: int, *, why: str) -> None:
    """Open a milestone again in public, and ask for new evidence; an open one stays as it is."""
    owed = await open_obligations(pledge.organisation, *REPORTING)
    if any((each.pledge, each.milestone) == (pledge.number, milestone) for each in owed):
        return
    await Milestone.update({Milestone.reopened_at: tx.now}).where(
        (Milestone.pledge == pledge.id) & (Milestone.number == milestone)
    )
    tx.record(
        "milestone-reopened",
        {"pledge": pledge.number, "milestone": milestone, "why": why},
        organisation=pledge.organisation,
        by="system",
    )
    days = tx.scheme.pack.numbers.evidence.reopened_days
    await open_obligation(
        tx,
        "evidence",
        organisation=pledge.organisation,
        subject=pledge.id,
        due_on=tx.today + timedelta(days=days),
        pledge=pledge.number,
        milestone=milestone,
        type_id=pledge.type,
    )


async def expire_evidence(scheme: Scheme) -> int:
    """Open again every milestone of a live pledge whose accepted evidence ran out; return how many.

    Safe to run twice: a milestone that was opened again after that day is passed over.
    """
    rows = (
        await Milestone.objects()
        .where(Milestone.evidence_until < scheme.today())
        .order_by(Milestone.id)
    )
    count = 0
    for row in rows:
        over = end_of_day(row.evidence_until, scheme.pack.zone)
        if row.reopened_at is None or row.reopened_at < over:
            count += await _expire(scheme, row.pledge, row.number)
    return count


async def _expire(scheme: Scheme, pledge_id: UUID, number: int) -> bool:
    async with transaction(scheme) as tx:
        pledge = await Pledge.objects().where(Pledge.id == pledge_id).first()
        if pledge is None or pledge.state != "live":
            return False
        await tx.lock_organisation(pledge.organisation)
        last = (
            await Report.objects()
            .where((Report.pledge == pledge_id) & (Report.milestone == number))
            .order_by(Report.version, ascending=False)
            .first()
        )
        if last is None or last.state != "accepted":
            return False
        tx.record(
            "evidence-expired",
            {"pledge": pledge.number, "milestone": number},
            organisation=pledge.organisation,
            by="system",
        )
        await reopen_milestone(tx, pledge, number, why="evidence-ran-out")
        return True
