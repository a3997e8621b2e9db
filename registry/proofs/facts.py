"""What the charter answers about organisations, in the terms of their badges."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec

from badges.credentials.document import LEVELS
from badges.credentials.facts import (
    BadgeFacts,
    CharterFacts,
    EvidenceSummary,
    RegisterNumber,
    TypeResult,
)
from badges.credentials.model import EndorsementCredential, whole_second
from badges.endorsements.queries import carried_endorsements
from badges.tables import Badge
from charter.framework.pack import FrameworkPack
from charter.standing.results import Results
from charter.standing.words import IN_WORDS, ON_SHOW, Standing, TypeLevel

MOST_EVIDENCE: Final = 10
"""The newest accepted reports that a badge names; the organisation's page has them all."""


async def gather_badge_facts(
    organisations: Sequence[UUID], *, public_url: str, pack: FrameworkPack, at: datetime
) -> list[BadgeFacts]:
    """Return what the badges of `organisations` say at `at`; of who has no badge yet, nothing."""
    rows: Sequence[Mapping[str, Any]] = await Badge.raw(_FACTS, organisations)
    evidence = await _evidence(organisations)
    carried = await carried_endorsements(
        organisations, at=at, margin_days=pack.numbers.badges.endorsement_margin_days
    )
    return [
        replace(facts, endorsements=_still_true(carried.get(row["organisation"], ()), facts))
        for row in rows
        for facts in [
            _facts(row, evidence.get(row["organisation"], ()), public_url=public_url, pack=pack)
        ]
    ]


def _still_true(
    said: Sequence[EndorsementCredential], facts: BadgeFacts
) -> tuple[EndorsementCredential, ...]:
    """Return those endorsements that are about this badge as it is: its page, its time, on show."""
    return tuple(
        each
        for each in said
        if facts.standing in ON_SHOW
        and each.credential_subject.id == facts.page_url
        and each.valid_from >= whole_second(facts.signed_at)
    )


def _facts(
    row: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    *,
    public_url: str,
    pack: FrameworkPack,
) -> BadgeFacts:
    page = f"{public_url}/organisations/{row['slug']}"
    standing = Standing(row["standing"])
    return BadgeFacts(
        code=row["code"],
        organisation=row["name"],
        town=row["town"] or None,
        page_url=page,
        register_numbers=tuple(
            RegisterNumber(scheme=held["scheme"], number=held["id"])
            for held in msgspec.json.decode(row["identifiers"])
        ),
        charter=_charter(row["charter_version"], public_url, pack),
        signed_at=row["signed_at"],
        standing=standing,
        standing_word=IN_WORDS[standing],
        sentence=row["sentence"],
        narrative=_narrative(msgspec.json.decode(row["results"], type=Results), page),
        levels=_levels(msgspec.json.decode(row["types"]), pack),
        evidence=tuple(_summary(report, page) for report in evidence),
        next_due_on=row["next_due_on"],
        next_step_on=row["next_step_on"],
    )


def _charter(version: str, public_url: str, pack: FrameworkPack) -> CharterFacts:
    charter = pack.charter_version(version)
    return CharterFacts(
        name=charter.title,
        version=charter.version,
        summary=charter.preamble[0],
        url=f"{public_url}/charter/{charter.version}",
        language="en-GB",
        framework_name=pack.framework.name,
        framework_url=f"{public_url}/framework",
    )


def _levels(types: Sequence[Mapping[str, Any]], pack: FrameworkPack) -> tuple[TypeResult, ...]:
    levels = {row["type"]: TypeLevel(row["level"]) for row in types}
    return tuple(
        TypeResult(
            type=kind.id,
            name=kind.name,
            level=levels[kind.id],
            words=LEVELS[levels[kind.id]][1],
        )
        for kind in pack.catalogue.types
    )


def _narrative(results: Results, page: str) -> str:
    counted = (
        ("kept", results.kept),
        ("partly kept", results.partly_kept),
        ("did not work", results.not_kept),
        ("late", results.late),
        ("not yet due", results.not_yet_due),
        ("withdrawn", results.withdrawn),
    )
    told = ", ".join(f"{count} {word}" for word, count in counted if count)
    return f"Promises: {told or 'none yet'}. What worked, what did not, and why: {page}"


async def _evidence(
    organisations: Sequence[UUID],
) -> Mapping[UUID, Sequence[Mapping[str, Any]]]:
    rows: Sequence[Mapping[str, Any]] = await Badge.raw(_EVIDENCE, organisations, MOST_EVIDENCE)
    return {
        organisation: list(reports)
        for organisation, reports in groupby(rows, key=itemgetter("organisation"))
    }


def _summary(report: Mapping[str, Any], page: str) -> EvidenceSummary:
    worked = _WORKED[report["worked"]]
    return EvidenceSummary(
        url=f"{page}/pledges/{report['number']}",
        name=f"Pledge {report['number']}, milestone {report['milestone']}",
        summary=f"A report accepted by community auditors: it worked {worked}.",
        outcome=f"worked {worked}",
        sha256=report["sha256"],
    )


_WORKED: Final = {"fully": "fully", "partly": "partly", "not": "not at all"}

_FACTS = """
SELECT b.organisation, b.code, o.slug, o.name, o.town, s.standing, s.sentence,
    s.results::text, s.types::text, g.charter_version, f.signed_at, d.next_due_on, d.next_step_on,
    COALESCE((SELECT json_agg(json_build_object('scheme', i.scheme, 'id', i.identifier)
        ORDER BY i.id) FROM organisation_identifier i
        WHERE i.organisation = o.id AND NOT i.released), '[]')::text
        AS identifiers
FROM badge b
JOIN organisation o ON o.id = b.organisation
JOIN current_standing s ON s.organisation = o.id
JOIN LATERAL (SELECT charter_version FROM signature WHERE organisation = o.id
    ORDER BY signed_at DESC LIMIT 1) g ON true
JOIN LATERAL (SELECT min(signed_at) AS signed_at FROM signature WHERE organisation = o.id
    AND spell = (SELECT max(spell) FROM signature WHERE organisation = o.id)) f ON true
CROSS JOIN LATERAL (SELECT min(due_on) FILTER (WHERE NOT EXISTS (SELECT FROM pause p
        WHERE p.obligation = q.id AND p.until IS NULL)) AS next_due_on,
    min(next_step_on) AS next_step_on
    FROM obligation q WHERE q.organisation = o.id AND q.owner = 'organisation'
        AND q.state = 'open') d
WHERE b.organisation = ANY({}::uuid[])
"""

_EVIDENCE = """
SELECT * FROM (
    SELECT r.organisation, p.number, r.milestone, r.worked,
        (SELECT i.sha256 FROM evidence_item i WHERE i.report = r.id AND i.sha256 <> ''
            ORDER BY i.uploaded_at, i.id LIMIT 1) AS sha256,
        row_number() OVER (PARTITION BY r.organisation ORDER BY r.received_at DESC, r.id) AS place
    FROM report r JOIN pledge p ON p.id = r.pledge
    WHERE r.organisation = ANY({}::uuid[]) AND r.state = 'accepted' AND EXISTS (
        SELECT FROM evidence_item i WHERE i.report = r.id AND i.sha256 <> '')
) newest WHERE place <= {} ORDER BY organisation, place
"""
