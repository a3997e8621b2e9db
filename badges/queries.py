"""Reading badges: what a page or an address serves, as it was signed. Nothing here signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from badges.tables import Badge, Edition, IssuerDocument, Placement, StatusList


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


async def issuer_document(name: Literal["did.json", "jwks.json"]) -> bytes | None:
    """Return the published keys; none before the worker has published any."""
    row = await IssuerDocument.objects().get(IssuerDocument.name == name)
    return None if row is None else row.content


async def organisations_to_sign(at: datetime) -> list[UUID]:
    """Return the organisations whose badge has no edition in force past half of its life at `at`.

    For the worker's daily look; asking for one that needs nothing signs nothing.
    """
    rows = await Badge.raw(
        "SELECT organisation FROM badge WHERE NOT EXISTS (SELECT FROM edition"
        " WHERE edition.badge = badge.id AND revoked_at IS NULL"
        " AND valid_from + (valid_until - valid_from) / 2 > {}) ORDER BY code",
        at,
    )
    return [row["organisation"] for row in rows]
