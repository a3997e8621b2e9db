"""Use cases of quiet periods: nobody is asked for anything, and what waits on it stops (rule 11a).

One steward opens one, in public, because there is no time to find a second after an attack; the
pack says how long it may last at most.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from piccolo.custom_types import Combinable

from charter.errors import InvalidInput
from charter.history.queries import words_of
from charter.ledger import Ledger, transaction
from charter.obligations.service import find_obligation, pause_clock, resume_clock
from charter.obligations.tables import Obligation
from charter.plans import ask_rules
from charter.plans.tables import ContributorLink, QuietPeriod, RequestToTakePart
from charter.scheme import Scheme

WHY = "quiet-period"
"""The public reason of a clock that stands still because communities are left in peace."""

BY = "hub"
"""Who stops such a clock: the hub for everybody at once, and no steward for one alone."""


@dataclass(frozen=True, slots=True)
class QuietSeen:
    """A quiet period as everybody sees it. `ended_at` is None while it is in force."""

    reason: str
    opened_at: datetime
    until: date
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a quiet period would stop: requests and codes without an answer, and clocks."""

    requests: int
    codes: int
    clocks: int


async def open_quiet_period(scheme: Scheme, *, reason: str, until: date) -> None:
    """Stop all asks until the end of a day, with a public reason.

    Requests and codes that wait for an answer get as many days more, and keep them even if the
    period ends early. `keep_quiet` stops the clocks. Raises `InvalidInput` and `QuietAlready`.
    """
    errors = ask_rules.check_quiet(reason, until, scheme.today(), scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    async with transaction(scheme) as tx:
        await _end(tx, QuietPeriod.until < tx.today)
        if await quiet_until(tx.today) is not None:
            raise ask_rules.QuietAlready(
                "There is a quiet period already. End it first, or open the next one after it."
            )
        words = await tx.publish_words("quiet-period", {"reason": reason.strip()})
        await QuietPeriod(id=tx.new_id(), words=words.id, opened_at=tx.now, until=until).save()
        await _give_days(tx, ask_rules.days_added(tx.today, until))
        tx.record("quiet-period-opened", {"until": until.isoformat()}, by="steward", words=words)


async def end_quiet_period(scheme: Scheme) -> None:
    """End the quiet period before its last day; ending none changes nothing."""
    async with transaction(scheme) as tx:
        await _end(tx, QuietPeriod.until >= tx.today)


async def keep_quiet(scheme: Scheme) -> int:
    """Stop each clock that waits on communities while it is quiet, and start it afterwards.

    Returns how many moved. Safe to run twice: a clock that stands still is not stopped again, and
    one that anybody else stopped is left to them.
    """
    async with transaction(scheme) as tx:
        await _end(tx, QuietPeriod.until < tx.today)
    if await quiet_until(scheme.today()) is None:
        stopped = await Obligation.raw(_STOPPED, WHY, BY)
        return await _move(scheme, stopped, partial(resume_clock, by=BY))
    running = await Obligation.raw(_RUNNING, sorted(ask_rules.kinds_that_wait(scheme.pack)))
    return await _move(scheme, running, partial(pause_clock, why=WHY, by=BY))


async def quiet_until(today: date) -> date | None:
    """Return the last day of the quiet period in force, or None where communities may be asked."""
    row = (
        await QuietPeriod.objects()
        .where(QuietPeriod.ended_at.is_null() & (QuietPeriod.until >= today))
        .first()
    )
    return None if row is None else row.until


async def quiet_periods() -> tuple[QuietSeen, ...]:
    """Return every quiet period there was, the newest first.

    Of two opened at one instant the one still in force, whose end is null, is the newer.
    """
    newest = (QuietPeriod.opened_at, QuietPeriod.ended_at, QuietPeriod.id)
    rows = await QuietPeriod.objects().order_by(*newest, ascending=False)
    words = await words_of(row.words for row in rows)
    return tuple(
        QuietSeen(words[row.words]["reason"], row.opened_at, row.until, row.ended_at)
        for row in rows
    )


async def quiet_now(today: date) -> QuietSeen | None:
    """Return the quiet period in force, or None."""
    return next((seen for seen in await quiet_periods() if _holds(seen, today)), None)


async def reach_of_quiet(scheme: Scheme) -> Reach:
    """Return what a quiet period opened now would stop."""
    kinds = sorted(ask_rules.kinds_that_wait(scheme.pack))
    return Reach(
        requests=await RequestToTakePart.count().where(RequestToTakePart.state == "asked"),
        codes=await ContributorLink.count().where(
            ContributorLink.used_at.is_null() & (ContributorLink.expires_at > scheme.now())
        ),
        clocks=await Obligation.count().where(
            Obligation.kind.is_in(kinds) & (Obligation.state == "open")
        ),
    )


def _holds(seen: QuietSeen, today: date) -> bool:
    return seen.ended_at is None and today <= seen.until


async def _end(tx: Ledger, which: Combinable) -> None:
    ended = (
        await QuietPeriod.update({QuietPeriod.ended_at: tx.now})
        .where(QuietPeriod.ended_at.is_null() & which)
        .returning(QuietPeriod.id)
    )
    if ended:
        tx.record("quiet-period-ended", {}, by="hub")


async def _give_days(tx: Ledger, days: int) -> None:
    """Move the last day of every request and code that nobody has answered yet."""
    await RequestToTakePart.update(
        {RequestToTakePart.answer_by: RequestToTakePart.answer_by + timedelta(days=days)}
    ).where((RequestToTakePart.state == "asked") & (RequestToTakePart.answer_by >= tx.today))
    await ContributorLink.update(
        {ContributorLink.expires_at: ContributorLink.expires_at + timedelta(days=days)}
    ).where(ContributorLink.used_at.is_null() & (ContributorLink.expires_at > tx.now))


_RUNNING = """
    SELECT o.id, o.organisation FROM obligation o
    WHERE o.state = 'open' AND o.kind = ANY({}) AND NOT EXISTS (
        SELECT 1 FROM pause p WHERE p.obligation = o.id AND p.until IS NULL)
    ORDER BY o.id
"""

_STOPPED = """
    SELECT o.id, o.organisation FROM obligation o
    JOIN pause p ON p.obligation = o.id AND p.until IS NULL
    WHERE o.state = 'open' AND p.why = {} AND p.by = {}
    ORDER BY o.id
"""


async def _move(
    scheme: Scheme,
    clocks: Sequence[Mapping[str, Any]],
    act: Callable[[Ledger, Obligation], Awaitable[None]],
) -> int:
    """Stop or start clocks, each in a transaction of its own; return how many."""
    for row in clocks:
        async with transaction(scheme) as tx:
            await tx.lock_organisation(row["organisation"])
            await act(tx, await find_obligation(row["id"]))
    return len(clocks)
