"""Public copies of evidence: redacted by the organisation, published by its own choice (rule 16).

Nothing public is ever made from an original by itself. A copy goes through the same checks as
any file, and once published it goes only by an erasure, by two people.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.evidence import rules
from charter.evidence.rules import NewItem
from charter.evidence.tables import EvidenceItem, PublicCopy, Report
from charter.ledger import Ledger, commit, transaction
from charter.plans.tables import Pledge
from charter.scheme import Scheme


class CopyPublished(RuleViolation):
    """An item has one public copy, and it is not replaced (rule 16)."""

    code = "copy-published"
    rule = 16


@dataclass(frozen=True, slots=True)
class CopySeen:
    """A public copy: as its organisation sees it, and once published, as everybody does."""

    id: UUID
    item: UUID
    report: UUID
    label: str
    media_type: str
    safe_sha256: str
    state: str
    refusal: str
    published_at: datetime | None


async def send_public_copy(
    scheme: Scheme, *, organisation: UUID, item: UUID, file: NewItem
) -> UUID:
    """Keep a redacted file that is to be public, in quarantine until it is checked (rule 17).

    The item must have been sent with a report. Raises `InvalidInput` and `CopyPublished`.
    """
    errors = rules.check_item(file, scheme.pack.numbers.evidence)
    if file.names_people:
        sentence = "Take out everything by which a person can be recognised, then send it."
        errors.append(FieldError("names_people", sentence))
    if errors:
        raise InvalidInput("This cannot be published as it is.", errors=errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = (
            await EvidenceItem.objects()
            .where((EvidenceItem.id == item) & (EvidenceItem.organisation == organisation))
            .first()
        )
        if row is None or row.report is None:
            raise NotFound("There is no such item.")
        if await PublicCopy.exists().where(
            (PublicCopy.item == item) & PublicCopy.state.is_in(["quarantined", "published"])
        ):
            raise CopyPublished("This item has a public copy, or one that is being checked.")
        copy = PublicCopy(
            id=tx.new_id(),
            organisation=organisation,
            item=item,
            report=row.report,
            label=file.label.strip(),
            media_type=file.media_type,
            sha256=file.sha256,
            salt=scheme.chance.bytes(32),
            sent_at=tx.now,
        )
        await copy.save()
        tx.send("file", f"copy:{copy.id}", {"copy": str(copy.id)})
        return copy.id


async def publish_public_copy(
    scheme: Scheme, *, copy: UUID, safe_sha256: str, media_type: str
) -> None:
    """Publish the checked form of a copy. Doing so twice changes nothing."""
    async with transaction(scheme) as tx:
        row = await _lock_copy(copy)
        if row.state != "quarantined":
            return
        await PublicCopy.update(
            {
                PublicCopy.state: "published",
                PublicCopy.safe_sha256: safe_sha256,
                PublicCopy.media_type: media_type,
                PublicCopy.published_at: tx.now,
            }
        ).where(PublicCopy.id == copy)
        commitment = commit(row.salt, {"label": row.label, "sha256": safe_sha256})
        await _record(tx, row, "public-copy-published", commitment=commitment.hex())


async def refuse_public_copy(scheme: Scheme, *, copy: UUID, code: str) -> None:
    """Refuse a copy that could not be made safe; `code` says why, and its sender sees it."""
    async with transaction(scheme):
        await PublicCopy.update({PublicCopy.state: "refused", PublicCopy.refusal: code}).where(
            (PublicCopy.id == copy) & (PublicCopy.state == "quarantined")
        )


async def erase_public_copy(tx: Ledger, copy: UUID, *, ground: str) -> tuple[str, ...]:
    """Take a copy away for good; that it was there stays public. Two people call this together.

    Returns the digests of files that nothing needs any more, for the object store to drop.
    `ground` is a token such as personal-data. Erasing twice changes nothing.
    """
    row = await _lock_copy(copy)
    if row.state != "published":
        return ()
    await PublicCopy.update(
        {
            PublicCopy.state: "erased",
            PublicCopy.erased_at: tx.now,
            PublicCopy.label: "",
            PublicCopy.sha256: "",
            PublicCopy.safe_sha256: "",
            PublicCopy.salt: b"",
        }
    ).where(PublicCopy.id == copy)
    await _record(tx, row, "public-copy-erased", ground=ground)
    return tuple([digest for digest in (row.sha256, row.safe_sha256) if await is_unused(digest)])


async def copies_of(organisation: UUID, *, state: str | None = None) -> tuple[CopySeen, ...]:
    """Return an organisation's public copies, the oldest first, of one state if it is given."""
    rows = (
        await PublicCopy.objects()
        .where(PublicCopy.organisation == organisation)
        .order_by(PublicCopy.sent_at)
    )
    return tuple(_see(row) for row in rows if state is None or row.state == state)


async def find_published_copy(organisation: UUID, copy: UUID) -> CopySeen | None:
    """Return a copy that everybody may read, or None."""
    found = await copies_of(organisation, state="published")
    return next((each for each in found if each.id == copy), None)


async def is_unused(digest: str) -> bool:
    """Say whether no evidence and no public copy needs the bytes with a digest any more."""
    items = await EvidenceItem.exists().where(
        (EvidenceItem.sha256 == digest) | (EvidenceItem.safe_sha256 == digest)
    )
    copies = await PublicCopy.exists().where(
        (PublicCopy.sha256 == digest) | (PublicCopy.safe_sha256 == digest)
    )
    return not items and not copies


async def _record(tx: Ledger, row: PublicCopy, kind: str, **facts: str) -> None:
    report = await Report.objects().where(Report.id == row.report).first()
    pledge = await Pledge.objects().where(Pledge.id == report.pledge).first() if report else None
    if report is None or pledge is None:
        raise NotFound("There is no such report.")
    tx.record(
        kind,
        {
            "pledge": pledge.number,
            "milestone": report.milestone,
            "report": str(report.id),
            **facts,
        },
        organisation=row.organisation,
        by="member" if kind == "public-copy-published" else "steward",
    )


async def _lock_copy(copy: UUID) -> PublicCopy:
    row = await PublicCopy.objects().where(PublicCopy.id == copy).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such copy.")
    return row


def _see(row: PublicCopy) -> CopySeen:
    return CopySeen(
        id=row.id,
        item=row.item,
        report=row.report,
        label=row.label,
        media_type=row.media_type,
        safe_sha256=row.safe_sha256,
        state=row.state,
        refusal=row.refusal,
        published_at=row.published_at,
    )
