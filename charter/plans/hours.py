"""How many hours communities gave an organisation, and whether they were paid (rule 24)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from charter.plans.tables import Session


@dataclass(frozen=True, slots=True)
class HoursGiven:
    """Hours people gave in sessions, by what they themselves say about pay.

    The hours of a session are shared out evenly among those who were asked to confirm it; the
    share of whoever has not answered is `unanswered`.
    """

    paid: float
    declined: float
    unpaid: float
    unanswered: float


async def hours_given_to(organisation: UUID, at: datetime) -> HoursGiven:
    """Return the hours given to an organisation, by the answers given up to an instant."""
    [row] = await Session.raw(_HOURS, at, organisation)
    return HoursGiven(**row)


_HOURS = """
WITH asked AS (SELECT {}::timestamptz AS at, {}::uuid AS organisation), held AS (
    SELECT s.id, s.hours, a.at, greatest(1,
        (SELECT count(*) FROM contributor_link k WHERE k.session = s.id)
        + (SELECT count(*) FROM confirmation g WHERE g.session = s.id AND g."group" IS NOT NULL
            AND g.answered_at <= a.at)) AS people
    FROM asked a JOIN codesign_session s ON s.organisation = a.organisation
    WHERE s.recorded_at <= a.at
), given AS (
    SELECT paid_at(f, h.at) AS paid, h.hours / h.people AS hours FROM held h
    JOIN confirmation f ON f.session = h.id AND f.answered_at <= h.at AND f.happened
), counted AS (
    SELECT COALESCE(sum(hours) FILTER (WHERE paid = 'paid'), 0) AS paid,
        COALESCE(sum(hours) FILTER (WHERE paid = 'declined'), 0) AS declined,
        COALESCE(sum(hours) FILTER (WHERE paid = 'unpaid'), 0) AS unpaid
    FROM given
)
SELECT round(paid, 1)::float AS paid, round(declined, 1)::float AS declined,
    round(unpaid, 1)::float AS unpaid,
    round((SELECT COALESCE(sum(hours), 0) FROM held) - paid - declined - unpaid, 1)::float
        AS unanswered
FROM counted
"""
