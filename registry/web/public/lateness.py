"""Who is late, with what, since when; the hub and its auditors included (rules 34 and 35)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from charter.clock import local_day
from charter.obligations import rules
from charter.obligations.tables import Obligation
from charter.plans.quiet import quiet_now
from charter.standing.words import GONE
from registry.web.public.concerns import list_upheld
from registry.web.public.listing import Site
from registry.web.public.payloads import Meta, Payload, UpheldConcernPayload

DAYS_A_WEEK = 7


class NextStepPayload(Payload, frozen=True, kw_only=True):
    """The next step of a chase."""

    on: date | None
    name: str


class LateOrganisationPayload(Payload, frozen=True, kw_only=True):
    """Who is late, with what."""

    slug: str
    name: str
    kind: str
    title: str
    due_on: date
    days_late: int
    paused: bool
    next_step: NextStepPayload | None


class LateHubPayload(Payload, frozen=True, kw_only=True):
    """What the hub itself is late with, by kind and count."""

    kind: str
    count: int
    oldest_due_on: date
    days_late: int


class LateAuditorsPayload(Payload, frozen=True, kw_only=True):
    """How many reviews wait, and the oldest wait in weeks; never who."""

    waiting: int
    oldest_weeks: int | None


class QuietPayload(Payload, frozen=True, kw_only=True):
    """The quiet period in force: why, and its last day (rule 11a)."""

    reason: str
    until: date


class LatePayload(Payload, frozen=True, kw_only=True):
    """Who is late; the hub included."""

    meta: Meta
    organisations: list[LateOrganisationPayload]
    hub: list[LateHubPayload]
    auditors: LateAuditorsPayload
    concerns_about_register: list[UpheldConcernPayload]
    quiet: QuietPayload | None = None


async def describe_lateness(site: Site, now: datetime) -> LatePayload:
    """Return who is late today, by kind and then by name; there is no order by lateness."""
    today = local_day(now, site.pack.zone)
    organisations = await Obligation.raw(_ORGANISATIONS, *_asked(site, now))
    hub = await Obligation.raw(_HUB, today)
    auditors = await Obligation.raw(_AUDITORS)
    quiet = await quiet_now(today)
    return LatePayload(
        meta=Meta(generated_at=now, total=len(organisations)),
        organisations=[_organisation(row, site, today) for row in organisations],
        hub=[
            LateHubPayload(
                kind=row["kind"],
                count=row["count"],
                oldest_due_on=row["oldest"],
                days_late=(today - row["oldest"]).days,
            )
            for row in hub
        ],
        auditors=_auditors(auditors, now),
        concerns_about_register=await list_upheld(site, None, now),
        quiet=QuietPayload(reason=quiet.reason, until=quiet.until) if quiet else None,
    )


async def count_late(site: Site, now: datetime) -> int:
    """Return how many obligations of organisations are late: the rows of `/late`."""
    [row] = await Obligation.raw(_COUNT, *_asked(site, now))
    late: int = row["late"]
    return late


def _asked(site: Site, now: datetime) -> tuple[datetime, str, list[str], int, list[str]]:
    """Return the parameters of the statements below. A level that may fall is no broken promise."""
    pack = site.pack
    keepers = list(pack.level_keepers.values())
    return now, pack.framework.zone, keepers, pack.numbers.pauses.days_most, sorted(GONE)


def _organisation(row: Mapping[str, Any], site: Site, today: date) -> LateOrganisationPayload:
    kind = site.pack.obligation_kind(row["kind"])
    ladder = site.pack.ladder(kind.ladder, row["band"])
    step = rules.next_step(ladder, row["days_late"])
    coming = today + timedelta(days=step.offset - row["days_late"]) if step else None
    return LateOrganisationPayload(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        title=rules.name_obligation(
            kind, pledge=row["pledge"], milestone=row["milestone"], type_id=row["type"]
        ),
        due_on=row["due_on"],
        days_late=row["days_late"],
        paused=row["paused"],
        next_step=NextStepPayload(on=None if row["paused"] else coming, name=step.title)
        if step
        else None,
    )


def _auditors(rows: Sequence[Mapping[str, Any]], now: datetime) -> LateAuditorsPayload:
    [row] = rows
    oldest = row["oldest"]
    weeks = None if oldest is None else (now - oldest).days // DAYS_A_WEEK
    return LateAuditorsPayload(waiting=row["waiting"], oldest_weeks=weeks)


_OWED_LATE = """
WITH asked AS (SELECT {}::timestamptz AS at, {}::text AS zone, {}::text[] AS keepers,
    {}::int AS most, {}::text[] AS gone), owed AS (
    SELECT g.slug, g.name, g.band, o.kind, o.pledge, o.milestone, o.type, o.due_on,
        EXISTS (SELECT 1 FROM pause p WHERE p.obligation = o.id AND p.until IS NULL) AS paused,
        (a.at AT TIME ZONE a.zone)::date - o.due_on - COALESCE((
            SELECT sum(LEAST(a.most, (COALESCE(p.until, a.at) AT TIME ZONE a.zone)::date
                - (p.since AT TIME ZONE a.zone)::date))
            FROM pause p WHERE p.obligation = o.id), 0)::int AS days_late
    FROM asked a CROSS JOIN obligation o
    JOIN organisation g ON g.id = o.organisation
    JOIN current_standing s ON s.organisation = g.id
    WHERE o.state = 'open' AND o.owner = 'organisation'
        AND NOT o.kind = ANY(a.keepers)
        AND o.due_on < (a.at AT TIME ZONE a.zone)::date
        AND NOT s.standing = ANY(a.gone)
)
"""

_ORGANISATIONS = (
    _OWED_LATE + "SELECT * FROM owed WHERE days_late >= 1 ORDER BY kind, lower(name), due_on"  # noqa: S608 - constants only
)

_COUNT = _OWED_LATE + "SELECT count(*) AS late FROM owed WHERE days_late >= 1"  # noqa: S608 - constants only

_HUB = """
SELECT kind, count(*) AS count, min(due_on) AS oldest FROM obligation
WHERE state = 'open' AND owner = 'hub' AND due_on < {} GROUP BY kind ORDER BY kind
"""

_AUDITORS = """
SELECT count(*) AS waiting, min(opened_at) AS oldest FROM obligation
WHERE state = 'open' AND owner = 'auditors'
"""
