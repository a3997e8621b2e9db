"""Everything public about one organisation, gathered into its payload.

What is shown comes from the projection of the pure function, from published versions and
published verdicts; drafts, sealed verdicts and people have no way in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.clock import end_of_day, local_day
from charter.history.queries import events_of, words_of
from charter.history.tables import Event
from charter.obligations import rules as obligation_rules
from charter.obligations.tables import Obligation
from charter.organisations.tables import FormerName, IdentityProof, Organisation
from charter.plans.tables import Milestone, Pledge
from charter.reviews.tables import AccountabilityReview
from charter.standing.assessment import assess
from charter.standing.tables import CurrentStanding
from registry.web.public.listing import Site, find_organisation
from registry.web.public.payloads import (
    ChasePayload,
    FlagPayload,
    Meta,
    MilestonePayload,
    NamePayload,
    NextPayload,
    ObligationPayload,
    OrganisationDetailPayload,
    PackPayload,
    PledgePayload,
    ProofPayload,
    ReasonPayload,
    ResultsPayload,
    ReviewPayload,
    StandingPayload,
    TypePayload,
)

SHOWN_CHASE = 60
"""The newest public steps of the chase that a page shows; the history has them all."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """The organisation a payload is made for, and the day it is made on."""

    row: Organisation
    standing: CurrentStanding
    site: Site
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return local_day(self.now, self.site.pack.zone)


async def describe_organisation(
    slug: str, site: Site, now: datetime
) -> OrganisationDetailPayload | None:
    """Return everything public about the organisation at `slug`, or None."""
    summary = await find_organisation(slug, site)
    row = await Organisation.objects().where(Organisation.slug == slug).first()
    if summary is None or row is None:
        return None
    standing = await CurrentStanding.objects().get(CurrentStanding.organisation == row.id)
    if standing is None:
        return None
    subject = _Subject(row, standing, site, now)
    obligations = await _obligations(subject)
    return OrganisationDetailPayload(
        **msgspec.structs.asdict(summary),
        meta=Meta(generated_at=now),
        town=row.town,
        website=row.website,
        previous_names=[
            NamePayload(name=former.name, until=former.until)
            for former in await FormerName.objects()
            .where(FormerName.organisation == row.id)
            .order_by(FormerName.until)
        ],
        proven_by=[
            ProofPayload(how=proof.how, on=proof.proven_on)
            for proof in await IdentityProof.objects()
            .where(IdentityProof.organisation == row.id)
            .order_by(IdentityProof.proven_on)
        ],
        sponsor_role=row.sponsor_role or None,
        types=await _types(subject),
        pledges=await _pledges(subject),
        reviews=await _reviews(subject),
        obligations=[payload for payload, _ in obligations],
        chase=await _chase(subject),
        next=_next(subject, [due for _, due in obligations]),
        history_url=f"{site.public_url}/organisations/{slug}/history",
    )


async def describe_standing(slug: str, site: Site, now: datetime) -> StandingPayload | None:
    """Return the three answers now, from one statement."""
    rows = await Organisation.raw(STANDING, slug)
    if not rows:
        return None
    [row] = rows
    return StandingPayload(
        organisation=slug,
        at=now,
        as_of=None,
        standing=row["standing"],
        since=row["since"],
        days_late=row["days_late"],
        level=row["level"],
        flags=msgspec.json.decode(row["flags"], type=list[FlagPayload]),
        results=msgspec.json.decode(row["results"], type=ResultsPayload),
        sentence=row["sentence"],
        reasons=msgspec.json.decode(row["reasons"], type=list[ReasonPayload]),
        holds_until=row["holds_until"],
        pack=PackPayload(id=site.pack.id, digest=site.pack.digest),
    )


STANDING = (
    "SELECT s.standing, s.since, s.days_late, s.level, s.flags::text, s.results::text,"
    " s.sentence, s.reasons::text, s.holds_until FROM organisation o"
    " JOIN current_standing s ON s.organisation = o.id WHERE o.slug = {}"
)


async def describe_standing_on(
    slug: str, day: date, site: Site, now: datetime
) -> StandingPayload | None:
    """Return what the register would have answered at the end of a past day (rule 29)."""
    row = await Organisation.objects().where(Organisation.slug == slug).first()
    if row is None:
        return None
    at = min(end_of_day(day, site.pack.zone), now)
    answer = assess(await events_of(row.id, recorded_by=at), at, site.pack)
    if answer is None:
        return None
    return StandingPayload(
        organisation=slug,
        at=at,
        as_of=day,
        standing=answer.standing.value,
        since=answer.since,
        days_late=answer.days_late,
        level=answer.level.value if answer.level else None,
        flags=msgspec.convert(msgspec.to_builtins(answer.flags), list[FlagPayload]),
        results=msgspec.convert(msgspec.to_builtins(answer.results), ResultsPayload),
        sentence=answer.sentence,
        reasons=msgspec.convert(msgspec.to_builtins(answer.reasons), list[ReasonPayload]),
        holds_until=answer.holds_until,
        pack=PackPayload(id=site.pack.id, digest=site.pack.digest),
    )


async def _types(subject: _Subject) -> list[TypePayload]:
    review = (
        await AccountabilityReview.objects()
        .where(
            (AccountabilityReview.organisation == subject.row.id)
            & AccountabilityReview.published_at.is_not_null()
        )
        .order_by(AccountabilityReview.cycle, ascending=False)
        .first()
    )
    own: Mapping[str, str] = _decode(review.own_findings) if review else {}
    found: Mapping[str, str] = _decode(review.panel_findings) if review else {}
    return [
        TypePayload(
            type=row["type"],
            answer=row["answer"],
            agreed=row["agreed"],
            expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
            level=row["level"],
            organisation_says=own.get(row["type"]),
            community_found=found.get(row["type"]),
            result=lower_voice(own.get(row["type"]), found.get(row["type"])),
        )
        for row in _decode(subject.standing.types)
    ]


def lower_voice(own: str | None, found: str | None) -> str | None:
    """Return the lower of two voices on one scale (rule 26); None until both have spoken."""
    if own is None or found is None:
        return None
    scale = ("not", "partly", "kept")
    known = [voice for voice in (own, found) if voice in scale]
    return min(known, key=scale.index) if len(known) == 2 else "cannot-tell"  # noqa: PLR2004 - two voices


async def _pledges(subject: _Subject) -> list[PledgePayload]:
    rows: Sequence[Mapping[str, Any]] = await Pledge.raw(_PLEDGES, subject.row.id)
    words = await words_of(row["words"] for row in rows)
    milestones = await _milestones([row["id"] for row in rows])
    late = await _days_late_by_pledge(subject)
    results: Mapping[str, str] = _decode(subject.standing.pledges)
    shown = {"not-yet-due": "live", "late": "live"}
    payloads = []
    for row in rows:
        terms = msgspec.json.decode(row["terms"])
        wording = words[row["words"]]
        titles = {line["number"]: line["title"] for line in wording.get("milestones", [])}
        steps = milestones.get(row["id"], [])
        result = results.get(str(row["number"]), "not-yet-due")
        payloads.append(
            PledgePayload(
                number=row["number"],
                type=row["type"],
                secondary_types=terms.get("secondary_types", []),
                title=wording["title"],
                version=row["version"],
                state=shown.get(result, result),
                first_due_on=min((step["first_due_on"] for step in steps), default=None),
                due_on=max((step["due_on"] for step in steps), default=None),
                days_late=late.get(row["number"], 0),
                agreed_with_communities=row["agreed"],
                funding_pence=terms.get("funding_pence"),
                milestones=[
                    MilestonePayload(
                        number=step["number"],
                        title=titles.get(step["number"], ""),
                        due_on=step["due_on"],
                        state=step["state"],
                        verdict=step["verdict"],
                    )
                    for step in steps
                ],
                url=f"{subject.site.public_url}/organisations/{subject.row.slug}"
                f"/pledges/{row['number']}",
            )
        )
    return payloads


async def _milestones(pledges: Sequence[UUID]) -> dict[UUID, list[Mapping[str, Any]]]:
    rows = await Milestone.raw(_MILESTONES, list(pledges))
    grouped: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["pledge"], []).append(row)
    return grouped


async def _days_late_by_pledge(subject: _Subject) -> dict[int, int]:
    late: dict[int, int] = {}
    for payload, due in await _obligations(subject):
        pledge: int | None = due.pledge
        if pledge is not None and payload.state == "running":
            late[pledge] = max(late.get(pledge, 0), payload.days_late)
    return late


async def _reviews(subject: _Subject) -> list[ReviewPayload]:
    rows = await Event.raw(_REVIEWS, subject.row.id)
    words = await words_of([row["words"] for row in rows] + [row["reply"] for row in rows])
    return [
        ReviewPayload(
            id=f"{row['number']}-{row['part']}",
            kind=row["kind"],
            decided_on=row["decided_on"],
            published_on=row["published_on"],
            verdict=row["verdict"],
            reasons=" ".join(map(str, words.get(row["words"], {}).values())),
            reply=words.get(row["reply"], {}).get("reply"),
        )
        for row in rows
    ]


async def _obligations(subject: _Subject) -> list[tuple[ObligationPayload, Obligation]]:
    rows: Sequence[Mapping[str, Any]] = await Obligation.raw(
        _OBLIGATIONS, subject.now, subject.row.id
    )
    payloads = []
    for row in rows:
        due = Obligation(**{name: row[name] for name in _OBLIGATION_COLUMNS})
        kind = subject.site.pack.obligation_kind(due.kind)
        state = obligation_rules.see_clock(due.state, row["why"])
        running = state in {"running", "paused", "waiting-on-hub"}
        days = (subject.today - due.due_on).days - row["paused_days"] if running else 0
        payloads.append(
            (
                ObligationPayload(
                    kind=due.kind,
                    owner=due.owner,
                    title=obligation_rules.name_obligation(
                        kind, pledge=due.pledge, milestone=due.milestone, type_id=due.type
                    ),
                    due_on=due.due_on,
                    state=state,
                    days_late=max(0, days),
                ),
                due,
            )
        )
    return payloads


async def _chase(subject: _Subject) -> list[ChasePayload]:
    rows = await Event.raw(_CHASE, subject.row.id, SHOWN_CHASE)
    zone = subject.site.pack.zone
    return [
        ChasePayload(
            on=local_day(row["recorded_at"], zone), step=row["name"], obligation=row["what"]
        )
        for row in rows
    ]


def _next(subject: _Subject, owed: Sequence[Obligation]) -> NextPayload | None:
    waiting = [due for due in owed if due.state == "open" and due.owner == "organisation"]
    if not waiting:
        return None
    first = min(waiting, key=lambda due: due.due_on)
    kind = subject.site.pack.obligation_kind(first.kind)
    what = obligation_rules.name_obligation(
        kind, pledge=first.pledge, milestone=first.milestone, type_id=first.type
    )
    return NextPayload(on=first.due_on, what=what)


def _decode(text: Any) -> Any:
    return msgspec.json.decode(text) if text else {}


_OBLIGATION_COLUMNS = (
    *("id", "organisation", "kind", "owner", "pledge", "milestone", "type"),
    *("due_on", "state"),
)

_OBLIGATIONS = """
SELECT o.id, o.organisation, o.kind, o.owner, o.pledge, o.milestone, o.type, o.due_on, o.state,
    (SELECT p.why FROM pause p WHERE p.obligation = o.id AND p.until IS NULL) AS why,
    COALESCE((SELECT sum(COALESCE(p.until, {})::date - p.since::date)
        FROM pause p WHERE p.obligation = o.id), 0)::int AS paused_days
