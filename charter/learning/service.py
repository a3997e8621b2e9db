"""Keeping a note of every published report, so that others learn from it (rule 28)."""

import msgspec

from charter.evidence.tables import Report
from charter.learning.tables import LearningNote
from charter.ledger import Ledger
from charter.plans.tables import Pledge, PledgeVersion


async def note_published_report(tx: Ledger, report: Report, pledge: Pledge) -> None:
    """File a report among the notes, once for each catalogue action of its pledge."""
    for action in await _actions_of(pledge) or [""]:
        await LearningNote(
            organisation=report.organisation,
            type=pledge.type,
            action=action,
            worked=report.worked,
            words=report.words,
            published_at=tx.now,
        ).save()


async def _actions_of(pledge: Pledge) -> list[str]:
    version = (
        await PledgeVersion.objects()
        .where(PledgeVersion.pledge == pledge.id)
        .order_by(PledgeVersion.version, ascending=False)
        .first()
    )
    if version is None:
        return []
    terms = msgspec.json.decode(version.terms, type=dict[str, object])
    actions = terms.get("actions")
    return [str(action) for action in actions] if isinstance(actions, list) else []
