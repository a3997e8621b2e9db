"""From notices to letters and back: who is written to now, and what became of it.

A notice says that somebody must be told; a letter tells one person everything there is to tell in
one mail (rule 36). What the mail system answered comes back here and becomes a public fact: that
a warning arrived, or that it reached nobody (rule 31). Never that it was opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from charter.framework.ladders import LadderStep
from charter.history.kinds import Fact
from charter.ledger import Ledger, transaction
from charter.obligations.service import describe
from charter.obligations.tables import Notice, Obligation
from charter.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a letter tells: what is due, when, of which organisation, and at which step."""

    notice: int
    obligation: int
    kind: str
    what: str
    organisation: str | None
    slug: str | None
    due_on: date
    step: LadderStep
    role: str


async def lines_of(scheme: Scheme, notices: Sequence[int]) -> list[Line]:
    """Return what a letter about `notices` tells, the most urgent first."""
    rows: Sequence[Mapping[str, Any]] = await Notice.raw(
        "SELECT n.id, n.step, n.role, n.due_on, n.obligation, g.name, g.slug, g.band"
        " FROM notice n JOIN obligation o ON o.id = n.obligation"
        " LEFT JOIN organisation g ON g.id = o.organisation"
        " WHERE n.id = ANY({}::bigint[]) ORDER BY n.step DESC, n.due_on, n.id",
        list(notices),
    )
    lines = []
    for row in rows:
        obligation = await Obligation.objects().get(Obligation.id == row["obligation"])
        if obligation is None:
            continue
        kind = scheme.pack.obligation_kind(obligation.kind)
        ladder = (
            scheme.pack.ladder(kind.ladder, row["band"])
            if row["band"]
            else scheme.pack.ladder(kind.ladder)
        )
        step = next(step for step in ladder.steps if step.offset == row["step"])
        lines.append(
            Line(
                row["id"],
                obligation.id,
                obligation.kind,
                describe(scheme.pack, obligation),
                row["name"],
                row["slug"],
                row["due_on"],
                step,
                row["role"],
            )
        )
    return lines


async def queued_by_account() -> dict[UUID, list[int]]:
    """Return the notices that wait to be told, by the person they are for."""
    rows = await Notice.raw(
        "SELECT account, array_agg(id ORDER BY id) AS notices FROM notice"
        " WHERE state = 'queued' GROUP BY account ORDER BY account"
    )
    return {row["account"]: row["notices"] for row in rows}


async def write_letter(scheme: Scheme, *, account: UUID, notices: Sequence[int]) -> None:
    """Put one letter about `notices` into the outbox; a notice already told is left out."""
    async with transaction(scheme) as tx:
        taken = (
            await Notice.update({Notice.state: "sent", Notice.sent_at: tx.now})
            .where(Notice.id.is_in(list(notices)) & (Notice.state == "queued"))
            .returning(Notice.id)
        )
        ids = sorted(row["id"] for row in taken)
        if ids:
            payload = {"account": str(account), "notices": ids}
            tx.send("letter", f"letter:{account}:{ids[0]}-{ids[-1]}", payload)


async def record_arrival(scheme: Scheme, *, notices: Sequence[int]) -> None:
    """Record that the addressee's mail system accepted the letter about `notices`."""
    async with transaction(scheme) as tx:
        for notice in await _still(notices, "sent"):
            await Notice.update({Notice.state: "accepted", Notice.accepted_at: tx.now}).where(
                Notice.id == notice.id
            )
            earlier = await Notice.count().where(_same_step(notice) & (Notice.state == "accepted"))
            if earlier == 1:
                await _record(tx, "notice-accepted", notice)


async def record_bounce(scheme: Scheme, *, notices: Sequence[int]) -> None:
    """Record a hard bounce; the step has reached nobody once every contact's has bounced."""
    async with transaction(scheme) as tx:
        for notice in await _still(notices, "sent", "accepted"):
            await Notice.update({Notice.state: "bounced", Notice.bounced_at: tx.now}).where(
                Notice.id == notice.id
            )
            left = await Notice.count().where(_same_step(notice) & (Notice.state != "bounced"))
            if left == 0:
                await _record(tx, "notice-bounced", notice)


async def _still(notices: Sequence[int], *states: str) -> list[Notice]:
    rows: list[Notice] = (
        await Notice.objects()
        .where(Notice.id.is_in(list(notices)) & Notice.state.is_in(list(states)))
        .order_by(Notice.id)
        .lock_rows("UPDATE")
    )
    return rows


def _same_step(notice: Notice) -> Any:
    return (
        (Notice.obligation == notice.obligation)
        & (Notice.due_on == notice.due_on)
        & (Notice.step == notice.step)
    )


async def _record(tx: Ledger, kind: str, notice: Notice) -> None:
    obligation = await Obligation.objects().get(Obligation.id == notice.obligation)
    if obligation is None:
        return
    [line] = await lines_of(tx.scheme, [notice.id])
    facts: dict[str, Fact] = {
        "obligation": obligation.id,
        "what": describe(tx.scheme.pack, obligation),
        "due_on": notice.due_on.isoformat(),
        "step": notice.step,
        "name": line.step.name,
    }
    tx.record(kind, facts, organisation=obligation.organisation, by="system")
