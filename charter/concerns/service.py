"""Raising a concern with no account, passing it on, and answering one that was upheld (rule 38).

No address is kept, nothing of a concern stands on a page before it is decided, and a steward
only passes it on: a panel of three decides.
"""

from collections.abc import Sequence
from uuid import UUID

from charter.chance import draw_crockford
from charter.concerns import rules
from charter.concerns.decisions import RESPONSES, lock_concern
from charter.concerns.tables import Concern
from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation
from charter.organisations.tables import Organisation
from charter.reviews.cases import find_case, open_case
from charter.scheme import Scheme

OWED_BY_HUB = ("concern-acknowledgement", "concern-triage", "concern-decision")
"""What the hub owes from the day a concern is received: in 5, 14 and 90 days."""


async def raise_concern(
    scheme: Scheme,
    *,
    about: str,
    organisation: UUID | None,
    text: str = "",
    wants_meeting: bool = False,
    speaks_of: Sequence[str] = (),
    types: Sequence[str] = (),
) -> str:
    """Keep a concern and return its receipt, which is shown once and never kept.

    `speaks_of` are content notes of the pack, which readers see first (rule 24a). `wants_meeting`
    is whether whoever raises it would want a restorative meeting. `types` are those it is about:
    upheld, it opens their answers again, and all five where none is named. Raises `InvalidInput`.
    """
    notes = [each.id for each in scheme.pack.region.content_notes]
    known = scheme.pack.type_ids
    errors = rules.check_concern(about, text, speaks_of, notes) + rules.check_types(types, known)
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
            speaks_of=[note for note in notes if note in speaks_of],
            types=[each for each in known if each in types],
            wants_meeting=wants_meeting,
            received_at=tx.now,
        )
        for kind in OWED_BY_HUB:
            await open_obligation(tx, kind, organisation=None, subject=concern.id)
        await concern.save()
        tx.record("concern-received", {}, by="public")
        return rules.show_receipt(receipt)


async def acknowledge_concern(
    scheme: Scheme, *, concern: UUID, steward_employer_domain: str
) -> None:
    """Give the first answer to whoever raised a concern: it was read. Raises `TiedToConcern`."""
    async with transaction(scheme) as tx:
        row = await lock_concern(concern)
        await _refuse_tied(tx, row, steward_employer_domain)
        await _acknowledge(tx, row)


async def triage_concern(
    scheme: Scheme, *, concern: UUID, outcome: str, steward_employer_domain: str
) -> None:
    """Answer a concern, offer the meeting that was wished for, or pass it to a panel of three.

    `outcome` is answered, meeting-offered or passed-to-panel; a steward decides nothing more.
    Raises `ConcernClosed`, `MeetingNotWanted` and `TiedToConcern`.
    """
    if outcome not in rules.TRIAGED:
        raise InvalidInput("Choose what becomes of it.")
    async with transaction(scheme) as tx:
        row = await lock_concern(concern)
        await _refuse_tied(tx, row, steward_employer_domain)
        if row.state not in rules.AT_HAND:
            raise rules.ConcernClosed("This concern was passed on or answered already.")
        if outcome == "meeting-offered" and not row.wants_meeting:
            raise rules.MeetingNotWanted(
                "Whoever raised this does not want a meeting. Pass it to a panel."
            )
        await _acknowledge(tx, row)
        await _meet(tx, row, "concern-triage")
        if outcome == "passed-to-panel":
            await pass_to_panel(tx, row)
        elif outcome == "meeting-offered":
            await Concern.update({Concern.state: "meeting"}).where(Concern.id == row.id)
        else:
            await end_concern(tx, row, outcome)


async def answer_concern(
    scheme: Scheme, *, organisation: UUID, concern: UUID, answer: str, plan: str
) -> None:
    """Take the organisation's public answer, with its plan, to a concern that was upheld."""
    _refuse_incomplete(answer, plan)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await lock_concern(concern)
        if row.organisation != organisation:
            raise NotFound("There is no such concern.")
        await _publish_answer(tx, row, answer, plan, by="sponsor")


