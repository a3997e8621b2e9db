"""The pledges of one organisation at one instant, each with its milestones and its result."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from charter.history.queries import words_of
from charter.plans.tables import Milestone, Pledge
from registry.web.public.obligations import ASKED, Asked
from registry.web.public.payloads import MilestonePayload, PartnerPayload, PledgePayload
from registry.web.public.sharing import list_partners

_STILL_OPEN = frozenset({"not-yet-due", "late"})
"""Results of a pledge whose state is live."""


async def list_pledges(
    asked: Asked, results: Mapping[str, str], late: Mapping[int, int], url: str
) -> list[PledgePayload]:
    """Return every published pledge, tombstones too. `url` is the organisation's address."""
    rows: Sequence[Mapping[str, Any]] = await Pledge.raw(_PLEDGES, *asked.facts)
    words = await words_of(row["words"] for row in rows)
    steps = await _milestones(asked)
    partners = await list_partners(asked, url.rpartition("/")[0])
    return [
        _pledge(
            row,
            words[row["words"]],
            steps.get(row["id"], []),
            result=results.get(str(row["number"]), "not-yet-due"),
            days_late=late.get(row["number"], 0),
            url=url,
            partners=partners.get(row["number"], []),
        )
        for row in rows
    ]


def _pledge(
    row: Mapping[str, Any],
    wording: Mapping[str, Any],
    steps: Sequence[Mapping[str, Any]],
    *,
    result: str,
    days_late: int,
    url: str,
    partners: list[PartnerPayload],
) -> PledgePayload:
    terms = msgspec.json.decode(row["terms"])
    promised = {line["number"] for line in terms.get("milestones", [])}
    titles = {line["number"]: line["title"] for line in wording.get("milestones", [])}
    shown = [step for step in steps if step["number"] in promised]
    return PledgePayload(
        number=row["number"],
        type=row["type"],
        secondary_types=terms.get("secondary_types", []),
        title=wording["title"],
        version=row["version"],
        state="live" if result in _STILL_OPEN else result,
        first_due_on=_last(step["first_due_on"] for step in shown),
        due_on=_last(step["due_on"] for step in shown),
        days_late=days_late,
        agreed_with_communities=row["agreed"],
        funding_pence=terms.get("funding_pence"),
        milestones=[
            MilestonePayload(
                number=step["number"],
                title=titles.get(step["number"], ""),
                due_on=step["due_on"],
                state=step["verdict"] or ("received" if step["received"] else "open"),
                verdict=step["verdict"],
                first_due_on=step["first_due_on"],
                changed_since_reviewed=step["changed_on"],
            )
            for step in shown
        ],
        url=f"{url}/pledges/{row['number']}",
        partners=partners,
    )


def _last(days: Any) -> date | None:
    return max(days, default=None)


async def _milestones(asked: Asked) -> dict[UUID, list[Mapping[str, Any]]]:
    grouped: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in await Milestone.raw(_MILESTONES, *asked.facts):
        grouped.setdefault(row["pledge"], []).append(row)
    return grouped


_PLEDGES = f"""
WITH {ASKED}
SELECT p.id, p.number, p.type, v.version, v.terms::text AS terms, v.words,
    CASE WHEN EXISTS (SELECT 1 FROM codesign_session c JOIN confirmation f ON f.session = c.id
            WHERE c.organisation = a.organisation AND p.id = ANY(c.pledges)
                AND f.happened AND f.agrees AND NOT f.employed
                AND f.answered_at <= a.at AND (f.withdrawn_at IS NULL OR f.withdrawn_at > a.at)
                AND NOT EXISTS (SELECT 1 FROM confirmation u WHERE u.session = c.id
                    AND u.happened AND u.agrees AND u.answered_at <= a.at
                    AND paid_at(u, a.at) = 'unpaid'))
            THEN 'confirmed'
        WHEN EXISTS (SELECT 1 FROM codesign_session c
            WHERE c.organisation = a.organisation AND p.id = ANY(c.pledges)
                AND c.recorded_at <= a.at) THEN 'claimed'
        ELSE 'no' END AS agreed
FROM asked a JOIN pledge p ON p.organisation = a.organisation
JOIN LATERAL (SELECT version, terms, words FROM pledge_version
    WHERE pledge = p.id AND published_at <= a.at ORDER BY version DESC LIMIT 1) v ON true
ORDER BY p.number
"""  # noqa: S608 - constants only; every value is a parameter

_MILESTONES = f"""
WITH {ASKED}, moved AS MATERIALIZED (
    SELECT DISTINCT ON (o.pledge, o.milestone) o.pledge, o.milestone,
        (e.data ->> 'was')::date AS was
    FROM asked a JOIN event e ON e.organisation = a.organisation
    JOIN obligation o ON o.id = (e.data ->> 'obligation')::bigint
    WHERE e.kind = 'due-date-moved' AND e.recorded_at > a.at
    ORDER BY o.pledge, o.milestone, e.id)
SELECT m.pledge, m.number, m.first_due_on, COALESCE(d.was, m.due_on) AS due_on,
    r.id IS NOT NULL AS received, v.verdict, (SELECT max(c.made_at AT TIME ZONE a.zone)::date
        FROM evidence_change c WHERE c.report = r.id AND c.made_at <= a.at) AS changed_on
FROM asked a JOIN pledge p ON p.organisation = a.organisation
JOIN milestone m ON m.pledge = p.id
LEFT JOIN moved d ON d.pledge = p.number AND d.milestone = m.number
LEFT JOIN LATERAL (SELECT id FROM report
    WHERE pledge = m.pledge AND milestone = m.number AND received_at <= a.at
        AND (m.reopened_at IS NULL OR m.reopened_at > a.at OR received_at >= m.reopened_at)
    ORDER BY version DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT t.verdict FROM review_outcome t
    JOIN review_case c ON c.id = t."case"
    WHERE t.report = r.id AND c.state = 'published' AND c.published_at <= a.at LIMIT 1) v ON true
ORDER BY m.pledge, m.number
"""  # noqa: S608 - constants only; every value is a parameter
