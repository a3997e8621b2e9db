"""The learning library: what worked and what did not, by type and catalogue action (rule 28)."""

from dataclasses import dataclass
from datetime import datetime

from charter.history.queries import words_of
from charter.learning.tables import LearningNote
from charter.organisations.tables import Organisation


@dataclass(frozen=True, slots=True)
class Note:
    """What one organisation reported, in its own words, once reviewers had published on it."""

    organisation: str
    slug: str
    sector: str
    boroughs: tuple[str, ...]
    type: str
    action: str
    worked: str
    summary: str
    what_did_not_work: str
    why: str
    what_changes: str
    published_at: datetime


async def learning_notes(
    *, type_id: str | None = None, action: str | None = None, limit: int = 100
) -> tuple[Note, ...]:
    """Return the newest notes, of one type or one catalogue action if given."""
    query = LearningNote.objects().order_by(LearningNote.id, ascending=False).limit(limit)
    if type_id is not None:
        query = query.where(LearningNote.type == type_id)
    if action is not None:
        query = query.where(LearningNote.action == action)
    rows = await query
    if not rows:
        return ()
    words = await words_of(row.words for row in rows)
    owners = {
        owner.id: owner
        for owner in await Organisation.objects().where(
            Organisation.id.is_in([row.organisation for row in rows])
        )
    }
    return tuple(
        Note(
            organisation=owners[row.organisation].name,
            slug=owners[row.organisation].slug,
            sector=owners[row.organisation].sector,
            boroughs=tuple(owners[row.organisation].boroughs),
            type=row.type,
            action=row.action,
            worked=row.worked,
            summary=words[row.words].get("summary", ""),
            what_did_not_work=words[row.words].get("what_did_not_work", ""),
            why=words[row.words].get("why", ""),
            what_changes=words[row.words].get("what_changes", ""),
            published_at=row.published_at,
        )
        for row in rows
    )
