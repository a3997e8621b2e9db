"""Reading badges: what a page or an address serves, as it was signed. Nothing here signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from badges.tables import Badge, Edition, IssuerDocument, Placement, StatusList
from charter.standing.words import Standing


@dataclass(frozen=True, slots=True)
class ServedList:
    """A status list in both forms, and the end of its life."""

    credential: bytes
    jwt: str
    valid_until: datetime


async def badge_of_code(code: str) -> Badge | None:
    """Return the badge with this code, as `codes.read_badge_code` gives it."""
    return await Badge.objects().get(Badge.code == code)


async def badge_of_organisation(organisation: UUID) -> Badge | None:
    """Return the badge of an organisation; there is none before its first signature."""
    return await Badge.objects().get(Badge.organisation == organisation)


async def newest_edition(badge: UUID) -> Edition | None:
    """Return the edition signed last, revoked or not; none before the worker's first turn."""
    newest_first = Edition.objects().order_by(Edition.n, ascending=False)
    return await newest_first.where(Edition.badge == badge).first()


async def editions_of(badge: UUID) -> Sequence[Edition]:
    """Return every edition ever signed, the newest first, without their large bytes."""
    small = (
        *(Edition.id, Edition.n, Edition.standing, Edition.sha256, Edition.valid_from),
        *(Edition.valid_until, Edition.signed_at, Edition.revoked_at, Edition.revoked_reason),
        *(Edition.event, Edition.badge),
    )
    rows = await Edition.select(*small).where(Edition.badge == badge).order_by(Edition.n)
    return [Edition(**row) for row in reversed(rows)]


async def placements_of(badge: UUID) -> Sequence[Placement]:
    """Return every place this badge was ever put, in the order of adding."""
    return await Placement.objects().where(Placement.badge == badge).order_by(Placement.id)


async def placement_of_code(badge: UUID, code: str) -> Placement | None:
    """Return one place of this badge by its code, ended or not."""
    return await Placement.objects().get((Placement.badge == badge) & (Placement.code == code))


async def served_list(number: int) -> ServedList | None:
    """Return a status list as last signed; none where there is no such list or it is unsigned."""
    signed = (StatusList.number == number) & StatusList.signed_at.is_not_null()
    row = await StatusList.objects().get(signed)
    return None if row is None else ServedList(row.credential, row.jwt, row.valid_until)


PublishedName = Literal["did.json", "jwks.json", "log-vkey", "witness-vkeys"]


async def issuer_document(name: PublishedName) -> bytes | None:
    """Return the published keys; none before the worker has published any."""
    row = await IssuerDocument.objects().get(IssuerDocument.name == name)
    return None if row is None else row.content


async def lists_are_stale(signed_before: datetime) -> bool:
    """Say whether a status list misses a revocation, or was not signed since `signed_before`."""
    rows = await StatusList.raw(_STALE, signed_before)
    return bool(rows[0]["stale"])


async def organisations_to_sign(at: datetime) -> list[UUID]:
    """Return the organisations whose badge waits for a signature at `at`, longest first.

    Its newest edition is missing or revoked, says another standing than the present one, was
    signed before a panel's word came in, or is past half of its life. An ended standing is said
    once and left to run out. Asking for one that needs nothing signs nothing.
    """
    rows = await Badge.raw(_TO_SIGN, ENDED, at)
    return [row["organisation"] for row in rows]


ENDED: Final = [Standing.LAPSED.value, Standing.REMOVED.value, Standing.WITHDRAWN.value]
"""Standings whose last edition is left to run out; the page says so for ever."""

_STALE: Final = """
SELECT EXISTS (SELECT FROM status_list l WHERE l.signed_at IS NULL OR l.signed_at <= {}
    OR l.revoked <> (SELECT count(*) FROM edition e
        WHERE e.status_list = l.number AND e.revoked_at IS NOT NULL)) AS stale
"""

_TO_SIGN: Final = """
SELECT b.organisation FROM badge b
LEFT JOIN current_standing s ON s.organisation = b.organisation
LEFT JOIN LATERAL (SELECT standing, valid_from, valid_until, revoked_at, signed_at FROM edition
    WHERE badge = b.id ORDER BY n DESC LIMIT 1) e ON true
WHERE e.standing IS NULL OR e.revoked_at IS NOT NULL OR e.standing <> s.standing
    OR EXISTS (SELECT FROM endorsement n WHERE n.organisation = b.organisation
        AND n.withdrawn_at IS NULL AND n.received_at > e.signed_at)
    OR (e.standing <> ALL ({}::text[])
        AND e.valid_from + (e.valid_until - e.valid_from) / 2 <= {})
ORDER BY e.valid_until NULLS FIRST, b.code
"""
