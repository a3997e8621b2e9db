"""The reply, words that are held, and publication: verdict and reply together (rule 22).

What a verdict does to obligations stands in `effects`.
"""

from datetime import date, datetime
from uuid import UUID

from charter.clock import end_of_day
from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    find_obligation,
    meet_obligation,
    open_obligation,
    working_days,
)
from charter.obligations.tables import Obligation
from charter.reviews import rules
from charter.reviews.cases import lock_case, public_owner
from charter.reviews.effects import publish_case
from charter.reviews.tables import Case
from charter.scheme import Scheme


class NotOpenToReply(RuleViolation):
    """A case is replied to once, after its panel decided and before it is published."""

    code = "not-open-to-reply"
    rule = 22


class CannotHoldWords(RuleViolation):
    """Words are held once, and only before they are published."""

    code = "cannot-hold-words"
    rule = 22


async def reply_to_case(scheme: Scheme, *, case: UUID, words: str) -> None:
    """Take the organisation's one reply; it is published with the verdict, at the next sweep."""
    if not words.strip():
        raise InvalidInput(
            "The reply is empty.", errors=[FieldError("words", "Write what you want to say.")]
        )
    async with transaction(scheme) as tx:
        row = await lock_case(case)
        open_to_reply = row.kind in rules.WITH_REPLY and row.state == "decided"
        if not open_to_reply or row.replied_at is not None:
            raise NotOpenToReply("This case is not open to a reply.")
        await Case.update(
            {
                Case.reply_words: words.strip(),
                Case.replied_at: tx.now,
                Case.publish_on: tx.today,
            }
        ).where(Case.id == row.id)


async def hold_words(scheme: Scheme, *, case: UUID) -> datetime:
    """Hold a decided case's words that may name a person; return when they are released.

    They are held at most two working days and then published by themselves (rule 22).
    """
    async with transaction(scheme) as tx:
        row = await lock_case(case)
        if row.state != "decided" or row.held_at is not None:
            raise CannotHoldWords("Words are held once, and only before publication.")
        days = scheme.pack.numbers.reviews.hold_words_working_days
        until = end_of_day(_last_day_held(tx, days), scheme.pack.zone)
        await Case.update({Case.held_at: tx.now, Case.held_until: until}).where(Case.id == row.id)
        await open_obligation(tx, "held-words-release", organisation=None, subject=row.id)
        tx.record(
            "text-held",
            {"case": row.number, "days": days},
            organisation=public_owner(row),
            by="steward",
        )
        return until


async def release_words(scheme: Scheme, *, case: UUID) -> None:
    """Release held words early."""
    async with transaction(scheme) as tx:
        row = await lock_case(case)
        if row.held_until is None or row.held_until <= tx.now:
            return
        await Case.update({Case.held_until: tx.now}).where(Case.id == row.id)
        await _meet_release(tx, row)


async def publish_due_cases(scheme: Scheme) -> int:
    """Publish every decided case that was replied to or whose time to reply ended; return how many.

    One transaction for each case: running it again publishes nothing twice.
    """
    due = (
        await Case.select(Case.id, Case.organisation)
        .where(
            (Case.state == "decided")
            & (Case.publish_on <= scheme.today())
            & (Case.held_until.is_null() | (Case.held_until <= scheme.now()))
        )
        .order_by(Case.number)
    )
    count = 0
    for row in due:
        async with transaction(scheme) as tx:
            if row["organisation"] is not None:
                await tx.lock_organisation(row["organisation"])
            case = await lock_case(row["id"])
            if case.state == "decided":
                await _publish(tx, case)
                count += 1
    return count


async def _publish(tx: Ledger, case: Case) -> None:
    if case.held_at is not None:
        await _meet_release(tx, case)
    reply = None
    if case.replied_at is not None:
        words = await tx.publish_words(
            "reply", {"reply": case.reply_words}, organisation=case.organisation
        )
        reply = words.id
        tx.record(
            "reply-received",
            {"case": case.number},
            organisation=case.organisation,
            by="sponsor",
            words=words,
        )
    await publish_case(tx, case)
    await Case.update(
        {
            Case.state: "published",
            Case.published_at: tx.now,
            Case.reply: reply,
            Case.reply_words: "",
        }
    ).where(Case.id == case.id)
    if case.obligation is not None:
        await meet_obligation(tx, await find_obligation(case.obligation))


async def _meet_release(tx: Ledger, case: Case) -> None:
    owed = await Obligation.objects().where(
        (Obligation.subject == case.id)
        & (Obligation.kind == "held-words-release")
        & (Obligation.state == "open")
    )
    for obligation in owed:
        await meet_obligation(tx, obligation)


def _last_day_held(tx: Ledger, days: int) -> date:
    return working_days(tx.scheme.pack).after(tx.today, days)
