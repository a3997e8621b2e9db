"""What is known about the badge behind a code, read at once from the primary database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from badges.codes import MistypedCode, read_badge_code, read_placement_code
from badges.credentials.model import EndorsementCredential
from badges.log.queries import PublishedCheckpoint, indexes_of, newest_checkpoint
from badges.queries import placement_of_code
from badges.tables import Badge, Placement
from charter.errors import NotFound
from charter.history.queries import events_of
from charter.scheme import Scheme
from charter.standing.assessment import Assessment, assess
from charter.standing.results import Results
from charter.standing.words import Standing
from registry.web.public.payloads import IdentifierPayload, ReasonPayload

SHOWN_EDITIONS: Final = 12
SHOWN_REPORTS: Final = 5
"""The newest ones that the page lists; the organisation's page and history have them all."""


class UnknownBadge(NotFound):
    """No badge has this code; the sentence says whether it was a slip of the finger."""

    code = "unknown-badge"


class TypeShown(msgspec.Struct, frozen=True, kw_only=True):
    """One of the five rows that are always there."""

    type: str
    level: str
    answer: str
    expires_on: date | None = None


class ReportShown(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation said came of a milestone, and what community auditors found."""

    pledge: int
    milestone: int
    worked: str
    state: str


class EditionShown(msgspec.Struct, frozen=True, kw_only=True):
    """One signed edition, without its bytes."""

    n: int
    standing: str
    valid_from: datetime
    valid_until: datetime
    sha256: str
    revoked_at: datetime | None
    revoked_reason: str | None
    event: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """How the organisation stands now, and until when that holds by time alone."""

    standing: Standing
    since: datetime
    level: str | None
    sentence: str
    reasons: Sequence[ReasonPayload]
    results: Results
    types: Sequence[TypeShown]
    holds_until: datetime | None


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where the newest edition stands in the public log, and the checkpoint that covers it."""

    index: int
    checkpoint: PublishedCheckpoint


@dataclass(frozen=True, slots=True)
class BadgeShown:
    """Everything the verification page says, except about the place it was scanned at.

    `endorsements` are those inside the newest edition while it holds, not yet checked again.
    """

    id: UUID
    code: str
    organisation: UUID
    slug: str
    name: str
    town: str
    website: str | None
    identifiers: Sequence[IdentifierPayload]
    charter_version: str | None
    signed_at: datetime | None
    answer: Answer
    next_due_on: date | None
    next_by_type: Mapping[str, date]
    reports: Sequence[ReportShown]
    editions: Sequence[EditionShown]
    endorsements: Sequence[EndorsementCredential]
    checkpoint: PublishedCheckpoint | None
    log: LogPlace | None

    @property
    def edition(self) -> EditionShown | None:
        """The newest edition, revoked or not; None until the worker has signed one."""
        return self.editions[0] if self.editions else None


async def find_badge(typed: str, scheme: Scheme) -> BadgeShown:
    """Return the badge whose code was meant by `typed`. Raises UnknownBadge."""
    code = meant(typed)
    rows: Sequence[Mapping[str, Any]] = await Badge.raw(_BADGE, SHOWN_REPORTS, SHOWN_EDITIONS, code)
    if not rows:
        raise UnknownBadge("No organisation holds this code. It is not a registered badge.")
    [row] = rows
    editions = msgspec.json.decode(row["editions"], type=list[EditionShown])
    checkpoint = await newest_checkpoint()
    return BadgeShown(
        id=row["id"],
        code=row["code"],
        organisation=row["organisation"],
        slug=row["slug"],
        name=row["name"],
        town=row["town"],
        website=row["website"],
        identifiers=msgspec.json.decode(row["identifiers"], type=list[IdentifierPayload]),
        charter_version=row["charter_version"],
        signed_at=row["signed_at"],
        answer=await _answer(row, scheme),
        next_due_on=row["next_due_on"],
        next_by_type=msgspec.json.decode(row["next_by_type"], type=dict[str, date]),
        reports=msgspec.json.decode(row["reports"], type=list[ReportShown]),
        editions=editions,
        endorsements=msgspec.json.decode(row["endorsements"], type=list[EndorsementCredential]),
        checkpoint=checkpoint,
        log=await find_log_place(editions, checkpoint),
    )


def meant(typed: str) -> str:
    """Return the code meant by `typed`. Raises UnknownBadge, saying where the slip is."""
    try:
        return read_badge_code(typed)
    except MistypedCode as slip:
        raise UnknownBadge(str(slip)) from slip


async def find_placement(badge: UUID, typed: str) -> Placement | None:
    """Return the place of a badge whose code was meant by `typed`, or None."""
    try:
        code = read_placement_code(typed)
    except MistypedCode:
        return None
    return await placement_of_code(badge, code)


async def _answer(row: Mapping[str, Any], scheme: Scheme) -> Answer:
    """Return the answer kept, or a new one where time alone may have changed it."""
    now = scheme.now()
    if row["holds_until"] is not None and row["holds_until"] <= now:
        found = assess(await events_of(row["organisation"]), now, *await scheme.packs())
        if found is not None:
            return answer_from(found)
    return Answer(
        standing=Standing(row["standing"]),
        since=row["since"],
        level=row["level"],
        sentence=row["sentence"],
        reasons=msgspec.json.decode(row["reasons"], type=list[ReasonPayload]),
        results=msgspec.json.decode(row["results"], type=Results),
        types=msgspec.json.decode(row["types"], type=list[TypeShown]),
        holds_until=row["holds_until"],
    )


def answer_from(found: Assessment) -> Answer:
    """Return an answer of the pure function as badges show it."""
    return Answer(
        standing=found.standing,
        since=found.since,
        level=found.level.value if found.level else None,
        sentence=found.sentence,
        reasons=msgspec.convert(msgspec.to_builtins(found.reasons), list[ReasonPayload]),
        results=found.results,
        types=msgspec.convert(msgspec.to_builtins(found.types), list[TypeShown]),
        holds_until=found.holds_until,
    )


async def find_log_place(
    editions: Sequence[EditionShown], checkpoint: PublishedCheckpoint | None
) -> LogPlace | None:
    """Return where the newest of some editions stands in the log, once a checkpoint covers it."""
    if not editions or editions[0].event is None or checkpoint is None:
        return None
    index = (await indexes_of([editions[0].event])).get(editions[0].event)
    if index is None or index >= checkpoint.size:
        return None
    return LogPlace(index, checkpoint)


_BADGE = """
SELECT b.id, b.code, b.organisation, o.slug, o.name, o.town, COALESCE(o.website,
        'https://' || o.domain) AS website,
    s.standing, s.since, s.level, s.sentence, s.reasons::text, s.results::text, s.types::text,
    s.holds_until, g.charter_version, g.signed_at,
    (SELECT min(due_on) FROM obligation q WHERE q.organisation = o.id
        AND q.owner = 'organisation' AND q.state = 'open') AS next_due_on,
    COALESCE((SELECT json_object_agg(d.type, d.due_on) FROM (
        SELECT COALESCE(q.type, p.type) AS type, min(q.due_on) AS due_on FROM obligation q
        LEFT JOIN pledge p ON p.organisation = q.organisation AND p.number = q.pledge
        WHERE q.organisation = o.id AND q.owner = 'organisation' AND q.state = 'open'
        GROUP BY 1) d WHERE d.type IS NOT NULL), json_build_object())::text AS next_by_type,
    COALESCE((SELECT json_agg(r ORDER BY r.received_at DESC) FROM (
        SELECT p.number AS pledge, m.milestone, m.worked, m.state, m.received_at FROM report m
        JOIN pledge p ON p.id = m.pledge
        WHERE m.organisation = o.id AND m.state IN ('accepted', 'not-accepted')
        ORDER BY m.received_at DESC LIMIT {}) r), '[]')::text AS reports,
    COALESCE((SELECT json_agg(json_build_object('scheme', i.scheme, 'id', i.identifier)
        ORDER BY i.id) FROM organisation_identifier i
        WHERE i.organisation = o.id AND NOT i.released), '[]')::text
        AS identifiers,
    COALESCE((SELECT json_agg(e ORDER BY e.n DESC) FROM (
        SELECT n, standing, valid_from, valid_until, sha256, revoked_at, revoked_reason, event
        FROM edition WHERE badge = b.id ORDER BY n DESC LIMIT {}) e), '[]')::text AS editions,
    COALESCE((SELECT CASE WHEN revoked_at IS NULL
            THEN convert_from(credential, 'UTF8')::json -> 'endorsement' END
        FROM edition WHERE badge = b.id ORDER BY n DESC LIMIT 1), '[]')::text AS endorsements
FROM badge b
JOIN organisation o ON o.id = b.organisation
JOIN current_standing s ON s.organisation = o.id
LEFT JOIN LATERAL (SELECT charter_version, signed_at FROM signature WHERE organisation = o.id
    ORDER BY signed_at DESC LIMIT 1) g ON true
WHERE b.code = {}
"""