async def answer_for_register(scheme: Scheme, *, concern: UUID, answer: str, plan: str) -> None:
    """Take the hub's public answer, with its plan, to a concern upheld about the register."""
    _refuse_incomplete(answer, plan)
    async with transaction(scheme) as tx:
        row = await lock_concern(concern)
        if row.organisation is not None:
            raise NotFound("There is no such concern.")
        await _publish_answer(tx, row, answer, plan, by="hub")


async def pass_to_panel(tx: Ledger, row: Concern) -> None:
    """Have three auditors without ties decide a concern; its 90 days run from its receipt."""
    if row.organisation is None and row.about != "conduct-of-scheme":
        raise InvalidInput("A panel decides only about an organisation on the register.")
    owed = await _owed(row, "concern-decision") or [
        await open_obligation(tx, "concern-decision", organisation=None, subject=row.id)
    ]
    await open_case(
        tx,
        "concern",
        organisation=row.organisation,
        subject=row.id,
        obligation=owed[0].id,
    )
    await Concern.update(
        {Concern.state: "with-panel", Concern.outcome: "", Concern.decided_at: None}
    ).where(Concern.id == row.id)


async def end_concern(tx: Ledger, row: Concern, outcome: str) -> None:
    """Close a concern that needs no panel: answered, or resolved by agreement."""
    await Concern.update(
        {Concern.state: "closed", Concern.outcome: outcome, Concern.decided_at: tx.now}
    ).where(Concern.id == row.id)
    await _meet(tx, row, "concern-decision")


async def _publish_answer(tx: Ledger, row: Concern, answer: str, plan: str, *, by: str) -> None:
    stands = row.appeal_outcome or row.outcome
    if stands != "upheld":
        raise NotFound("There is no such concern.")
    if row.answered_at is not None:
        raise rules.ConcernClosed("This concern was answered already.")
    words = await tx.publish_words(
        "concern-answer",
        {"answer": answer.strip(), "plan": plan.strip()},
        organisation=row.organisation,
    )
    await Concern.update({Concern.answer: words.id, Concern.answered_at: tx.now}).where(
        Concern.id == row.id
    )
    case = await find_case(row.decided_in)
    tx.record(
        "concern-answered",
        {"case": case.number},
        organisation=row.organisation,
        by=by,
        words=words,
    )
    for kind in RESPONSES:
        await _meet(tx, row, kind)


def _refuse_incomplete(answer: str, plan: str) -> None:
    errors = [
        *rules.check_words("answer", answer, "Say what you answer. It is published."),
        *rules.check_words("plan", plan, "Say what you will do, and by when. It is published."),
    ]
    if errors:
        raise InvalidInput("The answer is not complete.", errors=errors)


async def _refuse_tied(tx: Ledger, row: Concern, employer: str) -> None:
    body = await Organisation.objects().where(Organisation.id == row.organisation).first()
    rules.refuse_tied(
        employer,
        rules.bodies_concerned(
            row.about, body.domain if body else None, tx.scheme.pack.framework.hub.domain
        ),
    )


async def _acknowledge(tx: Ledger, row: Concern) -> None:
    if row.acknowledged_at is not None:
        return
    row.acknowledged_at = tx.now
    await Concern.update({Concern.state: "acknowledged", Concern.acknowledged_at: tx.now}).where(
        Concern.id == row.id
    )
    await _meet(tx, row, "concern-acknowledgement")


async def _meet(tx: Ledger, row: Concern, kind: str) -> None:
    for obligation in await _owed(row, kind):
        await meet_obligation(tx, obligation)


async def _owed(row: Concern, kind: str) -> list[Obligation]:
    return await Obligation.objects().where(
        (Obligation.subject == row.id) & (Obligation.kind == kind) & (Obligation.state == "open")
    )
