"""The JSON contract: every member that outsiders rely on, by its promised name.

Members may be added, never renamed; what is absent is null. Dates are local days of the scheme,
instants UTC, money pence.
"""

from datetime import date, datetime
from typing import Any

import msgspec

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every payload."""


class Meta(Payload, frozen=True, kw_only=True):
    """About the answer itself."""

    licence: str = LICENCE
    generated_at: datetime
    as_of: date | None = None
    total: int | None = None
    next: str | None = None


class IdentifierPayload(Payload, frozen=True, kw_only=True):
    """A register and the number in it (org-id.guide)."""

    scheme: str
    id: str


class ResultsPayload(Payload, frozen=True, kw_only=True):
    """How many pledges stand at each result."""

    kept: int = 0
    partly_kept: int = 0
    not_kept: int = 0
    late: int = 0
    not_yet_due: int = 0
    withdrawn: int = 0


class OrganisationPayload(Payload, frozen=True, kw_only=True):
    """One organisation as it stands in a list."""

    slug: str
    name: str
    url: str
    identifiers: list[IdentifierPayload]
    sector: str
    boroughs: list[str]
    size: str
    signed_on: date | None
    charter_version: str | None
    standing: str
    standing_since: datetime
    days_late: int
    level: str | None
    flags: list[str]
    results: ResultsPayload
    sentence: str
    badge_url: str | None
    updated_at: datetime
    town: str
    website: str | None
    sponsor_role: str | None


class OrganisationsPayload(Payload, frozen=True, kw_only=True):
    """A page of the list."""

    meta: Meta
    organisations: list[OrganisationPayload]


class NamePayload(Payload, frozen=True, kw_only=True):
    """A name once used."""

    name: str
    until: date


class ProofPayload(Payload, frozen=True, kw_only=True):
    """How identity was proven."""

    how: str
    on: date


class TypePayload(Payload, frozen=True, kw_only=True):
    """One of the five rows that are always there."""

    type: str
    answer: str
    agreed: bool
    expires_on: date | None
    level: str
    organisation_says: str | None
    community_found: str | None
    result: str | None
    reason: str | None = None
    took_part: str | None = None
    impacts: list[str] = []
    priority: int | None = None
    community_priority: int | None = None
    community_priority_by: str | None = None
    took_part_confirmed: str | None = None
    answers_url: str | None = None


class MilestonePayload(Payload, frozen=True, kw_only=True):
    """A milestone: its date in force, and what the panel found."""

    number: int
    title: str
    due_on: date
    state: str
    verdict: str | None
    first_due_on: date | None = None
    changed_since_reviewed: date | None = None


class PartnerPayload(Payload, frozen=True, kw_only=True):
    """Somebody who shares a pledge that another leads; a community group has no `url`."""

    name: str
    url: str | None
    part: str
    joined_on: date
    left_on: date | None
    left_because: str | None


class PledgePayload(Payload, frozen=True, kw_only=True):
    """A pledge as it stands now; every version is at `url`."""

    number: int
    type: str
    secondary_types: list[str]
    title: str
    version: int
    state: str
    first_due_on: date | None
    due_on: date | None
    days_late: int
    agreed_with_communities: str
    funding_pence: int | None
    milestones: list[MilestonePayload]
    url: str
    partners: list[PartnerPayload] = []


class SharedPledgePayload(Payload, frozen=True, kw_only=True):
    """A pledge of another organisation that this one shares; it is counted for its lead only."""

    lead: str
    lead_url: str
    part: str
    joined_on: date
    pledge: PledgePayload


class ReviewPayload(Payload, frozen=True, kw_only=True):
    """A published review: verdict and reply together."""

    id: str
    kind: str
    decided_on: date | None
    published_on: date | None
    verdict: str
    reasons: str
    reply: str | None
    pledge: int | None = None
    milestone: int | None = None
    type: str | None = None


class ObligationPayload(Payload, frozen=True, kw_only=True):
    """Something owed, by the organisation, the hub or the auditors."""

    kind: str
    owner: str
    title: str
    due_on: date
    state: str
    days_late: int
    pledge: int | None = None
    paused_why: str | None = None
    paused_by: str | None = None
    paused_since: date | None = None


class ChasePayload(Payload, frozen=True, kw_only=True):
    """One public step of the chase."""

    on: date
    step: str
    obligation: str


class NextPayload(Payload, frozen=True, kw_only=True):
    """What happens next."""

    on: date
    what: str


class PracticePayload(Payload, frozen=True, kw_only=True):
    """What the organisation already did before it signed: shown, never counted (rule 8)."""

    type: str
    title: str
    text: str


class UpheldConcernPayload(Payload, frozen=True, kw_only=True):
    """A concern that was upheld, with the public answer and its plan once they are given."""

    upheld_on: date
    answer: str | None
    plan: str | None
    answered_on: date | None


class HoursPayload(Payload, frozen=True, kw_only=True):
    """Hours that communities gave one organisation, by what they themselves say about pay."""

    paid: float
    declined: float
    unpaid: float
    unanswered: float


class OrganisationDetailPayload(OrganisationPayload, frozen=True, kw_only=True):
    """Everything public about one organisation."""

    meta: Meta
    previous_names: list[NamePayload]
    proven_by: list[ProofPayload]
    types: list[TypePayload]
    pledges: list[PledgePayload]
    reviews: list[ReviewPayload]
    obligations: list[ObligationPayload]
    chase: list[ChasePayload]
    next: NextPayload | None
    coming: list[NextPayload]
    history_url: str
    standing_url: str
    one_person: bool
    continued_by: str | None
    practice: list[PracticePayload]
    concerns_upheld: list[date]
    concerns: list[UpheldConcernPayload]
    concerns_go_to: str | None
    dissolved_on: date | None
    reduced_on: date | None
    hours_from_communities: HoursPayload
    shared_pledges: list[SharedPledgePayload]
    holds_until: datetime | None


class FlagPayload(Payload, frozen=True, kw_only=True):
    """A flag beside the standing."""

    flag: str
    since: datetime
    reason: str
    by: str


class ReasonPayload(Payload, frozen=True, kw_only=True):
    """A reason, the rule it rests on, and the events behind it."""

    rule: int
    text: str
    events: list[int]


class PackPayload(Payload, frozen=True, kw_only=True):
    """Which rules gave the answer."""

    id: str
    digest: str


class StandingPayload(Payload, frozen=True, kw_only=True):
    """Standing, results and level, with reasons and how long they hold."""

    organisation: str
    at: datetime
    as_of: date | None
    standing: str
    since: datetime
    days_late: int
    level: str | None
    flags: list[FlagPayload]
    results: ResultsPayload
    sentence: str
    reasons: list[ReasonPayload]
    holds_until: datetime | None
    pack: PackPayload


class SubjectPayload(Payload, frozen=True, kw_only=True):
    """What an event is about."""

    type: str
    number: int | str | None
    version: int | None


class LogPayload(Payload, frozen=True, kw_only=True):
    """Where an event stands in the public log."""

    index: int


class EventPayload(Payload, rename={"from_": "from"}, frozen=True, kw_only=True):
    """One public fact."""

    id: int
    kind: str
    organisation: str | None
    subject: SubjectPayload | None
    effective_at: datetime
    recorded_at: datetime
    summary: str
    from_: str | None
    to: str | None
    log: LogPayload | None
    organisation_name: str | None = None


class EventsPayload(Payload, frozen=True, kw_only=True):
    """Events, oldest first; `meta.next` goes on from the last."""

    meta: Meta
    events: list[EventPayload]


class OrganisationCounts(Payload, frozen=True, kw_only=True):
    """Organisations, counted by what they are and how they stand."""

    total: int
    by_standing: dict[str, int]
    by_level: dict[str, int]
    by_borough: dict[str, int]
    by_sector: dict[str, int]
    by_size: dict[str, int]


class TypeCounts(Payload, frozen=True, kw_only=True):
    """What organisations answered for one type."""

    applies: int = 0
    does_not_apply: int = 0
    unanswered: int = 0
    live_pledges: int = 0


class StatisticsPayload(Payload, frozen=True, kw_only=True):
    """The scheme in numbers. Counts of people under five, and what tells them, are null."""

    meta: Meta
    organisations: OrganisationCounts
    types: dict[str, TypeCounts]
    results: ResultsPayload
    obligations: dict[str, int]
    reviews: dict[str, int | None]
    pay: dict[str, float | int | None]
    concerns: dict[str, int | None]
    applications: dict[str, int]


def as_json(payload: Any) -> bytes:
    """Return the bytes of a payload: UTC instants end in Z."""
    return msgspec.json.encode(payload)
