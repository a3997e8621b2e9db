"""Moving a due date: asked for in public, decided by three auditors, by no steward (rule 13)."""

from datetime import timedelta
from uuid import UUID

from charter.clock import local_day
from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.history.events import Fact
from charter.ledger import Ledger, Words, transaction
from charter.obligations.rules import may_ask_for_more_time
from charter.obligations.service import (
    describe,
    find_obligation,
    move_due_date,
    pause_clock,
    resume_clock,
)
from charter.obligations.tables import ExtensionRequest, Obligation, Pause
from charter.plans.tables import Milestone, Pledge
from charter.reviews.cases import open_case
from charter.reviews.hearings import open_hearings
from charter.reviews.tables import Case
from charter.scheme import Scheme

MOVABLE = frozenset({"evidence", "plan"})
"""Kinds of obligation whose date a community panel can move."""

ASKED = "extension-asked"
"""The public reason of a clock that waits for a community decision."""


class MoreTimeNotPossible(RuleViolation):
    """A date moves once, by at most 60 days, when asked for in its window (rule 13)."""

    code = "more-time-not-possible"
    rule = 13


async def ask_for_more_time(
    scheme: Scheme, *, organisation: UUID, obligation: int, days: int, reason: str
) -> UUID:
    """Ask in public for a date to move, and return the request. A panel of three decides.

    The clock stands still until they do, at most for the days they have. Raises
    `MoreTimeNotPossible` and `InvalidInput`.
    """
    if not reason.strip():
        raise InvalidInput(
            "Say why you need more time.",
            errors=[FieldError("reason", "Say why you need more time. It is published.")],
        )
    async with transaction(scheme) as tx:
        row = await tx.lock_organisation(organisation)
        owed = await find_obligation(obligation)
        if owed.organisation != organisation or owed.state != "open":
            raise NotFound("There is no such thing due from this organisation.")
        refusal = await _why_not(tx, owed, days, row.band)
        if refusal is not None:
            raise MoreTimeNotPossible(refusal)
        words = await tx.publish_words(
            "extension-request", {"reason": reason.strip()}, organisation=organisation
        )
        request = ExtensionRequest(
            id=tx.new_id(),
            obligation=owed.id,
            organisation=organisation,
            days=days,
            words=words.id,
            asked_at=tx.now,
        )
        await request.save()
        tx.record(
            "extension-asked",
            {"obligation": owed.id, "what": describe(scheme.pack, owed), "days": days},
            organisation=organisation,
            by="lead",
            words=words,
        )
        await pause_clock(tx, owed, why=ASKED, by="auditors")
        await open_hearings(tx, request, owed)
        await open_case(tx, "extension", organisation=organisation, subject=request.id)
        return request.id


async def decide_request(tx: Ledger, case: Case, *, granted: bool, words: Words) -> None:
    """Publish a panel's decision; a date moves from where it stands, and is never moved again."""
    request = await ExtensionRequest.objects().where(ExtensionRequest.id == case.subject).first()
    if request is None:
        raise NotFound("There is no such request.")
    owed = await find_obligation(request.obligation)
    state = "granted" if granted else "refused"
    await ExtensionRequest.update(
        {ExtensionRequest.state: state, ExtensionRequest.decided_at: tx.now}
    ).where(ExtensionRequest.id == request.id)
    facts: dict[str, Fact] = {"obligation": owed.id, "what": describe(tx.scheme.pack, owed)}
    if granted:
        facts["days"] = request.days
    tx.record(
        f"extension-{state}",
        facts,
        organisation=request.organisation,
        by="auditors",
        words=words,
    )
    if owed.state != "open":
        return
    await _resume(tx, owed)
    if granted:
        due_on = owed.due_on + timedelta(days=request.days)
        await move_due_date(tx, owed, due_on, why="extension", by="auditors")
        await _mark_moved(owed)


async def end_decision_pauses(scheme: Scheme) -> int:
    """Let every clock run again whose panel did not decide in its days; return how many."""
    days = scheme.pack.numbers.community.decision_days
    rows = await ExtensionRequest.objects().where(ExtensionRequest.state == "asked")
    count = 0
    for request in rows:
        async with transaction(scheme) as tx:
            owed = await find_obligation(request.obligation)
            waited = (tx.today - local_day(request.asked_at, scheme.pack.zone)).days
            if waited > days and await _resume(tx, owed):
                count += 1
    return count


async def _resume(tx: Ledger, owed: Obligation) -> bool:
    waits = await Pause.exists().where(
        (Pause.obligation == owed.id) & (Pause.why == ASKED) & Pause.until.is_null()
    )
    if waits:
        await resume_clock(tx, owed, by="auditors")
    return waits


async def _why_not(tx: Ledger, owed: Obligation, days: int, band: str) -> str | None:
    """Return why the date of an obligation cannot be asked to move, or None where it can."""
    if owed.kind not in MOVABLE:
        return "Only the date of a plan or of a milestone's evidence can be asked to move."
    pack = tx.scheme.pack
    before = await ExtensionRequest.exists().where(ExtensionRequest.obligation == owed.id)
    milestone = await _milestone_of(owed)
    return may_ask_for_more_time(
        days_late=(tx.today - owed.due_on).days - await _days_paused(tx, owed),
        window=pack.extension_window(band),
        asked_before=before or bool(milestone and milestone.moved),
        days=days,
        most=pack.numbers.pledges.extension_max_days,
    )


async def _days_paused(tx: Ledger, owed: Obligation) -> int:
    zone = tx.scheme.pack.zone
    pauses = await Pause.objects().where(Pause.obligation == owed.id)
    spans = [
        local_day(pause.until or tx.now, zone) - local_day(pause.since, zone) for pause in pauses
    ]
    return sum(span.days for span in spans)


async def _milestone_of(owed: Obligation) -> Milestone | None:
    if owed.pledge is None:
        return None
    pledge = (
        await Pledge.objects()
        .where((Pledge.organisation == owed.organisation) & (Pledge.number == owed.pledge))
        .first()
    )
    if pledge is None:
        return None
    return (
        await Milestone.objects()
        .where((Milestone.pledge == pledge.id) & (Milestone.number == owed.milestone))
        .first()
    )


async def _mark_moved(owed: Obligation) -> None:
    """Remember that a decision moved a milestone's date: it is not asked about again."""
    milestone = await _milestone_of(owed)
    if milestone is not None:
        await Milestone.update({Milestone.moved: True}).where(Milestone.id == milestone.id)
