"""What the worker signs, and when. Nothing here runs in a request.

Order matters after a downgrade: the list that revokes the old edition is signed first, then the
new edition, so that no instant shows a new word beside an old one still believed.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from badges import queries
from badges.credentials.model import OddShape
from badges.credentials.service import Overtaken, sign_editions
from badges.service import MOST_TOGETHER, publish_keys, publish_log_keys
from badges.status_lists.service import sign_status_lists
from charter.history.queries import newest_event
from registry.proofs.desk import ProofDesk
from registry.proofs.facts import gather_badge_facts

_log = structlog.get_logger()

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


async def sign_badges(desk: ProofDesk, *, organisations: Sequence[UUID]) -> int:
    """Sign what the badges of `organisations` say now, the lists before and after where stale.

    Running it twice signs once. Returns how many editions were signed.
    """
    await sign_stale_lists(desk)
    signed = await sign_editions_of(desk, organisations=organisations)
    await sign_stale_lists(desk)
    return signed


async def sign_due_badges(desk: ProofDesk) -> int:
    """Sign every badge whose edition is missing, revoked, outdated or past half its life.

    Returns how many editions were signed. A played stretch of time calls it at each day's end.
    """
    due = await queries.organisations_to_sign(desk.scheme.now())
    signed = 0
    for start in range(0, len(due), MOST_TOGETHER):
        some = due[start : start + MOST_TOGETHER]
        signed += await sign_editions_of(desk, organisations=some)
    return signed


async def sign_editions_of(desk: ProofDesk, *, organisations: Sequence[UUID]) -> int:
    """Sign what the badges of `organisations` say now, and no list; return how many editions.

    Together where that can be, else one by one: a badge that cannot be signed stops no other,
    and one whose standing moves meanwhile is left to the work that its move has caused.
    """
    try:
        return await _sign_together(desk, organisations)
    except (OddShape, Overtaken) as why:
        if len(organisations) > 1:
            alone = [await sign_editions_of(desk, organisations=[each]) for each in organisations]
            return sum(alone)
        if isinstance(why, OddShape):
            _log.error("badge-cannot-be-signed", organisation=str(organisations[0]), why=str(why))
        return 0


async def _sign_together(desk: ProofDesk, organisations: Sequence[UUID]) -> int:
    known = await newest_event()
    facts = await gather_badge_facts(
        organisations,
        public_url=desk.issuer.public_url,
        pack=desk.scheme.pack,
        at=desk.scheme.now(),
    )
    return await sign_editions(
        desk.scheme, facts=facts, known=known, issuer=desk.issuer, signers=desk.signers()
    )


async def sign_stale_lists(desk: ProofDesk) -> int:
    """Sign the status lists if one misses a revocation, was never signed, or is an hour old."""
    if not await queries.lists_are_stale(desk.scheme.now() - LIST_LIVES):
        return 0
    return await sign_lists(desk)


async def sign_lists(desk: ProofDesk) -> int:
    """Sign every status list as it stands now, whatever its age; return how many there are."""
    return await sign_status_lists(desk.scheme, issuer=desk.issuer, signers=desk.signers())
