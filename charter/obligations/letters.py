"""From notices to letters and back: who is written to now, and what became of it.

A notice says that somebody must be told; a letter tells one person everything there is to tell in
one mail (rule 36). What the mail system answered comes back here and becomes a public fact: that
a warning arrived, or that it reached nobody (rule 31). Never that it was opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from charter.framework.ladders import LadderStep
from charter.history.events import Fact
from charter.ledger import Ledger, transaction
from charter.obligations.mail_rules import (
    WEEK,
    MailCalendar,
    SentMail,
    Waiting,
    earliest_mail,
    holds_chaser,
)
from charter.obligations.service import describe, working_days
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
        "SELECT n.id, n.name AS step, n.role, n.due_on, n.obligation, g.name, g.slug"
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
        step = _step_of(scheme, obligation.kind, row["step"])
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


async def ready_by_account(scheme: Scheme) -> dict[UUID, list[int]]:
    """Return the notices to be told now, by the person they are for, the oldest first (rule 36).

    A person to whom no mail may go yet is left out: what waits for them waits on, as does what
    is about a clock that stands still.
    """
    calendar = MailCalendar(scheme.pack.numbers.mail, scheme.pack.zone, working_days(scheme.pack))
    now = scheme.now()
    rows = await Notice.raw(
        "WITH waiting AS (SELECT n.* FROM notice n WHERE n.state = 'queued' AND NOT EXISTS"
        " (SELECT FROM pause p WHERE p.obligation = n.obligation AND p.until IS NULL))"
        " SELECT n.id, n.account, n.step, n.name, n.queued_at, n.sent_at, o.kind FROM ("
        "SELECT * FROM waiting UNION ALL SELECT * FROM notice"
        " WHERE sent_at > {} AND account IN (SELECT account FROM waiting)) n"
        " JOIN obligation o ON o.id = n.obligation"
        " ORDER BY n.account, n.sent_at NULLS FIRST, n.id",
        now - WEEK - timedelta(days=1),
    )
    ready = {}
    for account, theirs in groupby(rows, key=itemgetter("account")):
        mails = {at: list(told) for at, told in groupby(theirs, key=itemgetter("sent_at"))}
        queued = mails.pop(None)
        sent = [_as_sent(scheme, at, told) for at, told in mails.items()]
        if earliest_mail(_as_waiting(scheme, queued), sent, calendar, now) == now:
            ready[account] = [row["id"] for row in queued]
    return dict(sorted(ready.items(), key=itemgetter(1)))


def _as_sent(scheme: Scheme, at: datetime, told: Sequence[Mapping[str, Any]]) -> SentMail:
    return SentMail(at, holds_chaser(_as_waiting(scheme, told), scheme.pack.numbers.mail))


def _as_waiting(scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> list[Waiting]:
    steps = [_step_of(scheme, row["kind"], row["name"]) for row in rows]
    return [
        Waiting(row["step"], consequence=step.consequence, queued_at=row["queued_at"])
        for step, row in zip(steps, rows, strict=True)
    ]


def _step_of(scheme: Scheme, kind: str, name: str) -> LadderStep:
    """Return a step of the ladder that an obligation of `kind` climbs, whatever the band is now."""
    return scheme.pack.ladder_of(kind).find_step(name)


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
    facts: dict[str, Fact] = {
        "obligation": obligation.id,
        "what": describe(tx.scheme.pack, obligation),
        "due_on": notice.due_on.isoformat(),
        "step": notice.step,
        "name": notice.name,
    }
    tx.record(kind, facts, organisation=obligation.organisation, by="system")
