"""What a panel's decision about a concern does: the public fact, and the answer that is owed.

Called when a case is published; nobody can choose these effects (rule 38).
"""

from uuid import UUID

from charter.concerns.tables import Concern
from charter.errors import NotFound
from charter.ledger import Ledger, Words
from charter.obligations.service import close_obligation, open_obligation, resume_clock
from charter.obligations.tables import Obligation
from charter.plans.answers import ask_for_answers_again
from charter.reviews.tables import Case

ABOUT_ITS_WORD = "promise"
"""A concern about what an organisation says and promises; upheld, its answers are given again."""

RESPONSES = ("concern-response", "scheme-response")
"""What is owed once a concern is upheld: by the organisation, or by the hub for the register."""


async def decide_concern(tx: Ledger, case: Case, *, upheld: bool, words: Words) -> None:
    """Publish what a panel decided about a concern; an upheld one asks for an answer."""
    concern = await lock_concern(case.subject)
    outcome = "upheld" if upheld else "not-upheld"
    await Concern.update(
        {
            Concern.state: "decided",
            Concern.outcome: outcome,
            Concern.decided_in: case.id,
            Concern.decided_at: tx.now,
        }
    ).where(Concern.id == concern.id)
    tx.record(
        "concern-decided",
        {"case": case.number, "outcome": outcome},
        organisation=case.organisation,
        by="auditors",
        words=words,
    )
    if upheld:
        await _ask_for_answer(tx, concern)


async def decide_appeal(tx: Ledger, case: Case, *, upheld: bool, words: Words) -> None:
    """Publish what three other auditors decided: theirs is the last word, whichever it is."""
    concern = await lock_concern(case.subject)
    outcome = "upheld" if upheld else "not-upheld"
    await Concern.update(
        {
            Concern.state: "decided",
            Concern.appeal_outcome: outcome,
            Concern.appeal_decided_at: tx.now,
        }
    ).where(Concern.id == concern.id)
    tx.record(
        "concern-appeal-decided",
        {"case": case.number, "outcome": outcome},
        organisation=case.organisation,
        by="auditors",
        words=words,
    )
    owed = await answers_owed(concern.id)
    for obligation in owed:
        if upheld:
            await resume_clock(tx, obligation, by="auditors")
        else:
            await close_obligation(tx, obligation, why="overturned-on-appeal")
    if upheld and concern.outcome != "upheld":
        await _ask_for_answer(tx, concern)


async def lock_concern(concern: UUID) -> Concern:
    """Return a concern, its row locked until the end of the transaction. Raises `NotFound`."""
    row = await Concern.objects().where(Concern.id == concern).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such concern.")
    return row


async def answers_owed(concern: UUID) -> list[Obligation]:
    """Return the open obligations to answer an upheld concern in public."""
    return await Obligation.objects().where(
        (Obligation.subject == concern)
        & Obligation.kind.is_in(list(RESPONSES))
        & (Obligation.state == "open")
    )


async def _ask_for_answer(tx: Ledger, concern: Concern) -> None:
    kind = "scheme-response" if concern.organisation is None else "concern-response"
    await open_obligation(tx, kind, organisation=concern.organisation, subject=concern.id)
    if concern.organisation is not None and concern.about == ABOUT_ITS_WORD:
        await ask_for_answers_again(tx, concern.organisation, concern.types)
