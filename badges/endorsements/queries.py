"""Reading endorsements: whose keys count, what the next edition carries, what a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import msgspec

from badges.credentials.facts import Issuer
from badges.credentials.model import EndorsementCredential
from badges.endorsements.rules import (
    MOST_CARRIED,
    BadgeToEndorse,
    Ourselves,
    PanelOnRecord,
    panel_keys,
)
from badges.endorsements.tables import Endorsement, PanelKey
from badges.keys import TrustedKeys, read_did_document
from badges.queries import issuer_document
from charter.standing.words import Standing


@dataclass(frozen=True, slots=True)
class PanelSeen:
    """A panel's key as stewards recorded it, or are about to; `keys` are the names of its keys."""

    number: int
    did: str
    name: str
    url: str
    document: str
    keys: tuple[str, ...]
    state: str
    proposed_by: UUID
    proposed_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None
    why_ended: str | None


async def panels_seen() -> tuple[PanelSeen, ...]:
    """Return every panel's key that was ever proposed, the newest first."""
    rows = await PanelKey.objects().order_by(PanelKey.id, ascending=False)
    return tuple(_seen(row) for row in rows)


async def panel_seen(number: int) -> PanelSeen | None:
    """Return one panel's key by its number here."""
    row = await PanelKey.objects().get(PanelKey.id == number)
    return None if row is None else _seen(row)


async def panels_on_record() -> tuple[PanelSeen, ...]:
    """Return the panels whose keys count now, by name."""
    confirmed = PanelKey.objects().where(PanelKey.state == "confirmed")
    return tuple(
        _seen(row) for row in await confirmed.order_by(PanelKey.name).order_by(PanelKey.id)
    )


async def keys_of_panels() -> TrustedKeys:
    """Return the keys of every panel whose keys count now, by name."""
    documents = [panel.document for panel in await panels_on_record()]
    keys = [panel_keys(msgspec.json.decode(document)) for document in documents]
    return MappingProxyType({name: key for each in keys for name, key in each.items()})


async def ourselves(issuer: Issuer) -> Ourselves:
    """Return the register's own name, and its keys as published."""
    content = await issuer_document("did.json")
    keys = read_did_document(msgspec.json.decode(content)) if content else {}
    return Ourselves(issuer.did, keys)


async def badge_to_endorse(address: str, did: str, issuer: Issuer) -> BadgeToEndorse | None:
    """Return the badge of who has its page at `address`, and what the panel `did` said of it."""
    slug = address.removeprefix(f"{issuer.public_url}/organisations/")
    if slug == address:
        return None
    rows: Sequence[Mapping[str, Any]] = await Endorsement.raw(_BADGE, did, did, slug)
    found = [dict(row, standing=Standing(row["standing"])) for row in rows]
    return BadgeToEndorse(**found[0]) if found else None


async def carried_endorsements(
    organisations: Sequence[UUID], *, at: datetime, margin_days: int
) -> Mapping[UUID, tuple[EndorsementCredential, ...]]:
    """Return what editions signed at `at` may carry of panels' words about `organisations`.

    Of each panel on record the newest word, where it was not taken back and holds for
    `margin_days` more.
    """
    until = at + timedelta(days=margin_days)
    rows = await Endorsement.raw(_CARRIED, organisations, until)
    carried: dict[UUID, tuple[EndorsementCredential, ...]] = {}
    for row in rows:
        said = msgspec.json.decode(row["credential"], type=EndorsementCredential)
        before = carried.get(row["organisation"], ())
        carried[row["organisation"]] = (*before, said)[:MOST_CARRIED]
    return carried


async def endorsement_bytes(sha256: str) -> bytes | None:
    """Return an endorsement by the hexadecimal SHA-256 of its bytes; none once it was let go."""
    stands = (Endorsement.sha256 == sha256) & Endorsement.withdrawn_at.is_null()
    row = await Endorsement.select(Endorsement.credential).where(stands).first()
    return None if row is None else bytes(row["credential"])


def on_record(seen: PanelSeen) -> PanelOnRecord:
    """Return a recorded panel with its keys to check by."""
    keys = panel_keys(msgspec.json.decode(seen.document))
    return PanelOnRecord(seen.number, seen.did, seen.name, seen.url, keys)


def _seen(row: PanelKey) -> PanelSeen:
    document = bytes(row.document).decode()
    return PanelSeen(
        number=row.id,
        did=row.did,
        name=row.name,
        url=row.url,
        document=document,
        keys=tuple(panel_keys(msgspec.json.decode(document))),
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
        why_ended=row.why_ended,
    )


_BADGE: Final = """
SELECT b.organisation, o.slug, o.name, o.domain, b.code, b.page_state AS standing, f.signed_at,
    (SELECT max(valid_from) FROM endorsement e WHERE e.organisation = b.organisation
        AND e.did = {}) AS newest,
    (SELECT e.address FROM endorsement e WHERE e.organisation = b.organisation AND e.did = {}
        AND e.withdrawn_at IS NULL ORDER BY e.valid_from DESC LIMIT 1) AS standing_word
FROM badge b
JOIN organisation o ON o.id = b.organisation
JOIN LATERAL (SELECT min(signed_at) AS signed_at FROM signature WHERE organisation = o.id
    AND spell = (SELECT max(spell) FROM signature WHERE organisation = o.id)) f ON true
WHERE o.slug = {}
"""

_CARRIED: Final = """
SELECT organisation, credential FROM (
    SELECT DISTINCT ON (e.organisation, e.did) e.organisation, e.did, e.credential, e.valid_until,
        e.withdrawn_at
    FROM endorsement e JOIN panel_key p ON p.did = e.did AND p.state = 'confirmed'
    WHERE e.organisation = ANY({}::uuid[]) ORDER BY e.organisation, e.did, e.valid_from DESC
) newest WHERE withdrawn_at IS NULL AND valid_until >= {} ORDER BY organisation, did
"""
