"""Changing evidence that was accepted: corrections, objections, and what re-opens (rule 23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from charter.errors import InvalidInput, NotFound
from charter.evidence import rules
from charter.evidence.reopening import reopen_milestone
from charter.evidence.rules import ItemWording
from charter.evidence.service import commit_item
from charter.evidence.tables import EvidenceItem, ItemChange, Report
from charter.ledger import Ledger, transaction
from charter.plans.tables import Pledge
from charter.reviews.tables import Seat
from charter.scheme import Scheme


async def change_item(
    scheme: Scheme, *, organisation: UUID, item: UUID, now: ItemWording, as_correction: bool
) -> UUID:
    """Change the wording of an accepted item, which stays accepted and marked; return the change.

    A correction of spelling or of a link re-opens its milestone only if a reviewer objects in the
    days the pack gives. Anything else re-opens it at once. Raises `InvalidInput`,
    `NotACorrection` and `NotYetAccepted`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row, report = await _accepted_item(organisation, item)
        was = ItemWording(row.label, row.body)
        rules.refuse_change(row.kind, was, now)
        if as_correction and not rules.is_correction(row.kind, was, now):
            raise rules.NotACorrection(
                "This changes a figure, or adds or takes away words. Say that it is more than a"
                " correction: the milestone then opens again."
            )
        kind = "correction" if as_correction else "change"
        change = ItemChange(
            id=tx.new_id(),
            item=row.id,
            report=report.id,
            kind=kind,
            was_label=was.label,
            was_body=was.body,
            label=now.label.strip(),
            body=now.body.strip(),
            made_at=tx.now,
            object_until=_object_until(tx) if as_correction else None,
        )
        await change.save()
        pledge = await _pledge_of(report)
        await _write(tx, row, report, pledge, change)
        if not as_correction:
            await reopen_milestone(tx, pledge, report.milestone, why="evidence-changed")
        return change.id


async def object_to_correction(scheme: Scheme, *, seat: UUID, change: UUID) -> None:
    """Take the objection of a reviewer who decided the report; the milestone opens again.

    Raises `NotFound` for a change that is not of the seat's case, and `TooLateToObject`.
    """
    async with transaction(scheme) as tx:
        row = await ItemChange.objects().where(ItemChange.id == change).lock_rows("UPDATE").first()
        held = await Seat.objects().where((Seat.id == seat) & (Seat.state == "decided")).first()
        report = await Report.objects().where(Report.id == row.report).first() if row else None
        if row is None or held is None or report is None or report.case != held.case:
            raise NotFound("There is no such correction in your cases.")
        if row.objected_at is not None:
            return
        if row.object_until is None or tx.today > row.object_until:
            raise rules.TooLateToObject("The days to object are over. The correction stands.")
        await ItemChange.update({ItemChange.objected_at: tx.now}).where(ItemChange.id == row.id)
        pledge = await _pledge_of(report)
        tx.record(
            "correction-objected",
            {"pledge": pledge.number, "milestone": report.milestone, "report": str(report.id)},
            organisation=report.organisation,
            by="auditors",
        )
        await reopen_milestone(tx, pledge, report.milestone, why="reviewer-objected")


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """A change of accepted evidence as those who reviewed it see it: what it said, and says.

    `object_until` is the last day to object; None where the milestone is open again already.
    """

    id: UUID
    seat: UUID
    case: int
    kind: str
    pledge: int
    milestone: int
    was: ItemWording
    now: ItemWording
    made_at: datetime
    object_until: date | None


async def changes_since_reviewed(scheme: Scheme, auditor: UUID) -> tuple[ChangeSeen, ...]:
    """Return the corrections an auditor may still object to, the one that ends first before all."""
    rows: Sequence[Mapping[str, Any]] = await ItemChange.raw(_CHANGES, auditor, scheme.today())
    return tuple(
        ChangeSeen(
            id=row["id"],
            seat=row["seat"],
            case=row["case"],
            kind=row["kind"],
            pledge=row["pledge"],
            milestone=row["milestone"],
            was=ItemWording(row["was_label"], row["was_body"]),
            now=ItemWording(row["label"], row["body"]),
            made_at=row["made_at"],
            object_until=row["object_until"],
        )
        for row in rows
    )


_CHANGES = """
SELECT c.id, s.id AS seat, k.number AS "case", c.kind, p.number AS pledge, r.milestone,
    c.was_label, c.was_body, c.label, c.body, c.made_at, c.object_until
FROM evidence_change c JOIN report r ON r.id = c.report JOIN pledge p ON p.id = r.pledge
JOIN review_case k ON k.id = r."case"
JOIN review_seat s ON s."case" = k.id AND s.state = 'decided'
WHERE s.auditor = {} AND c.kind = 'correction' AND c.objected_at IS NULL AND c.object_until >= {}
ORDER BY c.object_until, c.made_at
"""


def _object_until(tx: Ledger) -> date:
    return tx.today + timedelta(days=tx.scheme.pack.numbers.reviews.correction_objection_days)


async def _write(
    tx: Ledger, row: EvidenceItem, report: Report, pledge: Pledge, change: ItemChange
) -> None:
    """Put the new wording in force under a new commitment; the old one stays in its event."""
    salt = tx.scheme.chance.bytes(32)
    commitment = commit_item(salt, row.kind, change.label, change.body, row.sha256)
    await EvidenceItem.update(
        {
            EvidenceItem.label: change.label,
            EvidenceItem.body: change.body,
            EvidenceItem.salt: salt,
            EvidenceItem.commitment: commitment,
        }
    ).where(EvidenceItem.id == row.id)
    tx.record(
        "evidence-corrected",
        {
            "pledge": pledge.number,
            "milestone": report.milestone,
            "report": str(report.id),
            "change": change.kind,
            "commitment": commitment.hex(),
        },
        organisation=report.organisation,
        by="member",
    )


async def _accepted_item(organisation: UUID, item: UUID) -> tuple[EvidenceItem, Report]:
    row = (
        await EvidenceItem.objects()
        .where((EvidenceItem.id == item) & (EvidenceItem.organisation == organisation))
        .first()
    )
    if row is None or row.report is None:
        raise NotFound("There is no such item.")
    report = await Report.objects().where(Report.id == row.report).first()
    if report is None:
        raise NotFound("There is no such item.")
    if report.state != "accepted":
        raise rules.NotYetAccepted(
            "Only accepted evidence is corrected. What is not accepted is sent again."
        )
    return row, report


async def _pledge_of(report: Report) -> Pledge:
    pledge = await Pledge.objects().where(Pledge.id == report.pledge).first()
    if pledge is None:
        raise InvalidInput("There is no such pledge.")
    return pledge
