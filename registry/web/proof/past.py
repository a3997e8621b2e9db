"""A badge as it stood on a past day: the same fold over what was recorded by then (rule 29).

A past day says nothing about the present, so its page never has the look of a verdict.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from badges.tables import Edition
from charter.clock import end_of_day
from charter.history.queries import events_of
from charter.organisations.identifiers import identifiers_on
from charter.organisations.places import place_on
from charter.organisations.tables import FormerName
from charter.scheme import Scheme
from charter.standing.assessment import assess
from registry.web.proof.reading import (
    BadgeShown,
    EditionShown,
    UnknownBadge,
    answer_from,
    find_log_place,
)
from registry.web.public.payloads import IdentifierPayload


async def badge_on(badge: BadgeShown, day: date, scheme: Scheme) -> BadgeShown:
    """Return a badge as it stood at the end of a past day. Raises UnknownBadge before its first.

    What came due then and what reviewers had read is told by the organisation's page of that day,
    and what panels said by the history.
    """
    at = min(end_of_day(day, scheme.pack.zone), scheme.now())
    packs = await scheme.packs()
    found = assess(await events_of(badge.organisation, recorded_by=at), at, *packs)
    if found is None:
        raise UnknownBadge("This code was not there yet on that day. Ask about a later one.")
    [row] = await Edition.raw(_THEN, badge.id, at, badge.organisation, at)
    place = await place_on(badge.organisation, at)
    numbers = await identifiers_on(badge.organisation, at)
    editions = msgspec.json.decode(row["editions"], type=list[EditionShown])
    return replace(
        badge,
        name=await _name_on(badge, day),
        town=place.town if place else badge.town,
        identifiers=badge.identifiers
        if numbers is None
        else [IdentifierPayload(scheme=name, id=held) for name, held in numbers],
        charter_version=row["charter_version"],
        signed_at=row["signed_at"],
        answer=replace(answer_from(found), holds_until=None),
        next_due_on=None,
        next_by_type={},
        reports=(),
        endorsements=(),
        editions=[_as_of(edition, row) for edition in editions],
        log=await find_log_place(editions, badge.checkpoint),
    )


def _as_of(edition: EditionShown, row: Mapping[str, Any]) -> EditionShown:
    """Return an edition without a revocation that was still to come."""
    if edition.revoked_at is None or edition.revoked_at <= row["at"]:
        return edition
    return msgspec.structs.replace(edition, revoked_at=None, revoked_reason=None)


async def _name_on(badge: BadgeShown, day: date) -> str:
    later = (
        await FormerName.select(FormerName.name)
        .where((FormerName.organisation == badge.organisation) & (FormerName.until > day))
        .order_by(FormerName.until)
        .first()
    )
    return later["name"] if later else badge.name


_THEN = """
SELECT a.at, COALESCE((SELECT json_agg(e) FROM (
        SELECT n, standing, valid_from, valid_until, sha256, revoked_at, revoked_reason, event
        FROM edition WHERE badge = a.badge AND valid_from <= a.at ORDER BY n DESC LIMIT 1) e),
        '[]')::text AS editions, g.charter_version, g.signed_at
FROM (SELECT {}::uuid AS badge, {}::timestamptz AS at) a
LEFT JOIN LATERAL (SELECT charter_version, signed_at FROM signature
    WHERE organisation = {} AND signed_at <= {} ORDER BY signed_at DESC LIMIT 1) g ON true
"""
