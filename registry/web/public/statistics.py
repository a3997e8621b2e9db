"""The scheme in numbers. Organisations are never left out; small counts of people are."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from charter.clock import local_day
from charter.organisations.tables import Organisation
from charter.standing.tables import CurrentStanding
from charter.standing.words import GONE, Level, Standing
from registry.web.public.lateness import count_late
from registry.web.public.listing import Site
from registry.web.public.payloads import (
    Meta,
    OrganisationCounts,
    ResultsPayload,
    StatisticsPayload,
    TypeCounts,
)
from registry.web.public.suppression import publish_measure, publish_nested


async def describe_statistics(site: Site, now: datetime) -> StatisticsPayload:
    """Count everything there is to count."""
    pack = site.pack
    rows = await CurrentStanding.raw(_STANDINGS)
    today = local_day(now, pack.zone)
    unpaid_since = now - timedelta(days=pack.numbers.pay.unpaid_stop_days)
    [figures] = await Organisation.raw(_FIGURES, sorted(GONE), today, unpaid_since)
    fewest = pack.numbers.publication.suppress_people_under
    return StatisticsPayload(
        meta=Meta(generated_at=now),
        organisations=OrganisationCounts(
            total=len(rows),
            by_standing=_count((row["standing"] for row in rows), Standing),
            by_level=_count((row["level"] for row in rows), Level),
            by_borough=_count(
                (borough for row in rows for borough in row["boroughs"]),
                [borough.id for borough in pack.region.boroughs],
            ),
            by_sector=_count(
                (row["sector"] for row in rows), [sector.id for sector in pack.region.sectors]
            ),
            by_size=_count((row["band"] for row in rows), [band.id for band in pack.bands]),
        ),
        types=_types(rows, pack.type_ids, await _live_pledges(today)),
        results=_results(rows),
        obligations={
            "open": figures["open"],
            "late": await count_late(site, now),
            "hub_late": figures["hub_late"],
        },
        reviews={"decided": figures["decided"], "median_days": figures["review_days"]},
        pay=_pay(figures, fewest),
        concerns=_concerns(figures, fewest),
        applications={
            "received": figures["applications"],
            "refused": figures["refused"],
            "appeals_lodged": figures["refusals_appealed"],
            "appeals_upheld": figures["refusals_undone"],
            "appeals_waiting": figures["refusals_waiting"],
        },
    )


async def statistic_rows(site: Site) -> AsyncIterator[dict[str, Any]]:
    """Yield every figure, by the names that lead to it in the twin for programs."""
    payload = await describe_statistics(site, site.scheme.now())
    told: dict[str, Any] = msgspec.to_builtins(payload)
    del told["meta"]
    for figure, value in _figures("", told):
        yield {"figure": figure, "value": value}


def _figures(path: str, told: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
    """Yield each number that is told, or kept back, with the dotted path of its names."""
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _figures(f"{path}{name}.", value)
        else:
            yield f"{path}{name}", value


def _pay(figures: Mapping[str, Any], fewest: int) -> dict[str, float | None]:
    """Tell of pay only what few people cannot be recognised by."""
    # Who is unpaid for long is unpaid: hours of the many beside a count of the few tell both.
    [_, unpaid_long] = publish_nested((figures["people_unpaid"], figures["unpaid"]), fewest)
    return {
        "median_days_to_pay": publish_measure(figures["pay_days"], figures["people_paid"], fewest),
        "unpaid_over_30_days": unpaid_long,
        **{
            f"hours_{how}": publish_measure(
                figures[f"hours_{how}"], figures[f"people_{how}"], fewest
            )
            for how in ("paid", "declined", "unpaid")
        },
    }


def _concerns(figures: Mapping[str, Any], fewest: int) -> dict[str, int | None]:
    """Tell of concerns, and of appeals against what became of them, what shows nobody."""
    received, decided, lodged, settled, undone = publish_nested(
        [figures[name] for name in _APPEALED_CONCERNS], fewest
    )
    *_, upheld = publish_nested([figures[name] for name in _UPHELD_CONCERNS], fewest)
    return {
        "received": received,
        "decided": decided,
        "upheld": upheld,
        "median_days": None if decided is None else figures["concern_days"],
        "appeals_lodged": lodged,
        "appeals_upheld": undone,
        "appeals_waiting": None if lodged is None or settled is None else lodged - settled,
    }


def _count(found: Any, known: Any) -> dict[str, int]:
    counts = Counter(found)
    return {str(token): counts[str(token)] for token in known}


def _types(
    rows: list[Mapping[str, Any]], type_ids: tuple[str, ...], live: Mapping[str, int]
) -> dict[str, TypeCounts]:
    answers: dict[str, Counter[str]] = {type_id: Counter() for type_id in type_ids}
    for row in rows:
        for answered in msgspec.json.decode(row["types"]):
            answers[answered["type"]][answered["answer"]] += 1
    return {
        type_id: TypeCounts(
            applies=counts["applies"],
            does_not_apply=counts["does-not-apply"],
            unanswered=counts["unanswered"],
            live_pledges=live.get(type_id, 0),
        )
        for type_id, counts in answers.items()
    }


def _results(rows: list[Mapping[str, Any]]) -> ResultsPayload:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(msgspec.json.decode(row["results"], type=dict[str, int]))
    return ResultsPayload(**total)


async def _live_pledges(today: date) -> dict[str, int]:
    """Return, by type, the pledges that run today of organisations still in the charter."""
    rows = await Organisation.raw(_LIVE_PLEDGES, today, sorted(GONE))
    return {row["type"]: row["count"] for row in rows}


_STANDINGS = """
SELECT o.boroughs, o.sector, o.band, s.standing, s.level, s.types::text, s.results::text
FROM current_standing s JOIN organisation o ON o.id = s.organisation
"""

_LIVE_PLEDGES = """
SELECT p.type, count(*) AS count FROM pledge p
JOIN current_standing s ON s.organisation = p.organisation
WHERE p.state = 'live' AND p.ends_on >= {} AND NOT s.standing = ANY({}::text[])
GROUP BY p.type
"""

_UPHELD_CONCERNS = ("received", "concerns_decided", "upheld")
_APPEALED_CONCERNS = (
    *("received", "concerns_decided", "concerns_appealed"),
    *("concern_appeals_decided", "concern_appeals_upheld"),
)
"""Counts of concerns that each include the next."""

_FIGURES = """
SELECT
    (SELECT count(*) FROM obligation o
        LEFT JOIN current_standing s ON s.organisation = o.organisation
        WHERE o.state = 'open'
        AND (o.owner <> 'organisation' OR NOT s.standing = ANY({}::text[]))) AS open,
    (SELECT count(*) FROM obligation WHERE state = 'open' AND owner = 'hub'
        AND due_on < {}) AS hub_late,
    (SELECT count(*) FROM review_case WHERE state = 'published') AS decided,
    (SELECT round(percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM published_at - opened_at) / 86400))::int
        FROM review_case WHERE state = 'published') AS review_days,
    (SELECT round(percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM p.paid_at - o.opened_at) / 86400))::int
        FROM pay_entry p JOIN obligation o ON o.id = p.obligation
        WHERE p.paid_at IS NOT NULL) AS pay_days,
    (SELECT count(*) FROM pay_entry p JOIN obligation o ON o.id = p.obligation
        WHERE p.paid_at IS NULL AND p.kind <> 'declined' AND o.opened_at < {}) AS unpaid,
    (SELECT count(*) FROM pay_entry WHERE paid_at IS NOT NULL AND kind <> 'declined')
        AS people_paid,
    (SELECT count(*) FROM pay_entry WHERE kind = 'declined') AS people_declined,
    (SELECT count(*) FROM pay_entry WHERE paid_at IS NULL AND kind <> 'declined')
        AS people_unpaid,
    (SELECT COALESCE(sum(hours), 0)::float FROM pay_entry
        WHERE paid_at IS NOT NULL AND kind <> 'declined') AS hours_paid,
    (SELECT COALESCE(sum(hours), 0)::float FROM pay_entry WHERE kind = 'declined')
        AS hours_declined,
    (SELECT COALESCE(sum(hours), 0)::float FROM pay_entry
        WHERE paid_at IS NULL AND kind <> 'declined') AS hours_unpaid,
    (SELECT count(*) FROM concern) AS received,
    (SELECT count(*) FROM concern WHERE decided_at IS NOT NULL) AS concerns_decided,
    (SELECT count(*) FROM concern
        WHERE COALESCE(NULLIF(appeal_outcome, ''), outcome) = 'upheld') AS upheld,
    (SELECT count(*) FROM concern WHERE appealed_at IS NOT NULL) AS concerns_appealed,
    (SELECT count(*) FROM concern WHERE appeal_decided_at IS NOT NULL) AS concern_appeals_decided,
    (SELECT count(*) FROM concern
        WHERE appeal_decided_at IS NOT NULL AND appeal_outcome <> outcome)
        AS concern_appeals_upheld,
    (SELECT round(percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM decided_at - received_at) / 86400))::int
        FROM concern WHERE decided_at IS NOT NULL) AS concern_days,
    (SELECT count(*) FROM organisation) AS applications,
    (SELECT count(*) FROM organisation g WHERE state = 'refused' OR EXISTS (
        SELECT FROM obligation o WHERE o.subject = g.id AND o.kind = 'identity-appeal'))
        AS refused,
    (SELECT count(*) FROM obligation WHERE kind = 'identity-appeal') AS refusals_appealed,
    (SELECT count(*) FROM organisation g WHERE state = 'accepted' AND EXISTS (
        SELECT FROM obligation o WHERE o.subject = g.id AND o.kind = 'identity-appeal'))
        AS refusals_undone,
    (SELECT count(*) FROM obligation WHERE kind = 'identity-appeal' AND state = 'open')
        AS refusals_waiting
"""
