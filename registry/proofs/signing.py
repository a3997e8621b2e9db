"""What the worker signs, and when. Nothing here runs in a request.

Order matters after a downgrade: the list that revokes the old edition is signed first, then the
new edition, so that no instant shows a new word beside an old one still believed.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from badges.credentials.service import sign_edition
from badges.service import publish_keys, publish_log_keys
from badges.status_lists.service import sign_status_lists
from badges.tables import Badge, Edition, IssuerDocument, StatusList
from registry.proofs.desk import ProofDesk
from registry.proofs.facts import gather_badge_facts

LIST_LIVES: Final = timedelta(hours=1)
"""After which a status list is signed anew though nothing was revoked."""

ENDED: Final = ["lapsed", "removed", "withdrawn"]
"""Standings whose last edition is left to run out; the page says so for ever."""


async def publish_public_keys(desk: ProofDesk) -> bool:
    """Publish the keys that strangers check signatures with; return whether any changed.

    For the worker's start and after each change of a key. Running it twice changes nothing.
    """
    known = await IssuerDocument.exists().where(IssuerDocument.name == "did.json")
    changed = await publish_keys(
        desk.scheme,
        ring=desk.folder.read_ring(),
        did=desk.issuer.did,
        change="rotated" if known else "started",
    )
    witnesses = [witness.verifier for witness in desk.witnesses]
    log_changed = await publish_log_keys(desk.scheme, keys=desk.log.keys, witnesses=witnesses)
    return changed or log_changed


async def sign_badge(desk: ProofDesk, *, organisation: UUID) -> Edition | None:
    """Sign what the badge of `organisation` says now, the lists before and after where stale.

    Running it twice signs once. Returns the edition in force, None where there is no badge.
    """
    await sign_stale_lists(desk)
    edition = await _sign(desk, organisation)
    await sign_stale_lists(desk)
    return edition


async def sign_due_badges(desk: ProofDesk) -> int:
    """Sign every badge whose edition is missing, revoked, outdated or past half its life.

    Returns how many were looked at. A played stretch of time calls it at the end of each day.
    """
    due = await badges_to_sign(desk)
    for organisation in due:
        await _sign(desk, organisation)
    return len(due)


async def sign_stale_lists(desk: ProofDesk) -> int:
    """Sign the status lists if one misses a revocation, was never signed, or is an hour old."""
    rows = await StatusList.raw(_STALE, desk.scheme.now() - LIST_LIVES)
    if not rows[0]["stale"]:
        return 0
    return await sign_status_lists(desk.scheme, issuer=desk.issuer, signers=desk.signers())


async def sign_lists(desk: ProofDesk) -> int:
    """Sign every status list as it stands now, whatever its age; return how many there are."""
    return await sign_status_lists(desk.scheme, issuer=desk.issuer, signers=desk.signers())


async def badges_to_sign(desk: ProofDesk) -> list[UUID]:
    """Return the organisations whose badge waits for a signature, the longest waiting first."""
    now = desk.scheme.now()
    rows = await Badge.raw(_DUE, ENDED, now)
    return [row["organisation"] for row in rows]


async def _sign(desk: ProofDesk, organisation: UUID) -> Edition | None:
    facts = await gather_badge_facts(
        organisation, public_url=desk.issuer.public_url, pack=desk.scheme.pack
    )
    if facts is None:
        return None
    return await sign_edition(desk.scheme, facts=facts, issuer=desk.issuer, signers=desk.signers())


_STALE = """
SELECT EXISTS (SELECT FROM status_list l WHERE l.signed_at IS NULL OR l.signed_at <= {}
    OR EXISTS (SELECT FROM edition e
        WHERE e.status_list = l.number AND e.revoked_at >= l.signed_at)) AS stale
"""

_DUE = """
SELECT b.organisation FROM badge b
JOIN current_standing s ON s.organisation = b.organisation
LEFT JOIN LATERAL (SELECT standing, valid_from, valid_until, revoked_at FROM edition
    WHERE badge = b.id ORDER BY n DESC LIMIT 1) e ON true
WHERE e.standing IS NULL OR e.revoked_at IS NOT NULL OR e.standing <> s.standing
    OR (NOT s.standing = ANY({}::varchar[])
        AND e.valid_from + (e.valid_until - e.valid_from) / 2 <= {})
ORDER BY e.valid_until NULLS FIRST, b.opened_at
"""
