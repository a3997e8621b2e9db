"""Reading what an organisation answered and promised, for use cases and pages alike."""

from datetime import date
from uuid import UUID

import msgspec

from charter.errors import NotFound
from charter.history.queries import words_of
from charter.plans import versions
from charter.plans.pledge_rules import PledgeDraft
from charter.plans.rules import AnswerInForce
from charter.plans.tables import Answer, Milestone, Pledge, PledgeVersion


async def answers_in_force(organisation: UUID) -> dict[str, AnswerInForce]:
    """Return the newest answer for each type that has one."""
    rows = (
        await Answer.objects().where(Answer.organisation == organisation).order_by(Answer.version)
    )
    return {row.type: AnswerInForce(row.applies, row.given_at, row.expires_on) for row in rows}


async def newest_answers(organisation: UUID) -> dict[str, int]:
    """Return the row of the newest answer for each type that has one."""
    rows = (
        await Answer.select(Answer.id, Answer.type)
        .where(Answer.organisation == organisation)
        .order_by(Answer.version)
    )
    return {row["type"]: row["id"] for row in rows}


async def live_types(organisation: UUID, today: date) -> set[str]:
    """Return the types that have at least one live pledge on a day."""
    rows = await Pledge.select(Pledge.type).where(
        (Pledge.organisation == organisation) & (Pledge.state == "live") & (Pledge.ends_on >= today)
    )
    return {row["type"] for row in rows}


async def find_pledge(organisation: UUID, number: int) -> Pledge:
    """Return a pledge by its public number. Raises `NotFound`."""
    row = (
        await Pledge.objects()
        .where((Pledge.organisation == organisation) & (Pledge.number == number))
        .first()
    )
    if row is None:
        raise NotFound("There is no such pledge.")
    return row


def decode_draft(row: Pledge) -> PledgeDraft:
    """Return what a draft says. Raises `NotFound` where nothing is being written."""
    if row.draft is None:
        raise NotFound("There is no such draft.")
    return msgspec.json.decode(row.draft, type=PledgeDraft)


async def version_in_force(row: Pledge) -> PledgeDraft:
    """Return what a published pledge says now, in the form it is amended in.

    The dates are those in force: a date that a community decision moved stands as moved.
    """
    version = (
        await PledgeVersion.objects()
        .where((PledgeVersion.pledge == row.id) & (PledgeVersion.version == row.version))
        .first()
    )
    if version is None:
        raise NotFound("There is no such pledge.")
    words = await words_of([version.words])
    terms = msgspec.json.decode(version.terms)
    due = await dates_in_force(row.id)
    for milestone, day in zip(terms["milestones"], due, strict=True):
        milestone["due_on"] = day.isoformat()
    return versions.restore_draft(terms, words[version.words])


async def dates_in_force(pledge: UUID) -> list[date]:
    """Return the due dates in force of a pledge's milestones, in their order."""
    rows = (
        await Milestone.select(Milestone.due_on)
        .where(Milestone.pledge == pledge)
        .order_by(Milestone.number)
    )
    return [row["due_on"] for row in rows]
