"""Read models of plans: the five rows, a pledge with its versions, and what is being written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.framework.pack import FrameworkPack
from charter.history.queries import words_of
from charter.plans.answer_queries import who_took_part
from charter.plans.pledge_rules import PledgeDraft
from charter.plans.reading import decode_draft, find_pledge, version_in_force
from charter.plans.tables import Answer, ExistingPractice, Milestone, Pledge, PledgeVersion
from charter.plans.versions import Change, compare_versions


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """One pledge in a list. `state` is draft, live, withdrawn or ended."""

    number: int
    type: str
    title: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """One version of an answer. `agreed` says that a panel agreed that a type does not apply.

    `id` is its row; `said` tells whether those who took part confirmed it: confirmed, claimed, no.
    """

    id: int
    type: str
    version: int
    applies: bool
    agreed: bool
    impacts: tuple[str, ...]
    reason: str
    took_part: str
    priority: int
    community_priority: int | None
    given_at: datetime
    expires_on: date | None
    said: str


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One of the five rows that are always shown, in the framework's order.

    `answer` is applies, does-not-apply or unanswered; an answer that ran out is unanswered.
    """

    type: str
    name: str
    answer: str
    given: AnswerSeen | None
    pledges: tuple[PledgeLine, ...]
    practices: tuple[Mapping[str, str], ...]

    @property
    def needs(self) -> str | None:
        """What is missing: an answer, a pledge, or nothing."""
        if self.answer == "unanswered":
            return "answer"
        pledged = any(line.state in {"draft", "live"} for line in self.pledges)
        return "pledge" if self.answer == "applies" and not pledged else None


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One published version of a pledge, its reason, and what it changed."""

    version: int
    published_at: datetime
    terms: Mapping[str, Any]
    words: Mapping[str, Any]
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class MilestoneSeen:
    """A milestone: the date as first promised beside the date in force (rule 13)."""

    number: int
    title: str
    evidence: str
    first_due_on: date
    due_on: date
    moved: bool


@dataclass(frozen=True, slots=True)
class PledgeSeen:
    """A published pledge with every version, oldest first (rule 12)."""

    organisation: UUID
    number: int
    type: str
    state: str
    withdrawn_at: datetime | None
    versions: tuple[VersionSeen, ...]
    milestones: tuple[MilestoneSeen, ...]

    @property
    def first(self) -> VersionSeen:
        """The promise as first made."""
        return self.versions[0]

    @property
    def now(self) -> VersionSeen:
        """The promise as it is now."""
        return self.versions[-1]


async def task_list(organisation: UUID, *, pack: FrameworkPack, today: date) -> tuple[TypeRow, ...]:
    """Return the five rows: what was answered, the pledges there are, and what is missing."""
    answers = {seen.type: seen for seen in await all_answers(organisation)}
    pledges = await pledges_of(organisation)
    practices = await _practices(organisation)
    return tuple(
        TypeRow(
            type=each.id,
            name=each.name,
            answer=_say(answers.get(each.id), today),
            given=answers.get(each.id),
            pledges=tuple(line for line in pledges if line.type == each.id),
            practices=tuple(practices.get(each.id, ())),
        )
        for each in pack.catalogue.types
    )


async def answers_of(organisation: UUID, type_id: str) -> tuple[AnswerSeen, ...]:
    """Return every answer ever given for one type, oldest first."""
    return tuple(seen for seen in await all_answers(organisation) if seen.type == type_id)


async def pledges_of(organisation: UUID) -> tuple[PledgeLine, ...]:
    """Return every pledge in the order of its number; drafts that were discarded are left out."""
    rows = (
        await Pledge.objects()
        .where((Pledge.organisation == organisation) & (Pledge.state != "discarded"))
        .order_by(Pledge.number)
    )
    return await _lines(rows)


async def find_line(organisation: UUID, number: int) -> PledgeLine:
    """Return one pledge, a discarded draft too, which has no title any more. Raises `NotFound`."""
    [line] = await _lines([await find_pledge(organisation, number)])
    return line


async def _lines(rows: Sequence[Pledge]) -> tuple[PledgeLine, ...]:
    versions = await _versions([row.id for row in rows])
    words = await words_of(version.words for version in versions)
    titles = {version.pledge: words[version.words]["title"] for version in versions}
    return tuple(
        PledgeLine(
            row.number,
            row.type,
            titles.get(row.id) or _draft_title(row),
            row.state,
            row.version,
        )
        for row in rows
    )


def _draft_title(row: Pledge) -> str:
    return decode_draft(row).title if row.state == "draft" else ""


async def find_draft(organisation: UUID, number: int) -> PledgeDraft:
    """Return what a pledge says in the form it is edited in: its draft, or its newest version.

    Raises `NotFound`.
    """
    row = await find_pledge(organisation, number)
    return decode_draft(row) if row.state == "draft" else await version_in_force(row)


async def find_published_pledge(organisation: UUID, number: int) -> PledgeSeen | None:
    """Return a pledge with all its versions, or None before it is published."""
    row = (
        await Pledge.objects()
        .where(
            (Pledge.organisation == organisation) & (Pledge.number == number) & (Pledge.version > 0)
        )
        .first()
    )
    if row is None:
        return None
    versions = await _versions([row.id])
    words = await words_of(version.words for version in versions)
    seen = tuple(_see_versions(versions, words))
    return PledgeSeen(
        row.organisation,
        row.number,
        row.type,
        row.state,
        row.withdrawn_at,
        seen,
        await _milestones(row.id, seen[-1].words),
    )


def _say(given: AnswerSeen | None, today: date) -> str:
    if given is None or (given.expires_on is not None and today > given.expires_on):
        return "unanswered"
    return "applies" if given.applies else "does-not-apply"


async def all_answers(organisation: UUID) -> list[AnswerSeen]:
    """Return every answer ever given, for all types, in the order of their versions."""
    rows = (
        await Answer.objects().where(Answer.organisation == organisation).order_by(Answer.version)
    )
    words = await words_of(row.words for row in rows)
    said = await who_took_part(organisation)
    return [
        AnswerSeen(
            row.id,
            row.type,
            row.version,
            row.applies,
            row.applies or row.agreed_at is not None,
            tuple(row.impacts),
            words[row.words]["reason"],
            words[row.words]["took_part"],
            row.priority,
            row.community_priority,
            row.given_at,
            row.expires_on,
            said[row.id],
        )
        for row in rows
    ]


async def _practices(organisation: UUID) -> dict[str, list[Mapping[str, str]]]:
    rows = (
        await ExistingPractice.objects()
        .where(ExistingPractice.organisation == organisation)
        .order_by(ExistingPractice.id)
    )
    words = await words_of(row.words for row in rows)
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault(row.type, []).append(words[row.words])
    return found


async def _versions(pledges: list[UUID]) -> list[PledgeVersion]:
    if not pledges:
        return []
    return (
        await PledgeVersion.objects()
        .where(PledgeVersion.pledge.is_in(pledges))
        .order_by(PledgeVersion.version)
    )


def _see_versions(
    versions: Iterable[PledgeVersion], words: Mapping[UUID, Mapping[str, Any]]
) -> Iterable[VersionSeen]:
    before: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None
    for version in versions:
        terms = msgspec.json.decode(version.terms)
        text = words[version.words]
        changes: tuple[Change, ...] = ()
        if before is not None:
            changes = compare_versions(before[1], text) + compare_versions(before[0], terms)
        yield VersionSeen(
            version.version, version.published_at, terms, text, text["reason"], changes
        )
        before = terms, text


async def _milestones(pledge: UUID, words: Mapping[str, Any]) -> tuple[MilestoneSeen, ...]:
    rows = await Milestone.objects().where(Milestone.pledge == pledge).order_by(Milestone.number)
    texts = {row["number"]: row for row in words["milestones"]}
    return tuple(
        MilestoneSeen(
            row.number,
            texts[row.number]["title"],
            texts[row.number]["evidence"],
            row.first_due_on,
            row.due_on,
            row.moved,
        )
        for row in rows
    )
