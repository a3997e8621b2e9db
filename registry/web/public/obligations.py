"""What one organisation owes, and is owed by the hub and the auditors, at one instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from charter.clock import local_day
from charter.framework.pack import FrameworkPack
from charter.history.tables import Event
from charter.obligations import rules
from charter.obligations.tables import Obligation
from charter.plans.coming import Coming, what_comes
from registry.web.public.payloads import ChasePayload, NextPayload, ObligationPayload

SHOWN_CHASE = 60
"""The newest public steps of the chase that a page shows; the history has them all."""

RUNNING = frozenset({"running", "paused", "waiting-on-hub"})
"""What a clock is seen to do while something is still owed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which organisation is asked about, and the instant the answer is for."""

    organisation: UUID
    at: datetime
    pack: FrameworkPack
    band: str

    @property
    def today(self) -> date:
        """The local day of that instant."""
        return local_day(self.at, self.pack.zone)

    @property
    def facts(self) -> tuple[UUID, datetime, str]:
        """The parameters of every statement that begins with `ASKED`."""
        return (self.organisation, self.at, self.pack.framework.zone)


ASKED = "asked AS (SELECT {}::uuid AS organisation, {}::timestamptz AS at, {}::text AS zone)"
"""The organisation, the instant and the zone, for the statements that describe it."""

MOVED = """moved AS MATERIALIZED (
    SELECT DISTINCT ON (e.data ->> 'obligation') (e.data ->> 'obligation')::bigint AS obligation,
        (e.data ->> 'was')::date AS was
    FROM asked a JOIN event e ON e.organisation = a.organisation
    WHERE e.kind = 'due-date-moved' AND e.recorded_at > a.at
    ORDER BY e.data ->> 'obligation', e.id)"""
"""The dates that were in force at that instant and have been moved since."""


async def list_obligations(asked: Asked) -> list[ObligationPayload]:
    """Return everything owed, met or waived, by date."""
    most = asked.pack.numbers.pauses.days_most
    rows = await Obligation.raw(_OBLIGATIONS, *asked.facts, most)
    return [_obligation(row, asked) for row in rows]


async def list_chase(asked: Asked) -> list[ChasePayload]:
    """Return the newest public steps of the chase (rule 36)."""
    rows = await Event.raw(_CHASE, asked.organisation, asked.at, SHOWN_CHASE)
    return [
        ChasePayload(
            on=local_day(row["recorded_at"], asked.pack.zone),
            step=row["name"],
            obligation=row["what"],
        )
        for row in rows
    ]


def find_next(owed: Iterable[ObligationPayload], asked: Asked) -> NextPayload | None:
    """Return what happens next and when: the next date, or the next step of the chase."""
    return next(iter(_steps(owed, asked)), None)


async def list_coming(
    owed: Iterable[ObligationPayload], asked: Asked, *, now: datetime
) -> list[NextPayload]:
    """Return the dates that come, in their order: what is due, and what the calendar brings.

    What the calendar brings is told of the present only: nobody knew it on a past day as we do now.
    """
    steps = _steps(owed, asked)
    if local_day(now, asked.pack.zone) == asked.today:
        opens = await what_comes(asked.organisation, pack=asked.pack, today=asked.today)
        steps += _openings(opens, asked)
    return sorted(steps, key=lambda step: step.on)


def _steps(owed: Iterable[ObligationPayload], asked: Asked) -> list[NextPayload]:
    running = [row for row in owed if row.owner == "organisation" and row.state == "running"]
    steps = [step for row in running if (step := _next_of(row, asked)) is not None]
    return sorted(steps, key=lambda step: step.on)


def _openings(opens: Iterable[Coming], asked: Asked) -> list[NextPayload]:
    """Return what the calendar brings, told once for all types that share a day."""
    types: dict[tuple[date, str], list[str]] = {}
    for each in opens:
        types.setdefault((each.opens_on, each.kind), []).extend([each.type] if each.type else [])
    return [NextPayload(on=on, what=_opening(named, asked)) for (on, _), named in types.items()]


def _opening(types: Sequence[str], asked: Asked) -> str:
    if not types:
        return "From this day the five types of racism are to be answered again"
    what = "pledges on {} end" if len(types) > 1 else "pledge on {} ends"
    return f"The last {what.format(asked.pack.catalogue.spell_types(types))}"


def _next_of(owed: ObligationPayload, asked: Asked) -> NextPayload | None:
    if owed.days_late == 0:
        return NextPayload(on=max(owed.due_on, asked.today), what=owed.title)
    ladder = asked.pack.ladder_of(owed.kind, asked.band)
    step = rules.next_step(ladder, owed.days_late)
    if step is None:
        return None
    day = asked.today + timedelta(days=step.offset - owed.days_late)
    return NextPayload(on=day, what=f"{step.title}, unless this arrives: {owed.title}")


def days_late_by_pledge(owed: Sequence[ObligationPayload]) -> dict[int, int]:
    """Return how many days the latest running obligation of each pledge is late."""
    late: dict[int, int] = {}
    for row in owed:
        if row.pledge is not None and row.state == "running":
            late[row.pledge] = max(late.get(row.pledge, 0), row.days_late)
    return late


def _obligation(row: Mapping[str, Any], asked: Asked) -> ObligationPayload:
    kind = asked.pack.obligation_kind(row["kind"])
    state = rules.see_clock(row["state"], row["why"])
    days = (asked.today - row["due_on"]).days - row["paused_days"] if state in RUNNING else 0
    return ObligationPayload(
        kind=row["kind"],
        owner=row["owner"],
        title=rules.name_obligation(
            kind, pledge=row["pledge"], milestone=row["milestone"], type_id=row["type"]
        ),
        due_on=row["due_on"],
        state=state,
        days_late=max(0, days),
        pledge=row["pledge"],
        paused_why=row["why"] if state in RUNNING else None,
        paused_by=row["by"] if state in RUNNING else None,
        paused_since=local_day(row["since"], asked.pack.zone)
        if row["since"] is not None and state in RUNNING
        else None,
    )


_OBLIGATIONS = f"""
WITH {ASKED}, {MOVED}
SELECT o.kind, o.owner, o.pledge, o.milestone, o.type, COALESCE(m.was, o.due_on) AS due_on,
    CASE WHEN o.ended_at IS NULL OR o.ended_at > a.at THEN 'open' ELSE o.state END AS state,
    p.why, p.by, p.since, COALESCE(stood.days, 0) AS paused_days
FROM asked a JOIN obligation o ON o.organisation = a.organisation
LEFT JOIN moved m ON m.obligation = o.id
LEFT JOIN LATERAL (SELECT why, by, since FROM pause
    WHERE obligation = o.id AND since <= a.at AND (until IS NULL OR until > a.at)
    ORDER BY since DESC LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT sum(LEAST({{}},
        (LEAST(COALESCE(until, a.at), a.at) AT TIME ZONE a.zone)::date
        - (since AT TIME ZONE a.zone)::date))::int AS days
    FROM pause WHERE obligation = o.id AND since <= a.at) stood ON true
WHERE o.opened_at <= a.at AND NOT (o.state = 'closed' AND o.ended_at <= a.at)
ORDER BY 6, o.id
"""  # noqa: S608 - constants only; every value is a parameter

_CHASE = """
SELECT recorded_at, data ->> 'name' AS name, data ->> 'what' AS what FROM event
WHERE organisation = {} AND kind = 'notice-sent' AND recorded_at <= {}
    AND (data ->> 'step')::int >= 1
ORDER BY id DESC LIMIT {}
"""
