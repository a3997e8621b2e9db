"""Putting the pay of a co-design session right, and the word of whoever was left unpaid (rule 24).

A session may have been written down with no pay, or too little, while somebody who took part says
that they are owed. The organisation then says in public what it pays; that is owed like any other
pay. What was recorded first stays in the history, and only the people concerned, or thirty days of
their silence, make it count.
"""

from uuid import UUID

from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.ledger import Ledger, transaction
from charter.plans.codesign import owe_session_pay, session_of
from charter.plans.codesign_rules import PAY_MOST_PENCE, hash_token
from charter.plans.tables import Confirmation, ContributorLink, Session
from charter.reviews.pay import NotYetPaid, confirm_entry, owe_again
from charter.reviews.tables import PayEntry
from charter.scheme import Scheme


class PayIsOwed(RuleViolation):
    """What is owed for a session is paid before anything else about its pay is said."""

    code = "pay-is-owed"
    rule = 24


async def amend_session_pay(
    scheme: Scheme, *, organisation: UUID, session: int, pay_pence: int
) -> None:
    """Say that a session is paid with more than was recorded; the rest is owed from now on.

    `pay_pence` is for everybody together. Raises `NotFound`, `InvalidInput` and `PayIsOwed`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await session_of(organisation, session)
        if not row.pay_pence < pay_pence <= PAY_MOST_PENCE:
            pounds = f"£{row.pay_pence / 100:,.2f} up to £{PAY_MOST_PENCE // 100:,}"
            refusal = FieldError("pay_pence", f"Enter the whole pay: more than {pounds}.")
            raise InvalidInput("The pay cannot be put right so.", errors=[refusal])
        if await _open_entry(row.id) is not None:
            raise PayIsOwed("Pay is owed for this session already. Say that you paid it first.")
        await Session.update({Session.pay_pence: pay_pence}).where(Session.id == row.id)
        tx.record(
            "session-pay-amended",
            {"session": row.number, "pay_pence": pay_pence, "was_pence": row.pay_pence},
            organisation=organisation,
            by="lead",
        )
        await owe_session_pay(tx, row, pay_pence - row.pay_pence)


async def say_pay_arrived(scheme: Scheme, *, token: str) -> None:
    """Take the word of somebody who was left unpaid that the pay has come.

    It counts as received once all of them said so. Raises `NotFound` and `NotYetPaid`.
    """
    async with transaction(scheme) as tx:
        given, entry = await _concerned(tx, token)
        await Confirmation.update({Confirmation.arrived_at: tx.now}).where(
            Confirmation.id == given.id
        )
        if not await Confirmation.exists().where(
            (Confirmation.session == given.session)
            & (Confirmation.paid == "unpaid")
            & Confirmation.arrived_at.is_null()
        ):
            await confirm_entry(tx, entry)


async def say_pay_is_missing(scheme: Scheme, *, token: str) -> None:
    """Take the word of somebody who was left unpaid that nothing came: it is owed again.

    Raises `NotFound` and `NotYetPaid`.
    """
    async with transaction(scheme) as tx:
        _, entry = await _concerned(tx, token)
        await owe_again(tx, entry)


async def _concerned(tx: Ledger, token: str) -> tuple[Confirmation, PayEntry]:
    """Return what somebody said who was left unpaid, and what is said to have been paid since."""
    link = (
        await ContributorLink.objects()
        .where(ContributorLink.token_hash == hash_token(token))
        .first()
    )
    given = (
        await Confirmation.objects()
        .where((Confirmation.link == link.id) & (Confirmation.paid == "unpaid"))
        .first()
        if link is not None
        else None
    )
    if given is None:
        raise NotFound("There is no pay that this code asks about.")
    session = await Session.objects().get(Session.id == given.session)
    if session is not None:
        await tx.lock_organisation(session.organisation)
    entry = await _open_entry(given.session)
    if entry is None or not _is_said_to_be_paid(entry):
        raise NotYetPaid("No payment is recorded yet.")
    return given, entry


def _is_said_to_be_paid(entry: PayEntry) -> bool:
    return entry.paid_at is not None


async def _open_entry(session: UUID) -> PayEntry | None:
    return (
        await PayEntry.objects()
        .where((PayEntry.session == session) & PayEntry.confirmed_at.is_null())
        .lock_rows("UPDATE")
        .first()
    )