FROM obligation o WHERE o.organisation = {} AND o.state <> 'closed' ORDER BY o.due_on, o.id
"""

_PLEDGES = """
SELECT p.id, p.number, p.type, p.version, v.terms::text AS terms, v.words,
    CASE WHEN EXISTS (SELECT 1 FROM codesign_session c JOIN confirmation f ON f.session = c.id
            WHERE p.id = ANY(c.pledges) AND f.happened AND f.agrees AND NOT f.employed
                AND f.paid <> 'unpaid' AND f.withdrawn_at IS NULL) THEN 'confirmed'
        WHEN EXISTS (SELECT 1 FROM codesign_session c WHERE p.id = ANY(c.pledges)) THEN 'claimed'
        ELSE 'no' END AS agreed
FROM pledge p JOIN pledge_version v ON v.pledge = p.id AND v.version = p.version
WHERE p.organisation = {} AND p.version > 0 ORDER BY p.number
"""

_MILESTONES = """
SELECT m.pledge, m.number, m.first_due_on, m.due_on,
    COALESCE(r.state, 'open') AS state,
    CASE WHEN r.state IN ('accepted', 'not-accepted', 'more-needed') THEN r.state END AS verdict
FROM milestone m
LEFT JOIN LATERAL (SELECT state FROM report WHERE pledge = m.pledge AND milestone = m.number
    ORDER BY version DESC LIMIT 1) r ON true
WHERE m.pledge = ANY({}::uuid[]) ORDER BY m.pledge, m.number
"""

_REVIEWS = """
SELECT c.number, c.kind, c.decided_at::date AS decided_on, c.published_at::date AS published_on,
    t.verdict, t.words, c.reply, row_number() OVER (PARTITION BY c.id ORDER BY t.id) AS part
FROM review_case c JOIN review_outcome t ON t."case" = c.id
WHERE c.organisation = {} AND c.state = 'published' ORDER BY c.published_at DESC, c.number, t.id
"""

_CHASE = """
SELECT recorded_at, data ->> 'name' AS name, data ->> 'what' AS what FROM event
WHERE organisation = {} AND kind = 'notice-sent' AND (data ->> 'step')::int >= 1
ORDER BY id DESC LIMIT {}
"""
