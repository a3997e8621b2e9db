"""Keeping a note of every report that was borne out, so that others learn from it (rule 28)."""

import msgspec

from charter.evidence.tables import Report
from charter.learning.tables import LearningNote
from charter.ledger import Ledger
from charter.plans.tables import Pledge, PledgeVersion


async def note_published_report(tx: Ledger, report: Report, pledge: Pledge) -> None:
    """File an accepted report among the notes. Filing it twice changes nothing."""
    terms = await _terms_of(pledge)
    note = LearningNote(
        organisation=report.organisation,
        report=report.id,
        pledge=pledge.number,
        type=pledge.type,
        actions=list(terms.actions),
        forms=list(terms.forms),
        worked=report.worked,
        words=report.words,
        published_at=tx.now,
    )
    await LearningNote.insert(note).on_conflict(target=LearningNote.report, action="DO NOTHING")


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
