"""What the worker signs, and when. Nothing here runs in a request.

Order matters after a downgrade: the list that revokes the old edition is signed first, then the
new edition, so that no instant shows a new word beside an old one still believed.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from badges import queries
from badges.credentials.service import sign_edition
from badges.service import publish_keys, publish_log_keys
from badges.status_lists.service import sign_status_lists
from badges.tables import Edition
from registry.proofs.desk import ProofDesk
from registry.proofs.facts import gather_badge_facts

LIST_LIVES: Final = timedelta(hours=1)
"""After which a status list is signed anew though nothing was revoked."""


async def publish_public_keys(desk: ProofDesk) -> bool:
    """Publish the keys that strangers check signatures with; return whether any changed.

    For the worker's start and after each change of a key. Running it twice changes nothing.
    """
    known = await queries.issuer_document("did.json")
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
    edition = await sign_edition_of(desk, organisation=organisation)
    await sign_stale_lists(desk)
    return edition


async def sign_due_badges(desk: ProofDesk) -> int:
    """Sign every badge whose edition is missing, revoked, outdated or past half its life.

    Returns how many were looked at. A played stretch of time calls it at the end of each day.
    """
    due = await queries.organisations_to_sign(desk.scheme.now())
    for organisation in due:
        await sign_edition_of(desk, organisation=organisation)
    return len(due)


async def sign_stale_lists(desk: ProofDesk) -> int:
    """Sign the status lists if one misses a revocation, was never signed, or is an hour old."""
    if not await queries.lists_are_stale(desk.scheme.now() - LIST_LIVES):
        return 0
    return await sign_lists(desk)


async def sign_lists(desk: ProofDesk) -> int:
    """Sign every status list as it stands now, whatever its age; return how many there are."""
    return await sign_status_lists(desk.scheme, issuer=desk.issuer, signers=desk.signers())


async def sign_edition_of(desk: ProofDesk, *, organisation: UUID) -> Edition | None:
    """Sign what the badge of `organisation` says now, and no list; None where it has no badge."""
    facts = await gather_badge_facts(
        organisation, public_url=desk.issuer.public_url, pack=desk.scheme.pack
    )
    if facts is None:
        return None
    return await sign_edition(desk.scheme, facts=facts, issuer=desk.issuer, signers=desk.signers())
