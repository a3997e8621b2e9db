"""What pages show of evidence: the sender's own drafts, a report as sent, items as reviewed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from charter.evidence.tables import EvidenceItem, Report
from charter.history.queries import words_of
from charter.plans.tables import Pledge


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """An item as its sender or a reviewer sees it. `safe_sha256` names the copy that may be read.

    `state` is quarantined, safe or refused; `refusal` the code of why.
    """

    id: UUID
    kind: str
    label: str
    body: str
    names_people: bool
    media_type: str
    size: int
    safe_sha256: str
    state: str
    refusal: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """A report with its words: the claim that evidence stands beside."""

    id: UUID
    pledge: int
    type: str
    milestone: int
    version: int
    worked: str
    summary: str
    what_did_not_work: str
    why: str
    what_changes: str
    signed_by_role: str
    received_at: datetime
    state: str
    items: tuple[ItemSeen, ...]


async def draft_items(organisation: UUID, pledge: int, milestone: int) -> tuple[ItemSeen, ...]:
    """Return what waits to be sent with the next report on a milestone."""
    rows = (
        await EvidenceItem.objects()
        .where(
            (EvidenceItem.organisation == organisation)
            & EvidenceItem.pledge.is_in(
                Pledge.select(Pledge.id).where(
                    (Pledge.organisation == organisation) & (Pledge.number == pledge)
                )
            )
            & (EvidenceItem.milestone == milestone)
            & EvidenceItem.report.is_null()
        )
        .order_by(EvidenceItem.uploaded_at)
    )
    return tuple(see_item(row) for row in rows)


async def reports_of(organisation: UUID, pledge: int | None = None) -> tuple[ReportSeen, ...]:
    """Return an organisation's reports, newest first, of one pledge if it is given."""
    rows = (
        await Report.objects()
        .where(Report.organisation == organisation)
        .order_by(Report.received_at, ascending=False)
    )
    seen = await see_reports(rows)
    return tuple(report for report in seen if pledge is None or report.pledge == pledge)


async def reports_in_case(case: UUID) -> tuple[ReportSeen, ...]:
    """Return the reports a panel judges, with the safe copies of their items."""
    rows = await Report.objects().where(Report.case == case).order_by(Report.received_at, Report.id)
    return await see_reports(rows)


async def see_reports(rows: list[Report]) -> tuple[ReportSeen, ...]:
    """Return reports with their words and items, in the order given."""
    if not rows:
        return ()
    words = await words_of(row.words for row in rows)
    pledges = {
        pledge.id: pledge
        for pledge in await Pledge.objects().where(Pledge.id.is_in([row.pledge for row in rows]))
    }
    items = (
        await EvidenceItem.objects()
        .where(EvidenceItem.report.is_in([row.id for row in rows]))
        .order_by(EvidenceItem.uploaded_at)
    )
    return tuple(
        ReportSeen(
            id=row.id,
            pledge=pledges[row.pledge].number,
            type=pledges[row.pledge].type,
            milestone=row.milestone,
            version=row.version,
            worked=row.worked,
            summary=words[row.words].get("summary", ""),
            what_did_not_work=words[row.words].get("what_did_not_work", ""),
            why=words[row.words].get("why", ""),
            what_changes=words[row.words].get("what_changes", ""),
            signed_by_role=row.signed_by_role,
            received_at=row.received_at,
            state=row.state,
            items=tuple(see_item(item) for item in items if item.report == row.id),
        )
        for row in rows
    )


def see_item(row: EvidenceItem) -> ItemSeen:
    """Return an item without its salt, its original's hash, or whose it is."""
    return ItemSeen(
        id=row.id,
        kind=row.kind,
        label=row.label,
        body=row.body,
        names_people=row.names_people,
        media_type=row.media_type,
        size=row.size,
        safe_sha256=row.safe_sha256,
        state=row.state,
        refusal=row.refusal,
        uploaded_at=row.uploaded_at,
    )
