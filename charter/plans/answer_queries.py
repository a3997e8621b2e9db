"""Who took part in answering for a type, by their own word, and in what order they would act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from charter.framework.pack import FrameworkPack
from charter.plans.rules import assess_community_order
from charter.plans.tables import Answer, Confirmation


async def who_took_part(organisation: UUID, at: datetime | None = None) -> dict[int, str]:
    """Return, by the row of each answer, whether those who took part confirmed it (rule 5).

    It is confirmed, claimed where only the organisation says so, or no where it names no session;
    as of an instant, if one is given.
    """
    rows: Sequence[Mapping[str, Any]] = await Answer.raw(_TOOK_PART, at, organisation)
    return {row["id"]: row["said"] for row in rows}


async def community_order(organisation: UUID, pack: FrameworkPack, at: datetime) -> tuple[str, ...]:
    """Return the order of the five types that those who took part gave, or nothing."""
    rows: Sequence[Mapping[str, Any]] = await Confirmation.raw(_ORDERS, at, organisation)
    return assess_community_order((row["order"] for row in rows), pack)


_ASKED = """
WITH asked AS (
    SELECT COALESCE({}::timestamptz, 'infinity') AS at, {}::uuid AS organisation
), held AS (
    SELECT s.id, s.answers, f."order", COALESCE(f.happened AND f.agrees AND NOT f.employed
        AND paid_at(f, a.at) <> 'unpaid' AND f.answered_at <= a.at
        AND (f.withdrawn_at IS NULL OR f.withdrawn_at > a.at), false) AS counts
    FROM asked a JOIN codesign_session s ON s.organisation = a.organisation
    LEFT JOIN confirmation f ON f.session = s.id
    WHERE s.recorded_at <= a.at
)
"""

_TOOK_PART = (
    _ASKED
    + """
SELECT n.id, CASE WHEN bool_or(h.counts) THEN 'confirmed' WHEN count(h.id) > 0 THEN 'claimed'
    ELSE 'no' END AS said
FROM asked a JOIN answer n ON n.organisation = a.organisation AND n.given_at <= a.at
LEFT JOIN held h ON n.id = ANY(h.answers)
GROUP BY n.id
"""
)

_ORDERS = (
    _ASKED  # noqa: S608 - constants only; every value is a parameter
    + """
SELECT h."order" FROM held h WHERE h.counts AND h.answers && ARRAY(
    SELECT DISTINCT ON (n.type) n.id FROM asked a JOIN answer n ON n.organisation = a.organisation
    WHERE n.given_at <= a.at ORDER BY n.type, n.version DESC)
"""
)
