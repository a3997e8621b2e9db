"""Raising a concern with no account, following it by receipt, and passing it on (rule 38).

No address is kept, nothing of a concern stands on a page before it is decided, and a steward
only passes it on: a panel of three decides.
"""

from uuid import UUID

from charter.chance import draw_crockford
from charter.concerns import rules
from charter.concerns.tables import Concern
from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation
from charter.reviews.cases import open_case
from charter.scheme import Scheme


class ConcernClosed(RuleViolation):
    """The concern was passed on or answered before."""

    code = "concern-closed"
    rule = 38


async def raise_concern(
    scheme: Scheme, *, about: str, organisation: UUID | None, text: str = ""
) -> str:
    """Keep a concern and return its receipt, which is shown once and never kept.

    The hub owes a first answer in 5 days and a look in 14. Raises `InvalidInput`.
    """
    errors = rules.check_concern(about, text)
    if errors:
        raise InvalidInput("The concern cannot be sent as it is.", errors=errors)
    async with transaction(scheme) as tx:
        receipt = draw_crockford(scheme.chance, rules.RECEIPT_LENGTH)
        concern = Concern(
            id=tx.new_id(),
            receipt_hash=rules.hash_receipt(receipt),
            organisation=organisation,
            about=about,
            text=text.strip(),
            received_at=tx.now,
        )
        for kind in ("concern-acknowledgement", "concern-triage"):
            owed = await open_obligation(tx, kind, organisation=None, subject=concern.id)
            concern.obligation = owed.id
        await concern.save()
        tx.record("concern-received", {}, by="public")
        return rules.show_receipt(receipt)


async def acknowledge_concern(scheme: Scheme, *, concern: UUID) -> None:
    """Give the first answer to whoever raised a concern: it was read."""
    async with transaction(scheme) as tx:
        row = await _lock_concern(concern)
        await _acknowledge(tx, row)


async def triage_concern(scheme: Scheme, *, concern: UUID, outcome: str) -> None:
    """Answer a concern, or pass it to a panel of three; a steward decides nothing more.

    `outcome` is answered, resolved-by-agreement or passed-to-panel. Raises `ConcernClosed`.
    """
    if outcome not in rules.TRIAGED:
        raise InvalidInput("Choose what becomes of it.")
    async with transaction(scheme) as tx:
        row = await _lock_concern(concern)
        if row.state not in {"received", "acknowledged"}:
            raise ConcernClosed("This concern was passed on or answered already.")
        await _acknowledge(tx, row)
        await _meet(tx, row, "concern-triage")
        if outcome == "passed-to-panel":
            await _pass_to_panel(tx, row)
            return
        await Concern.update(
            {Concern.state: "closed", Concern.outcome: outcome, Concern.decided_at: tx.now}
        ).where(Concern.id == row.id)


async def answer_concern(scheme: Scheme, *, organisation: UUID, concern: UUID, words: str) -> None:
    """Take the organisation's public answer, with its plan, to a concern that was upheld."""
    if not words.strip():
        raise InvalidInput(
            "The answer is empty.",
            errors=[FieldError("words", "Say what you will do, and by when.")],
        )
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await _lock_concern(concern)
        if row.organisation != organisation or row.outcome != "upheld":
            raise NotFound("There is no such concern.")
        if row.answered_at is not None:
            raise ConcernClosed("This concern was answered already.")
        answer = await tx.publish_words(
            "concern-answer", {"answer": words.strip()}, organisation=organisation
        )
        await Concern.update({Concern.answer: answer.id, Concern.answered_at: tx.now}).where(
            Concern.id == row.id
        )
        tx.record("concern-answered", {}, organisation=organisation, by="sponsor", words=answer)
        await _meet(tx, row, "concern-response")


async def _pass_to_panel(tx: Ledger, row: Concern) -> None:
    if row.organisation is None:
        raise InvalidInput("A panel decides only about an organisation on the register.")
    await open_case(tx, "concern", organisation=row.organisation, subject=row.id)
    await Concern.update({Concern.state: "with-panel"}).where(Concern.id == row.id)


async def _acknowledge(tx: Ledger, row: Concern) -> None:
    if row.acknowledged_at is not None:
        return
    row.acknowledged_at = tx.now
    await Concern.update({Concern.state: "acknowledged", Concern.acknowledged_at: tx.now}).where(
        Concern.id == row.id
    )
    await _meet(tx, row, "concern-acknowledgement")


async def _meet(tx: Ledger, row: Concern, kind: str) -> None:
    owed = await Obligation.objects().where(
        (Obligation.subject == row.id) & (Obligation.kind == kind) & (Obligation.state == "open")
    )
    for obligation in owed:
        await meet_obligation(tx, obligation)


async def _lock_concern(concern: UUID) -> Concern:
    row = await Concern.objects().where(Concern.id == concern).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such concern.")
    return row
