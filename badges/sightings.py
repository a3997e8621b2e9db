"""How often badges are looked at, and where: counts of days, with nothing of whoever looks.

No address of a reader, no instant, no name of a browser comes here, so nobody can be followed from
one badge to another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from badges.tables import Sighting

MOST_HOSTS: Final = 100
"""Sites kept for one badge: a stranger can make up as many as they like."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at `times` times: a badge's page, as of one place, or its picture on a site.

    `place` is empty for the badge's own code, `host` is empty for a page of ours.
    """

    code: str
    place: str
    host: str
    times: int


async def add_sightings(seen: Sequence[Seen], *, on: date) -> None:
    """Add to what was counted on the day `on`; codes that no badge has are let go."""
    columns = zip(*((each.code, each.place, each.host, each.times) for each in seen), strict=True)
    await Sighting.raw(_ADD, on, *map(list, columns), MOST_HOSTS)


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """How often one place's code was scanned, empty for the badge's own code."""

    place: str
    times: int


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """A site that shows the live picture, and on which days it was first and last looked at."""

    host: str
    first_on: date
    last_on: date


async def places_seen(badge: UUID, *, since: date) -> Sequence[PlaceSeen]:
    """Return how often each place was looked at since a day, the busiest first."""
    rows = await Sighting.raw(_PLACES, badge, since)
    return [PlaceSeen(row["place"], row["times"]) for row in rows]


async def sites_seen(badge: UUID, *, since: date) -> Sequence[SiteSeen]:
    """Return the sites that have shown the live picture since a day, by name."""
    rows = await Sighting.raw(_SITES, badge, since)
    return [SiteSeen(row["host"], row["first_on"], row["last_on"]) for row in rows]


def belongs_to(host: str, *domains: str | None) -> bool:
    """Say whether a site is one of the organisation's own `domains`, or lies below one."""
    name = host.partition(":")[0]
    own = [domain for domain in domains if domain]
    return any(name == domain or name.endswith(f".{domain}") for domain in own)


_ADD: Final = """
INSERT INTO sighting (badge, place, host, day, seen)
SELECT b.id, COALESCE(p.code, ''), s.host, {}, sum(s.times)
FROM unnest({}::text[], {}::text[], {}::text[], {}::integer[]) AS s (code, place, host, times)
JOIN badge b ON b.code = s.code
LEFT JOIN placement p ON p.badge = b.id AND p.code = s.place
WHERE s.host = '' OR {} > (SELECT count(DISTINCT host) FROM sighting o
    WHERE o.badge = b.id AND o.host NOT IN ('', s.host))
GROUP BY b.id, p.code, s.host
ON CONFLICT (badge, place, host, day) DO UPDATE SET seen = sighting.seen + excluded.seen
"""

_PLACES: Final = """
SELECT place, sum(seen) AS times FROM sighting WHERE badge = {} AND day >= {} AND host = ''
GROUP BY place ORDER BY times DESC, place
"""

_SITES: Final = """
SELECT host, min(day) AS first_on, max(day) AS last_on FROM sighting
WHERE badge = {} AND day >= {} AND host <> '' GROUP BY host ORDER BY host
"""
