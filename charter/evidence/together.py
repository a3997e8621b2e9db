"""What two stewards do together with evidence, and neither alone (rules 16 and 40).

They open an original, which nobody else but its sender ever sees, or take a public copy away.
One asks and says why; another, who does not work for the organisation either, confirms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from charter.clock import local_day
from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.evidence.public_copies import erase_public_copy
from charter.evidence.tables import EvidenceItem, PublicCopy, SharedAct
from charter.ledger import Ledger, transaction
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.organisations.tables import Organisation
from charter.scheme import Scheme

ACTS: Mapping[str, tuple[str, ...]] = {
    "open-original": ("the-copy-is-in-doubt", "after-a-complaint", "court-order"),
    "remove-copy": ("personal-data", "unlawful-words", "court-order"),
}
"""What can be done together, and the reasons that count for it."""


class TwoPeopleNeeded(RuleViolation):
    """What only two people can do together was confirmed by whoever asked for it."""

    code = "two-people-needed"
    rule = 40


@dataclass(frozen=True, slots=True)
class EvidenceAtHand:
    """A file of a sent report, or its public copy, as stewards find it: never its name."""

    subject: UUID
    act: str
    pledge: int
    milestone: int
    media_type: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ActSeen:
    """Something two stewards do together: asked for by one, done once another confirms."""

    number: int
    act: str
    subject: UUID
    organisation: UUID
    why: str
    asked_by: UUID
    asked_at: datetime
    done_at: datetime | None


async def ask_together(
    scheme: Scheme,
    *,
    act: str,
    subject: UUID,
    why: str,
    steward: UUID,
    steward_employer_domain: str,
) -> int:
    """Ask for something that a second steward must confirm; return its number.

    Raises `InvalidInput`, `NotFound` and `OwnEmployer`.
    """
    if why not in ACTS.get(act, ()):
        sentence = "Choose what you ask for, and why."
        raise InvalidInput(sentence, errors=[FieldError("why", sentence)])
    async with transaction(scheme) as tx:
        organisation = await _owner(act, subject)
        await _refuse_own_employer(organisation, steward_employer_domain)
        row = SharedAct(
            act=act,
            subject=subject,
            organisation=organisation,
            why=why,
            asked_by=steward,
            asked_at=tx.now,
        )
        await row.save()
        return int(row.id)


async def do_together(
    scheme: Scheme, *, number: int, steward: UUID, steward_employer_domain: str
) -> tuple[str, ...]:
    """Confirm, as the second steward, what another asked for.

    Returns the digests of files that nothing needs any more. Raises `TwoPeopleNeeded`,
    `NotFound` and `OwnEmployer`.
    """
    async with transaction(scheme) as tx:
        row = await SharedAct.objects().where(SharedAct.id == number).lock_rows("UPDATE").first()
        if row is None:
            raise NotFound("Nobody has asked for that.")
        if row.asked_by == steward:
            raise TwoPeopleNeeded("You asked for this. Another steward confirms it.")
        await _refuse_own_employer(row.organisation, steward_employer_domain)
        done = (
            await SharedAct.update({SharedAct.done_by: steward, SharedAct.done_at: tx.now})
            .where((SharedAct.id == number) & SharedAct.done_at.is_null())
            .returning(SharedAct.id)
        )
        return await _do(tx, row) if done else ()


async def original_opened_to(scheme: Scheme, *, number: int, steward: UUID) -> EvidenceItem:
    """Return the item whose original two stewards opened, to either of them and on that day only.

    Raises `NotFound`.
    """
    row = await SharedAct.objects().where(SharedAct.id == number).first()
    none = NotFound("No original is open to you. Ask for it again, together.")
    if row is None or row.act != "open-original" or row.done_at is None:
        raise none
    if steward not in {row.asked_by, row.done_by}:
        raise none
    if local_day(row.done_at, scheme.pack.zone) != scheme.today():
        raise none
    item = await EvidenceItem.objects().where(EvidenceItem.id == row.subject).first()
    if item is None:
        raise none
    return item


async def acts_waiting() -> tuple[ActSeen, ...]:
    """Return what waits for a second steward, the oldest first."""
    rows = await SharedAct.objects().where(SharedAct.done_at.is_null()).order_by(SharedAct.id)
    return tuple(_see(row) for row in rows)


async def find_act(number: int) -> ActSeen | None:
    """Return one thing that was asked for, or None."""
    row = await SharedAct.objects().where(SharedAct.id == number).first()
    return _see(row) if row else None


async def evidence_at_hand(organisation: UUID) -> tuple[EvidenceAtHand, ...]:
    """Return the files an organisation sent with its reports, and its public copies."""
    rows: Sequence[Mapping[str, Any]] = await EvidenceItem.raw(_AT_HAND, organisation, organisation)
    return tuple(EvidenceAtHand(**row) for row in rows)


_AT_HAND = """
SELECT i.id AS subject, 'open-original' AS act, p.number AS pledge, i.milestone, i.media_type,
    r.received_at AS sent_at
FROM evidence_item i JOIN report r ON r.id = i.report JOIN pledge p ON p.id = i.pledge
WHERE i.organisation = {} AND i.kind = 'file'
UNION ALL
SELECT c.id, 'remove-copy', p.number, r.milestone, c.media_type, c.published_at
FROM evidence_public_copy c JOIN report r ON r.id = c.report JOIN pledge p ON p.id = r.pledge
WHERE c.organisation = {} AND c.state = 'published'
ORDER BY sent_at, subject
"""


async def _do(tx: Ledger, row: SharedAct) -> tuple[str, ...]:
    if row.act == "remove-copy":
        return await erase_public_copy(tx, row.subject, ground=row.why)
    return ()


async def _owner(act: str, subject: UUID) -> UUID:
    if act == "remove-copy":
        copy = (
            await PublicCopy.objects()
            .where((PublicCopy.id == subject) & (PublicCopy.state == "published"))
            .first()
        )
        found = copy.organisation if copy else None
    else:
        item = (
            await EvidenceItem.objects()
            .where(
                (EvidenceItem.id == subject)
                & (EvidenceItem.kind == "file")
                & EvidenceItem.report.is_not_null()
            )
            .first()
        )
        found = item.organisation if item else None
    if found is None:
        raise NotFound("There is no such file.")
    return found


async def _refuse_own_employer(organisation: UUID, domain: str) -> None:
    body = await Organisation.objects().where(Organisation.id == organisation).first()
    if body is not None and shares_employer(domain, body.domain):
        raise OwnEmployer("You work for this organisation. Ask a steward from elsewhere.")


def _see(row: SharedAct) -> ActSeen:
    return ActSeen(
        number=row.id,
        act=row.act,
        subject=row.subject,
        organisation=row.organisation,
        why=row.why,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        done_at=row.done_at,
    )
