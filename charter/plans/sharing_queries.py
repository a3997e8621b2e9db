"""Read models of shared pledges: who shares one, and what somebody is asked to share (rule 15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from charter.history.queries import words_of
from charter.plans.tables import PledgePartner


@dataclass(frozen=True, slots=True)
class PartnershipSeen:
    """One partner of one pledge. `slug` is None for a community group.

    `state` is asked, joined, declined or left; `part` what the partner does; `reason` why it
    left, where it said so.
    """

    id: UUID
    name: str
    slug: str | None
    lead: UUID
    lead_name: str
    lead_slug: str
    number: int
    title: str
    promise: str
    pledge_state: str
    part: str
    reason: str
    state: str
    asked_at: datetime
    answered_at: datetime | None
    left_at: datetime | None

    def shared_at(self, at: datetime) -> bool:
        """Whether the partner shared the pledge at an instant."""
        joined = self.answered_at is not None and self.answered_at <= at
        gone = self.left_at is not None and self.left_at <= at
        return self.state in {"joined", "left"} and joined and not gone


async def partners_of(organisation: UUID, number: int) -> tuple[PartnershipSeen, ...]:
    """Return who was asked to share a pledge and what became of it, in the order of asking."""
    found = await _partnerships(organisation)
    return tuple(seen for seen in found if (seen.lead, seen.number) == (organisation, number))


async def partnerships_of(partner: UUID) -> tuple[PartnershipSeen, ...]:
    """Return the pledges of others that an organisation or a group was asked to share."""
    return tuple(seen for seen in await _partnerships(partner) if seen.lead != partner)


async def led_by(organisation: UUID) -> tuple[PartnershipSeen, ...]:
    """Return the partners of every pledge that an organisation leads."""
    return tuple(seen for seen in await _partnerships(organisation) if seen.lead == organisation)


async def _partnerships(about: UUID) -> list[PartnershipSeen]:
    rows: Sequence[Mapping[str, Any]] = await PledgePartner.raw(_PARTNERSHIPS, about)
    texts = [row[name] for row in rows for name in ("words", "pledge_words", "reason") if row[name]]
    words = await words_of(texts)
    return [_see(row, words) for row in rows]


def _see(row: Mapping[str, Any], words: Mapping[UUID, Mapping[str, Any]]) -> PartnershipSeen:
    facts = {name: fact for name, fact in row.items() if name not in _WORDS}
    promised = words[row["pledge_words"]]
    return PartnershipSeen(
        title=promised["title"],
        promise=promised["promise"],
        part=words[row["words"]]["part"],
        reason=words[row["reason"]]["reason"] if row["reason"] else "",
        **facts,
    )


_WORDS = frozenset({"words", "pledge_words", "reason"})

_PARTNERSHIPS = """
    SELECT p.id, COALESCE(o.name, g.name) AS name, o.slug, l.id AS lead, l.name AS lead_name,
        l.slug AS lead_slug, d.number, d.state AS pledge_state, v.words AS pledge_words,
        p.words, p.reason, p.state, p.asked_at, p.answered_at, p.left_at
    FROM pledge_partner p JOIN pledge d ON d.id = p.pledge
    JOIN pledge_version v ON v.pledge = d.id AND v.version = d.version
    JOIN organisation l ON l.id = d.organisation
    LEFT JOIN organisation o ON o.id = p.organisation
    LEFT JOIN community_group g ON g.id = p."group"
    WHERE {} IN (p.organisation, p."group", l.id)
    ORDER BY p.asked_at, p.id
"""
