"""What whoever raised a concern may say later, with the receipt; and appeals (rule 38)."""

from datetime import date, timedelta
from uuid import UUID

from charter.clock import local_day
from charter.concerns import rules
from charter.concerns.decisions import answers_owed, lock_concern
from charter.concerns.rules import Decided
from charter.concerns.service import end_concern, pass_to_panel
from charter.concerns.tables import Concern
from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.obligations.service import pause_clock
from charter.reviews.cases import find_case, open_case
from charter.scheme import Scheme

APPEALED = "concern-appealed"
"""The public reason of a clock that waits for the decision on an appeal."""


async def wish_for_meeting(scheme: Scheme, *, receipt: str, wanted: bool) -> None:
    """Take the word of whoever raised a concern on whether they want a restorative meeting.

    It can be taken back at any time before a panel decides: the concern then goes to the panel.
    """
    async with transaction(scheme) as tx:
        row = await _lock_by_receipt(receipt)
        if row.state not in {*rules.AT_HAND, "meeting"}:
            raise rules.ConcernClosed("A panel has this now, or it is decided.")
        await Concern.update({Concern.wants_meeting: wanted}).where(Concern.id == row.id)
        if row.state == "meeting" and not wanted:
            await pass_to_panel(tx, row)


async def end_meeting(scheme: Scheme, *, receipt: str, settled: bool) -> None:
    """Take the word of whoever raised a concern on whether the meeting settled it.

    Only they can say so. Where it did not, three auditors decide.
    """
    async with transaction(scheme) as tx:
        row = await _lock_by_receipt(receipt)
        if row.state != "meeting":
            raise rules.ConcernClosed("No meeting is under way about this concern.")
        if settled:
            await end_concern(tx, row, "resolved-by-agreement")
        else:
            await pass_to_panel(tx, row)


async def appeal_by_receipt(scheme: Scheme, *, receipt: str, why: str) -> None:
    """Take an appeal from whoever raised a concern. Raises `NotOpenToAppeal`.

    Where a steward answered it and no panel has seen it, the concern goes to the first panel.
    """
    _refuse_without_reason(why)
    async with transaction(scheme) as tx:
        row = await _lock_by_receipt(receipt)
        if row.outcome == "answered" and row.state == "closed":
            _refuse_late(tx, row)
            text = f"{row.text}\n\n{why.strip()}".strip()
            await Concern.update({Concern.text: text}).where(Concern.id == row.id)
            await pass_to_panel(tx, row)
            return
        await _appeal(tx, row, "who-raised-it", why)


async def appeal_as_organisation(
    scheme: Scheme, *, organisation: UUID, concern: UUID, why: str
) -> None:
    """Take an appeal from an organisation that a concern was upheld against."""
    _refuse_without_reason(why)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await lock_concern(concern)
        if row.organisation != organisation or row.outcome not in rules.BY_PANEL:
            raise NotFound("There is no such concern.")
        await _appeal(tx, row, "organisation", why)


def decided(row: Concern) -> Decided:
    """Return what became of a concern, as the rules read it."""
    return Decided(
        outcome=row.outcome,
        decided_at=row.decided_at,
        appealed=row.appealed_at is not None,
        appeal_outcome=row.appeal_outcome,
        appeal_decided_at=row.appeal_decided_at,
    )


def last_day_to_appeal(scheme: Scheme, row: Concern) -> date | None:
    """Return the last local day on which a decision can be appealed; None where there is none."""
    if row.decided_at is None:
        return None
    days = scheme.pack.numbers.concerns.appeal_days
    return local_day(row.decided_at, scheme.pack.zone) + timedelta(days=days)


async def _appeal(tx: Ledger, row: Concern, by: str, why: str) -> None:
    rules.decide_appeal(
        decided(row), by=by, today=tx.today, last_day=last_day_to_appeal(tx.scheme, row)
    )
    await Concern.update(
        {
            Concern.state: "with-appeal",
            Concern.appellant: by,
            Concern.appeal_text: why.strip(),
            Concern.appealed_at: tx.now,
        }
    ).where(Concern.id == row.id)
    first = await find_case(row.decided_in)
    tx.record(
        "concern-appealed",
        {"case": first.number, "by_whom": by},
        organisation=row.organisation,
        by="sponsor" if by == "organisation" else "public",
    )
    for owed in await answers_owed(row.id):
        await pause_clock(tx, owed, why=APPEALED, by="auditors")
    await open_case(tx, "concern-appeal", organisation=row.organisation, subject=row.id)


def _refuse_late(tx: Ledger, row: Concern) -> None:
    last_day = last_day_to_appeal(tx.scheme, row)
    if last_day is not None and tx.today > last_day:
        raise rules.NotOpenToAppeal("The time to ask is over. You can raise a new concern.")


def _refuse_without_reason(why: str) -> None:
    errors = rules.check_words("why", why, "Say what you think the decision got wrong.")
    if errors:
        raise InvalidInput("The appeal is not complete.", errors=errors)


async def _lock_by_receipt(receipt: str) -> Concern:
    found = (
        await Concern.select(Concern.id)
        .where(Concern.receipt_hash == rules.hash_receipt(receipt))
        .first()
    )
    if found is None:
        raise NotFound("There is no concern with this receipt.")
    return await lock_concern(found["id"])
