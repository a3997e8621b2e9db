"""The chase: each day, find the steps whose day has come and write their notices.

Asking again changes nothing: a notice is one per obligation, due date, step and person, and a
step is recorded once (rule 36). Days on which nothing ran are caught up: what a later step
overtook is recorded as skipped, and a step with a consequence is never skipped (rule 37).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from charter.clock import local_day
from charter.framework.ladders import Ladder, LadderStep
from charter.history.events import Fact
from charter.ledger import Ledger, transaction
from charter.obligations import rules
from charter.obligations.service import describe, paused_days
from charter.obligations.tables import Notice, Obligation
from charter.organisations.tables import Membership, Organisation
from charter.people import People
from charter.reviews.tables import Seat
from charter.scheme import Scheme
from charter.standing.tables import CurrentStanding
from charter.standing.words import GONE

_HUB_ROLES = {"steward": "steward", "hub-lead": "administrator"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody to write to: an account and the role in which they are addressed."""

    account: UUID
    role: str


async def chase(scheme: Scheme, people: People) -> int:
    """Write every notice whose day has come and return how many steps were recorded."""
    steps = 0
    for _, rows in groupby(await _to_chase(scheme.today()), key=lambda row: row["organisation"]):
        async with transaction(scheme) as tx:
            for row in list(rows):
                steps += await _chase_one(tx, row["id"], people)
    return steps


async def settle_due(scheme: Scheme) -> int:
    """Compute anew every standing whose answer no longer holds; return how many there were."""
    due = await CurrentStanding.select(CurrentStanding.organisation).where(
        CurrentStanding.holds_until <= scheme.now()
    )
    for row in due:
        await settle_one(scheme, row["organisation"])
    return len(due)


async def settle_one(scheme: Scheme, organisation: UUID) -> None:
    """Compute one standing anew, unless somebody else did so while we waited for its lock."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        if await CurrentStanding.exists().where(
            (CurrentStanding.organisation == organisation) & (CurrentStanding.holds_until <= tx.now)
        ):
            tx.settle(organisation)


async def next_due(scheme: Scheme) -> datetime | None:
    """Return the least `holds_until`: when the worker must look at standings again."""
    row = (
        await CurrentStanding.select(CurrentStanding.holds_until)
        .where(CurrentStanding.holds_until > scheme.now())
        .order_by(CurrentStanding.holds_until)
        .first()
    )
    return row["holds_until"] if row else None


async def _to_chase(today: date) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = await Obligation.raw(
        "SELECT o.id, o.organisation FROM obligation o"
        " LEFT JOIN current_standing s ON s.organisation = o.organisation"
        " WHERE o.state = 'open' AND o.next_step_on <= {}"
        " AND (o.owner <> 'organisation' OR s.standing IS NULL"
        " OR NOT s.standing = ANY({}::text[]))"
        " ORDER BY o.organisation NULLS FIRST, o.id",
        today,
        sorted(GONE),
    )
    return rows


async def _chase_one(tx: Ledger, obligation_id: int, people: People) -> int:
    obligation = (
        await Obligation.objects()
        .where((Obligation.id == obligation_id) & (Obligation.state == "open"))
        .lock_rows("UPDATE")
        .first()
    )
    if obligation is None or obligation.next_step_on is None:
        return 0
    ladder = await _ladder(tx.scheme, obligation)
    paused = await paused_days(tx.scheme.pack, obligation)
    turn = rules.take_turn(
        ladder,
        obligation.due_on,
        tx.today,
        await _steps_told(obligation),
        opened_on=local_day(obligation.opened_at, tx.scheme.pack.zone),
        paused_days=paused,
    )
    for step_due in turn.due:
        if step_due.overtaken:
            _record(tx, "notice-skipped", obligation, step_due.step, {})
        else:
            await _send(tx, obligation, step_due.step, people)
    await Obligation.update({Obligation.next_step_on: turn.look_again_on}).where(
        Obligation.id == obligation.id
    )
    return len(turn.due)


async def _ladder(scheme: Scheme, obligation: Obligation) -> Ladder:
    kind = scheme.pack.obligation_kind(obligation.kind)
    row = (
        await Organisation.select(Organisation.band)
        .where(Organisation.id == obligation.organisation)
        .first()
    )
    return scheme.pack.ladder(kind.ladder, row["band"]) if row else scheme.pack.ladder(kind.ladder)


async def _steps_told(obligation: Obligation) -> set[str]:
    rows = await Obligation.raw(
        "SELECT data->>'name' AS name FROM event WHERE kind IN ('notice-sent', 'notice-skipped')"
        " AND data->>'obligation' = {} AND data->>'due_on' = {}",
        str(obligation.id),
        obligation.due_on.isoformat(),
    )
    return {row["name"] for row in rows}


async def _send(tx: Ledger, obligation: Obligation, step: LadderStep, people: People) -> None:
    addressees = await _addressees(obligation, step, people)
    for addressee in addressees:
        await Notice.insert(
            Notice(
                obligation=obligation.id,
                due_on=obligation.due_on,
                step=step.offset,
                name=step.name,
                account=addressee.account,
                role=addressee.role,
                queued_at=tx.now,
            )
        ).on_conflict(action="DO NOTHING")
    roles: list[str] = sorted({addressee.role for addressee in addressees})
    _record(tx, "notice-sent", obligation, step, {"step": step.offset, "roles": roles})


async def _addressees(
    obligation: Obligation, step: LadderStep, people: People
) -> Sequence[Addressee]:
    found: dict[UUID, Addressee] = {}
    for role in step.addressees:
        for account in await _accounts(obligation, role, people):
            found.setdefault(account, Addressee(account, role))
    return tuple(found.values())


async def _accounts(obligation: Obligation, role: str, people: People) -> Sequence[UUID]:
    if role in _HUB_ROLES:
        return await people.with_role(_HUB_ROLES[role])
    if role == "auditor":
        rows = await Seat.raw(
            "SELECT s.auditor FROM review_seat s WHERE s.obligation = {}",
            obligation.id,
        )
        return [row["auditor"] for row in rows]  # by number: who it is stays sealed (rule 25)
    rows = (
        await Membership.select(Membership.account)
        .where(
            (Membership.organisation == obligation.organisation)
            & (Membership.role == role)
            & Membership.ended_at.is_null()
        )
        .order_by(Membership.since, Membership.account)
    )
    return [row["account"] for row in rows]


def _record(
    tx: Ledger, kind: str, obligation: Obligation, step: LadderStep, more: dict[str, Fact]
) -> None:
    facts: dict[str, Fact] = {
        "obligation": obligation.id,
        "what": describe(tx.scheme.pack, obligation),
        "due_on": obligation.due_on.isoformat(),
        "step": step.offset,
        "name": step.name,
        **more,
    }
    tx.record(kind, facts, organisation=obligation.organisation, by="system")
