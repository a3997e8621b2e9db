"""Keeping a note of what was borne out, so that others learn from it (rule 28)."""

from collections.abc import Mapping

import msgspec

from charter.evidence.tables import Report
from charter.learning.rules import tell_year
from charter.learning.tables import LearningNote
from charter.ledger import Ledger
from charter.plans.tables import Pledge, PledgeVersion
from charter.reviews.tables import AccountabilityReview


async def note_published_report(tx: Ledger, report: Report, pledge: Pledge) -> None:
    """File an accepted report among the notes. Filing it twice changes nothing."""
    terms = await _terms_of(pledge)
    note = LearningNote(
        organisation=report.organisation,
        source=report.id,
        pledge=pledge.number,
        types=[pledge.type],
        actions=list(terms.actions),
        forms=list(terms.forms),
        worked=report.worked,
        words=report.words,
        published_at=tx.now,
    )
    await _file(note)


async def note_published_reflection(
    tx: Ledger, review: AccountabilityReview, said: Mapping[str, str]
) -> None:
    """File a yearly reflection among the notes, on the types where it was borne out.

    `said` is what the organisation found of itself by type, where the panel found no less. Where
    it was borne out on none, there is nothing to learn from it, and no note.
    """
    if not said:
        return
    note = LearningNote(
        organisation=review.organisation,
        source=review.id,
        cycle=review.cycle,
        types=list(said),
        actions=[],
        forms=[],
        worked=tell_year(said.values()),
        words=review.reflection,
        published_at=tx.now,
    )
    await _file(note)


async def _file(note: LearningNote) -> None:
    await LearningNote.insert(note).on_conflict(target=LearningNote.source, action="DO NOTHING")


class _Terms(msgspec.Struct, frozen=True):
    """What a note takes from the terms of its pledge."""

    actions: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


async def _terms_of(pledge: Pledge) -> _Terms:
    version = (
        await PledgeVersion.objects()
        .where(PledgeVersion.pledge == pledge.id)
        .order_by(PledgeVersion.version, ascending=False)
        .first()
    )
    return msgspec.json.decode(version.terms, type=_Terms) if version else _Terms()
