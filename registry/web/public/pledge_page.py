"""One pledge with its whole story: every version, who agreed to it, every report and verdict."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from charter.clock import end_of_day, local_day
from charter.framework.pack import FrameworkPack
from charter.history.queries import recorded, words_of
from charter.history.sentences import sentence_of
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


class Place(NamedTuple):
    """Which pledge is asked about, and the instant the answer is for."""

    slug: str
    number: int
    at: datetime


async def describe_pledge(
    slug: str, number: int, site: Site, now: datetime, as_of: date | None = None
) -> PledgePagePayload | None:
    """Return the story of pledge `number`, now or as it stood at the end of a past day.

    None where none of that number was published by then.
    """
    owner = await describe_organisation(slug, site, now, as_of)
    if owner is None:
        return None
    pledge = next((pledge for pledge in owner.pledges if pledge.number == number), None)
    if pledge is None:
        return None
    at = now if as_of is None else min(end_of_day(as_of, site.pack.zone), now)
    place = Place(slug, number, at)
    zone = site.pack.framework.zone
    versions = await _versions(place, site.pack)
    return PledgePagePayload(
        meta=Meta(generated_at=now, as_of=as_of),
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
        holds_until=owner.holds_until if as_of is None else None,
    )


async def _story(place: Place, site: Site) -> list[ChapterPayload]:
    """Return everything recorded about a pledge, what is due for it included, oldest first."""
    rows = await Event.raw(_STORY, *place)
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


async def _versions(place: Place, pack: FrameworkPack) -> list[VersionPayload]:
    rows: Sequence[Mapping[str, Any]] = await PledgeVersion.raw(
        _VERSIONS, *place, pack.framework.zone
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


async def _tombstone(place: Place, site: Site) -> TombstonePayload | None:
    rows = await Event.raw(_WITHDRAWN, *place)
    if not rows:
        return None
    words = await words_of([rows[0]["words"]])
    return TombstonePayload(
        on=local_day(rows[0]["recorded_at"], site.pack.zone),
        reason=words.get(rows[0]["words"], {}).get("reason"),
    )


async def _sessions(place: Place) -> list[SessionPayload]:
    rows = await PledgeVersion.raw(_SESSIONS, *place)
    return [SessionPayload(**row) for row in rows]


async def _reports(place: Place, zone: str, url: str) -> list[ReportPayload]:
    copies = await _copies(place, url)
    rows = await PledgeVersion.raw(_REPORTS, *place, zone)
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


async def _copies(place: Place, url: str) -> dict[UUID, list[CopyPayload]]:
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

_ASKED = """
WITH asked AS (SELECT {}::text AS slug, {}::int AS number, {}::timestamptz AS at)
"""

_PLACE = """
FROM asked a JOIN organisation o ON o.slug = a.slug
JOIN pledge p ON p.organisation = o.id AND p.number = a.number
"""

_VERSIONS = f"""{_ASKED}
SELECT v.version, v.terms::text AS terms, v.words,
    (v.published_at AT TIME ZONE {{}}::text)::date AS published_on
{_PLACE} JOIN pledge_version v ON v.pledge = p.id AND v.published_at <= a.at ORDER BY v.version
"""

_WITHDRAWN = f"""{_ASKED}
SELECT e.recorded_at, e.words
{_PLACE} JOIN event e ON e.organisation = o.id AND e.recorded_at <= a.at
WHERE e.kind = 'pledge-withdrawn' AND (e.data ->> 'pledge')::int = a.number
ORDER BY e.id DESC LIMIT 1
"""

_STORY = f"""{_ASKED}
SELECT e.id, e.kind, e.organisation, e.effective_at, e.recorded_at, e.by, e.data, e.words,
    e.commitment
{_PLACE} JOIN event e ON e.organisation = o.id AND e.recorded_at <= a.at
WHERE e.data ->> 'pledge' = a.number::text OR e.data -> 'pledges' @> to_jsonb(a.number)
    OR (e.data ->> 'obligation')::bigint IN
        (SELECT id FROM obligation WHERE organisation = o.id AND pledge = a.number)
ORDER BY e.id
"""  # noqa: S608 - constants only; every value is a parameter

_SESSIONS = f"""{_ASKED}
SELECT c.number, c.held_on, c.hours::float AS hours,
    COALESCE((SELECT (e.data ->> 'was_pence')::int FROM event e
        WHERE e.organisation = c.organisation AND e.kind = 'session-pay-amended'
            AND (e.data ->> 'session')::int = c.number AND e.recorded_at > min(a.at)
        ORDER BY e.id LIMIT 1), c.pay_pence) AS pay_pence,
    CASE WHEN bool_or(f.happened AND f.agrees AND NOT f.employed AND f.paid <> 'unpaid'
            AND NOT f.taken_back) THEN 'confirmed'
        WHEN bool_or(f.taken_back) THEN 'withdrawn'
        WHEN bool_or(NOT f.happened OR NOT f.agrees) THEN 'disputed'
        ELSE 'no-answer' END AS answer
{_PLACE} JOIN codesign_session c ON c.organisation = o.id AND p.id = ANY(c.pledges)
    AND c.recorded_at <= a.at
LEFT JOIN LATERAL (SELECT n.happened, n.agrees, n.employed, paid_at(n, a.at) AS paid,
        n.withdrawn_at IS NOT NULL AND n.withdrawn_at <= a.at AS taken_back
    FROM confirmation n WHERE n.session = c.id AND n.answered_at <= a.at) f ON true
GROUP BY c.id ORDER BY c.number
"""  # noqa: S608 - constants only; every value is a parameter

_REPORTS = f"""{_ASKED}
SELECT r.id, r.milestone, r.version, r.worked, r.words, r.signed_by_role,
    COALESCE((SELECT v.verdict FROM review_outcome v JOIN review_case c ON c.id = v."case"
        WHERE v.report = r.id AND c.state = 'published' AND c.published_at <= a.at
        ORDER BY c.published_at DESC LIMIT 1), 'received') AS state,
    (r.received_at AT TIME ZONE {{}}::text)::date AS received_on
{_PLACE} JOIN report r ON r.pledge = p.id AND r.received_at <= a.at
ORDER BY r.milestone, r.version
"""  # noqa: S608 - constants only; every value is a parameter

_COPIES = f"""{_ASKED}
SELECT c.id, c.report, c.label, c.media_type
{_PLACE} JOIN report r ON r.pledge = p.id JOIN evidence_public_copy c ON c.report = r.id
WHERE c.state = 'published' AND c.published_at <= a.at ORDER BY c.published_at, c.id
"""
