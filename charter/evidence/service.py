"""Adding evidence and sending reports. A report that can be read meets what was due (rule 34)."""

from uuid import UUID

from charter.errors import InvalidInput, NotFound, RuleViolation
from charter.evidence import rules
from charter.evidence.reopening import REPORTING
from charter.evidence.rules import ItemAtHand, NewItem, ReportDraft
from charter.evidence.tables import EvidenceItem, Report
from charter.history.events import Fact
from charter.ledger import Ledger, commit, transaction
from charter.obligations.service import meet_obligation, open_obligations, pause_clock
from charter.obligations.tables import Obligation
from charter.plans.tables import Milestone, Pledge
from charter.reviews.cases import only_acceptance_counts, open_case
from charter.scheme import Scheme


class NoReportDue(RuleViolation):
    """Nothing is due for this milestone, or its report is with the reviewers (rule 34)."""

    code = "no-report-due"
    rule = 34


async def add_item(
    scheme: Scheme, *, organisation: UUID, pledge: int, milestone: int, item: NewItem
) -> UUID:
    """Keep an item for the next report on a milestone and return it.

    A file stays in quarantine until its checked copy arrives (rule 17): the outbox asks the
    worker for one. Raises `InvalidInput` and `TooManyItems`.
    """
    numbers = scheme.pack.numbers.evidence
    errors = rules.check_item(item, numbers)
    if errors:
        raise InvalidInput("This cannot be added as it is.", errors=errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await find_milestone(organisation, pledge, milestone)
        waiting = await _draft_items(row.id, milestone)
        refusal = rules.check_room(item.kind, [at_hand.kind for at_hand in waiting], numbers)
        if refusal is not None:
            raise rules.TooManyItems(refusal)
        return await keep_item(tx, organisation, row.id, milestone, item)


async def keep_item(
    tx: Ledger, organisation: UUID, pledge: UUID, milestone: int, item: NewItem
) -> UUID:
    """Keep an item that has nothing wrong with it for the next report on a milestone."""
    salt = tx.scheme.chance.bytes(32)
    entry = EvidenceItem(
        id=tx.new_id(),
        organisation=organisation,
        pledge=pledge,
        milestone=milestone,
        kind=item.kind,
        label=item.label.strip(),
        body=item.body.strip(),
        names_people=item.names_people,
        media_type=item.media_type,
        size=item.size,
        sha256=item.sha256,
        state="quarantined" if item.kind == "file" else "safe",
        salt=salt,
        commitment=commit_item(salt, item.kind, item.label.strip(), item.body.strip(), item.sha256),
        uploaded_at=tx.now,
    )
    await entry.save()
    if item.kind == "file":
        tx.send("file", f"file:{entry.id}", {"item": str(entry.id)})
    return entry.id


def commit_item(salt: bytes, kind: str, label: str, body: str, sha256: str) -> bytes:
    """Return the public commitment to one item: all that is ever public of it (rule 16)."""
    return commit(salt, {"kind": kind, "label": label, "body": body, "sha256": sha256})


async def mark_item_safe(scheme: Scheme, *, item: UUID, safe_sha256: str, media_type: str) -> None:
    """Take the checked copy of a quarantined file; only it is ever shown to a reviewer."""
    async with transaction(scheme):
        await EvidenceItem.update(
            {
                EvidenceItem.state: "safe",
                EvidenceItem.safe_sha256: safe_sha256,
                EvidenceItem.media_type: media_type,
            }
        ).where((EvidenceItem.id == item) & (EvidenceItem.state == "quarantined"))


async def refuse_item(scheme: Scheme, *, item: UUID, code: str) -> None:
    """Refuse a quarantined file; `code` says why, and the sender sees it."""
    async with transaction(scheme):
        await EvidenceItem.update(
            {EvidenceItem.state: "refused", EvidenceItem.refusal: code}
        ).where((EvidenceItem.id == item) & (EvidenceItem.state == "quarantined"))


async def remove_draft_item(scheme: Scheme, *, organisation: UUID, item: UUID) -> None:
    """Remove an item that was not sent yet; removing it again changes nothing."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await EvidenceItem.delete().where(
            (EvidenceItem.id == item)
            & (EvidenceItem.organisation == organisation)
            & EvidenceItem.report.is_null()
        )


async def send_report(
    scheme: Scheme,
    *,
    organisation: UUID,
    pledge: int,
    milestone: int,
    report: ReportDraft,
    signed_by_role: str = "",
) -> UUID:
    """Send a report with its waiting items to the reviewers and return it.

    It meets what was due for the milestone; from a suspended organisation it only stops that
    clock until the verdict is published (rows 8 and 9 of the standings). Raises `InvalidInput`,
    `NoReportDue`, `ItemNotReady` and `NothingToShow`.
    """
    errors = rules.check_report(report, signed_by_role=signed_by_role)
    if errors:
        raise InvalidInput("The report is not complete.", errors=errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await find_milestone(organisation, pledge, milestone)
        return await file_report(tx, row, milestone, report, signed_by_role=signed_by_role)


async def file_report(
    tx: Ledger, row: Pledge, milestone: int, report: ReportDraft, *, signed_by_role: str
) -> UUID:
    """Put a report that is complete before the reviewers, with its waiting items.

    The organisation must be locked. Raises `NoReportDue`, `ItemNotReady` and `NothingToShow`.
    """
    organisation = row.organisation
    owed = await _owed_for(organisation, row.number, milestone)
    last = await _last_report(row.id, milestone)
    if not owed or (last is not None and last.state == "received"):
        raise NoReportDue("No report is due for this milestone now.")
    items = await _draft_items(row.id, milestone)
    refusal = rules.refuse_items(ItemAtHand(item.kind, item.state) for item in items)
    if refusal is not None:
        raise refusal
    case = await open_case(tx, "evidence", organisation=organisation)
    words = await tx.publish_words("report", _words(report), organisation=organisation)
    sent = Report(
        id=tx.new_id(),
        organisation=organisation,
        pledge=row.id,
        milestone=milestone,
        version=last.version + 1 if last else 1,
        obligation=owed[0].id,
        worked=report.worked,
        words=words.id,
        signed_by_role=signed_by_role.strip(),
        received_at=tx.now,
        case=case.id,
    )
    await sent.save()
    await EvidenceItem.update({EvidenceItem.report: sent.id}).where(
        EvidenceItem.id.is_in([item.id for item in items])
    )
    tx.record(
        "evidence-received",
        _facts(sent, row, items),
        organisation=organisation,
        by="sponsor" if signed_by_role else "member",
        words=words,
    )
    await _answer_what_is_due(tx, organisation, owed)
    return sent.id


async def _answer_what_is_due(tx: Ledger, organisation: UUID, owed: list[Obligation]) -> None:
    """Meet what a report answers, or stop its clock where only acceptance counts."""
    pauses = await only_acceptance_counts(tx, organisation)
    for obligation in owed:
        if pauses:
            await pause_clock(tx, obligation, why="under-review", by="auditors")
        else:
            await meet_obligation(tx, obligation)


async def find_milestone(organisation: UUID, pledge: int, milestone: int) -> Pledge:
    """Return the pledge of a milestone, by their public numbers. Raises `NotFound`."""
    row = (
        await Pledge.objects()
        .where((Pledge.organisation == organisation) & (Pledge.number == pledge))
        .first()
    )
    if row is None or not await Milestone.exists().where(
        (Milestone.pledge == row.id) & (Milestone.number == milestone)
    ):
        raise NotFound("There is no such milestone.")
    return row


async def _owed_for(organisation: UUID, pledge: int, milestone: int) -> list[Obligation]:
    return [
        owed
        for owed in await open_obligations(organisation, *REPORTING)
        if (owed.pledge, owed.milestone) == (pledge, milestone)
    ]


async def _draft_items(pledge: UUID, milestone: int) -> list[EvidenceItem]:
    return (
        await EvidenceItem.objects()
        .where(
            (EvidenceItem.pledge == pledge)
            & (EvidenceItem.milestone == milestone)
            & EvidenceItem.report.is_null()
        )
        .order_by(EvidenceItem.uploaded_at)
        .order_by(EvidenceItem.id)
    )


async def _last_report(pledge: UUID, milestone: int) -> Report | None:
    return (
        await Report.objects()
        .where((Report.pledge == pledge) & (Report.milestone == milestone))
        .order_by(Report.version, ascending=False)
        .first()
    )


def _facts(report: Report, pledge: Pledge, items: list[EvidenceItem]) -> dict[str, Fact]:
    """Return what is public of a report: never an item, only its kind and commitment (rule 16)."""
    return {
        "pledge": pledge.number,
        "milestone": report.milestone,
        "report": str(report.id),
        "version": report.version,
        "worked": report.worked,
        "type": pledge.type,
        "items": [{"kind": item.kind, "commitment": item.commitment.hex()} for item in items],
    }


def _words(report: ReportDraft) -> dict[str, str]:
    words = {
        "summary": report.summary,
        "what_did_not_work": report.what_did_not_work,
        "why": report.why,
        "what_changes": report.what_changes,
    }
    return {name: text.strip() for name, text in words.items() if text.strip()}
