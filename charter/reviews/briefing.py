"""What a case is about, said before it is opened, and the promise its evidence is held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from charter.concerns.tables import Concern
from charter.evidence.tables import Report
from charter.history.queries import words_of
from charter.obligations.service import find_obligation
from charter.obligations.tables import ExtensionRequest
from charter.plans.tables import Milestone, Pledge, PledgeVersion
from charter.reviews.cases import find_case, find_seat, questions_of
from charter.reviews.rules import ABOUT_CONCERNS
from charter.reviews.tables import Case


@dataclass(frozen=True, slots=True)
class Topic:
    """What an auditor is told before a case opens (rule 24a), by ids of the framework pack.

    `speaks_of` are content notes chosen by the writer, None where nobody was asked for any.
    """

    types: tuple[str, ...]
    forms: tuple[str, ...]
    communities: tuple[str, ...]
    speaks_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What a report's evidence is held against: the promise as it is now, and its milestone."""

    pledge: int
    milestone: int
    title: str
    promise: str
    measure: str
    target: str
    step: str
    expected: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class _Published:
    """A pledge in its newest version."""

    row: Pledge
    terms: dict[str, Any]
    words: dict[str, Any]


async def topic_of(seat: UUID) -> Topic:
    """Return what the case of a seat is about, without a word of its evidence."""
    case = await find_case((await find_seat(seat)).case)
    pledges = await _newest(await _pledges_in(case))
    asked = await _types_asked(case)
    return Topic(
        types=_each_once([*(each.row.type for each in pledges), *asked]),
        forms=_each_once(name for each in pledges for name in each.terms.get("forms", ())),
        communities=_each_once(
            name for each in pledges for name in each.terms.get("communities", ())
        ),
        speaks_of=await _content_notes(case),
    )


async def promises_in(case: int) -> dict[UUID, Promise]:
    """Return, by report, the promise that each report of a case answers for."""
    row = await Case.objects().where(Case.number == case).first()
    if row is None:
        return {}
    reports = await Report.objects().where(Report.case == row.id)
    published = {each.row.id: each for each in await _newest({report.pledge for report in reports})}
    return {
        report.id: await _promise(published[report.pledge], report.milestone) for report in reports
    }


async def _promise(pledge: _Published, number: int) -> Promise:
    words = pledge.words
    steps = {step["number"]: step for step in words.get("milestones", ())}
    said = steps.get(number, {})
    row = (
        await Milestone.objects()
        .where((Milestone.pledge == pledge.row.id) & (Milestone.number == number))
        .first()
    )
    return Promise(
        pledge=pledge.row.number,
        milestone=number,
        title=words.get("title", ""),
        promise=words.get("promise", ""),
        measure=words.get("measure", ""),
        target=words.get("target", ""),
        step=said.get("title", ""),
        expected=said.get("evidence", ""),
        due_on=row.due_on if row else None,
    )


async def _pledges_in(case: Case) -> set[UUID]:
    if case.kind == "evidence":
        rows = await Report.select(Report.pledge).where(Report.case == case.id)
        return {row["pledge"] for row in rows}
    if case.kind != "extension":
        return set()
    request = await ExtensionRequest.objects().where(ExtensionRequest.id == case.subject).first()
    owed = await find_obligation(request.obligation) if request else None
    if owed is None or owed.pledge is None:
        return set()
    found = await Pledge.select(Pledge.id).where(
        (Pledge.organisation == owed.organisation) & (Pledge.number == owed.pledge)
    )
    return {row["id"] for row in found}


async def _types_asked(case: Case) -> list[str]:
    if case.kind in ABOUT_CONCERNS:
        concern = await Concern.objects().where(Concern.id == case.subject).first()
        return list(concern.types) if concern else []
    return await questions_of(case) if case.kind in {"does-not-apply", "accountability"} else []


async def _content_notes(case: Case) -> tuple[str, ...] | None:
    """Return what the writer of a concern said that it speaks of; None for other cases."""
    if case.kind not in ABOUT_CONCERNS:
        return None
    concern = await Concern.objects().where(Concern.id == case.subject).first()
    return tuple(concern.speaks_of) if concern else ()


async def _newest(pledges: Iterable[UUID]) -> list[_Published]:
    wanted = list(pledges)
    if not wanted:
        return []
    rows = await Pledge.objects().where(Pledge.id.is_in(wanted)).order_by(Pledge.number)
    versions = {
        row.pledge: row
        for row in await PledgeVersion.objects()
        .where(PledgeVersion.pledge.is_in(wanted))
        .order_by(PledgeVersion.version)
    }
    words = await words_of(version.words for version in versions.values())
    return [_published(row, versions.get(row.id), words) for row in rows]


def _published(
    row: Pledge, version: PledgeVersion | None, words: dict[UUID, dict[str, Any]]
) -> _Published:
    if version is None:
        return _Published(row, {}, {})
    return _Published(row, msgspec.json.decode(version.terms), words.get(version.words, {}))


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
