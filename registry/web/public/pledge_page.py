"""One pledge with its whole story: every version, who agreed to it, every report and verdict."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.clock import local_day
from charter.framework.pack import FrameworkPack
from charter.history.kinds import sentence_of
from charter.history.queries import recorded, words_of
from charter.history.tables import Event
from charter.plans.ready_made import is_ready_made
from charter.plans.tables import PledgeVersion
from charter.plans.versions import compare_versions
from registry.web.pledge_words import names_in, spelt
from registry.web.public.listing import Site
from registry.web.public.organisation import describe_organisation
from registry.web.public.payloads import Meta, Payload, PledgePayload, ReviewPayload
from registry.web.public.word_diff import PieceOfText, compare_words


class OwnerPayload(Payload, frozen=True, kw_only=True):
    """Whose pledge it is."""

    slug: str
    name: str
    url: str
    standing: str
    sentence: str


class ChangePayload(Payload, frozen=True, kw_only=True):
    """One difference from the version before."""

    field: str
    was: str
    now: str
    words: list[PieceOfText]


class VersionPayload(Payload, frozen=True, kw_only=True):
    """One published version; the first has no reason and no changes (rule 12)."""

    version: int
    published_on: date
    reason: str | None
    terms: dict[str, Any]
    words: dict[str, Any]
    changes: list[ChangePayload]


class TombstonePayload(Payload, frozen=True, kw_only=True):
    """That a pledge was withdrawn, when and why (rule 14)."""

    on: date
    reason: str | None


class SessionPayload(Payload, frozen=True, kw_only=True):
    """A co-design session; `answer` is what the people in it said, if anybody did (rule 11)."""

    number: int
    held_on: date
    hours: float
    pay_pence: int
    answer: str


class CopyPayload(Payload, frozen=True, kw_only=True):
    """A redacted copy of evidence that the organisation chose to publish (rule 16)."""

    label: str
    media_type: str
    url: str


class ReportPayload(Payload, frozen=True, kw_only=True):
    """What the organisation reported on one milestone, in its own words (rule 18)."""

    milestone: int
    version: int
    received_on: date
    state: str
    public_copies: list[CopyPayload]
    worked: str
    summary: str | None
    what_did_not_work: str | None
    why: str | None
    what_changes: str | None
    signed_by_role: str | None


class ChapterPayload(Payload, frozen=True, kw_only=True):
    """One thing that happened to a pledge; `event` is its place in the organisation's history."""

    event: int
    kind: str
    on: date
    summary: str


class PledgePagePayload(Payload, frozen=True, kw_only=True):
    """Everything public about one pledge."""

    meta: Meta
    organisation: OwnerPayload
    pledge: PledgePayload
    ready_made: bool
    versions: list[VersionPayload]
    withdrawn: TombstonePayload | None
    sessions: list[SessionPayload]
    reports: list[ReportPayload]
    reviews: list[ReviewPayload]
    story: list[ChapterPayload]
    holds_until: datetime | None


async def describe_pledge(
    slug: str, number: int, site: Site, now: datetime
) -> PledgePagePayload | None:
    """Return the story of pledge `number`, or None where none of that number was published."""
    owner = await describe_organisation(slug, site, now)
    if owner is None:
        return None
    pledge = next((pledge for pledge in owner.pledges if pledge.number == number), None)
    if pledge is None:
        return None
    place = (slug, number)
    zone = site.pack.framework.zone
    versions = await _versions(place, site.pack)
    return PledgePagePayload(
        meta=Meta(generated_at=now),
        organisation=OwnerPayload(
            slug=slug,
            name=owner.name,
            url=owner.url,
            standing=owner.standing,
            sentence=owner.sentence,
        ),
        pledge=pledge,
        ready_made=bool(versions) and is_ready_made(versions[-1].words, site.pack),
        versions=versions,
        withdrawn=await _tombstone(place, site),
        sessions=await _sessions(place),
        reports=await _reports(place, zone, owner.url),
        reviews=[review for review in owner.reviews if review.pledge == number],
        story=await _story(place, site),
        holds_until=owner.holds_until,
    )


async def _story(place: tuple[str, int], site: Site) -> list[ChapterPayload]:
    """Return everything recorded about a pledge, what is due for it included, oldest first."""
    slug, number = place
    rows = await Event.raw(_STORY, slug, str(number), number, number)
    zone = site.pack.zone
    return [
        ChapterPayload(
            event=event.id,
            kind=event.kind,
            on=local_day(event.effective_at, zone),
            summary=sentence_of(event.kind, event.data),
        )
        for event in map(recorded, rows)
    ]


async def _versions(place: tuple[str, int], pack: FrameworkPack) -> list[VersionPayload]:
    rows: Sequence[Mapping[str, Any]] = await PledgeVersion.raw(
        _VERSIONS, pack.framework.zone, *place
    )
    words = await words_of(row["words"] for row in rows)
    names = names_in(pack)
    versions: list[VersionPayload] = []
    for row in rows:
        terms, wording = msgspec.json.decode(row["terms"]), words[row["words"]]
        before = versions[-1] if versions else None
        versions.append(
            VersionPayload(
                version=row["version"],
                published_on=row["published_on"],
                reason=wording.get("reason") or None,
                terms=terms,
                words=wording,
                changes=_changes(before, terms, wording, names) if before else [],
            )
        )
    return versions


def _changes(
    before: VersionPayload,
    terms: Mapping[str, Any],
    words: Mapping[str, Any],
    names: Mapping[str, str],
) -> list[ChangePayload]:
    was = _joined(before.terms, before.words)
    return [
        ChangePayload(
            field=change.field,
            was=change.was,
            now=change.now,
            words=compare_words(spelt(change.was, names), spelt(change.now, names)),
        )
        for change in compare_versions(was, _joined(terms, words))
    ]


def _joined(terms: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """Return terms and words as one document, each milestone's date beside its title."""
    dates = {row["number"]: row for row in terms.get("milestones", [])}
    milestones = [{**dates.get(row["number"], {}), **row} for row in words.get("milestones", [])]
    return {**terms, **words, "milestones": milestones}


async def _tombstone(place: tuple[str, int], site: Site) -> TombstonePayload | None:
    rows = await Event.raw(_WITHDRAWN, *place)
    if not rows:
        return None
    words = await words_of([rows[0]["words"]])
    return TombstonePayload(
        on=local_day(rows[0]["recorded_at"], site.pack.zone),
        reason=words.get(rows[0]["words"], {}).get("reason"),
    )


async def _sessions(place: tuple[str, int]) -> list[SessionPayload]:
    rows = await PledgeVersion.raw(_SESSIONS, *place)
    return [SessionPayload(**row) for row in rows]


async def _reports(place: tuple[str, int], zone: str, url: str) -> list[ReportPayload]:
    copies = await _copies(place, url)
    rows = await PledgeVersion.raw(_REPORTS, zone, *place)
    words = await words_of(row["words"] for row in rows)
    return [
        ReportPayload(
            milestone=row["milestone"],
            version=row["version"],
            received_on=row["received_on"],
            state=row["state"],
            public_copies=copies.get(row["id"], []),
            worked=row["worked"],
            signed_by_role=row["signed_by_role"] or None,
            **{name: words[row["words"]].get(name) or None for name in _TOLD},
        )
        for row in rows
    ]


async def _copies(place: tuple[str, int], url: str) -> dict[UUID, list[CopyPayload]]:
    """Return the published copies by report; `url` is the organisation's address."""
    found: dict[UUID, list[CopyPayload]] = {}
    for row in await PledgeVersion.raw(_COPIES, *place):
        copy = CopyPayload(
            label=row["label"],
            media_type=row["media_type"],
            url=f"{url}/evidence/{row['id']}",
        )
        found.setdefault(row["report"], []).append(copy)
    return found


_TOLD = ("summary", "what_did_not_work", "why", "what_changes")

_PLACE = """
    FROM organisation o JOIN pledge p ON p.organisation = o.id
"""

_VERSIONS = f"""
SELECT v.version, v.terms::text AS terms, v.words,
    (v.published_at AT TIME ZONE {{}}::text)::date AS published_on
{_PLACE} JOIN pledge_version v ON v.pledge = p.id
WHERE o.slug = {{}} AND p.number = {{}} ORDER BY v.version
"""

_WITHDRAWN = """
SELECT e.recorded_at, e.words FROM organisation o JOIN event e ON e.organisation = o.id
WHERE o.slug = {} AND e.kind = 'pledge-withdrawn' AND (e.data ->> 'pledge')::int = {}
ORDER BY e.id DESC LIMIT 1
"""

_STORY = """
SELECT e.id, e.kind, e.organisation, e.effective_at, e.recorded_at, e.by, e.data, e.words,
    e.commitment
FROM organisation o JOIN event e ON e.organisation = o.id
WHERE o.slug = {} AND (e.data ->> 'pledge' = {} OR e.data -> 'pledges' @> to_jsonb({}::int)
    OR (e.data ->> 'obligation')::bigint IN
        (SELECT id FROM obligation WHERE organisation = o.id AND pledge = {}))
ORDER BY e.id
"""

_SESSIONS = f"""
SELECT c.number, c.held_on, c.hours::float AS hours, c.pay_pence,
    CASE WHEN bool_or(f.happened AND f.agrees AND NOT f.employed AND f.paid <> 'unpaid'
            AND f.withdrawn_at IS NULL) THEN 'confirmed'
        WHEN bool_or(f.withdrawn_at IS NOT NULL) THEN 'withdrawn'
        WHEN bool_or(NOT f.happened OR NOT f.agrees) THEN 'disputed'
        ELSE 'no-answer' END AS answer
{_PLACE} JOIN codesign_session c ON c.organisation = o.id AND p.id = ANY(c.pledges)
LEFT JOIN confirmation f ON f.session = c.id
WHERE o.slug = {{}} AND p.number = {{}}
GROUP BY c.id ORDER BY c.number
"""

_REPORTS = f"""
SELECT r.id, r.milestone, r.version, r.state, r.worked, r.words, r.signed_by_role,
    (r.received_at AT TIME ZONE {{}}::text)::date AS received_on
{_PLACE} JOIN report r ON r.pledge = p.id
WHERE o.slug = {{}} AND p.number = {{}} ORDER BY r.milestone, r.version
"""

_COPIES = f"""
SELECT c.id, c.report, c.label, c.media_type
{_PLACE} JOIN report r ON r.pledge = p.id JOIN evidence_public_copy c ON c.report = r.id
WHERE o.slug = {{}} AND p.number = {{}} AND c.state = 'published' ORDER BY c.published_at, c.id
"""
