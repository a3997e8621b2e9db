"""Putting a wrong fact right: one steward proposes, another confirms, in public (rule 29).

The event that was wrong stays for ever. A new one says what is right and why, and the date or the
size that follows from it is an event like any other, so that the standing is decided by the table
alone. Both stewards see beforehand what would change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.history.events import RecordedEvent
from charter.history.queries import events_of
from charter.history.sentences import sentence_of
from charter.ledger import Ledger, transaction
from charter.obligations.service import find_obligation, look_again, move_due_date
from charter.obligations.tables import FactCorrection
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from charter.standing.assessment import Assessment, assess

FACTS: Mapping[str, str] = {
    "obligation-opened": "due_on",
    "due-date-moved": "due_on",
    "identity-accepted": "band",
    "band-changed": "band",
}
"""Which fact of which kind of event can be put right. What people decided or said cannot."""


class CorrectionNeedsTwo(RuleViolation):
    """A fact is put right by two people: who proposed it cannot confirm it."""

    code = "correction-needs-two"
    rule = 29


class NotCorrectable(RuleViolation):
    """Only a date or a size that is in force can be put right, and each proposal once."""

    code = "not-correctable"
    rule = 29


@dataclass(frozen=True, slots=True)
class FactSeen:
    """A fact in force: the event that recorded it, what it says, and what it is about."""

    event: int
    organisation: UUID
    fact: str
    value: str
    sentence: str
    obligation: int | None


@dataclass(frozen=True, slots=True)
class CorrectionSeen:
    """A correction proposed or decided; `before` and `after` say what it changes now."""

    number: int
    organisation: UUID
    fact: str
    was: str
    value: str
    sentence: str
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    state: str
    before: Assessment | None
    after: Assessment | None


def facts_in_force(events: Sequence[RecordedEvent]) -> tuple[FactSeen, ...]:
    """Return the facts that can be put right, each as last recorded."""
    found: dict[tuple[str, int | None], FactSeen] = {}
    for event in events:
        fact, number = FACTS.get(event.kind), event.data.get("obligation")
        if event.kind in {"obligation-met", "obligation-closed", "obligation-waived"}:
            found.pop(("due_on", number), None)
        elif fact is not None and event.organisation is not None:
            found[fact, number] = FactSeen(
                event.id,
                event.organisation,
                fact,
                str(event.data[fact]),
                sentence_of(event.kind, event.data),
                number,
            )
    return tuple(found.values())


def consequence(fact: FactSeen, value: str, at: datetime) -> RecordedEvent:
    """Return the event that follows when a fact is put right, as a preview needs it."""
    if fact.fact == "band":
        return RecordedEvent(
            0, "band-changed", fact.organisation, at, at, "steward", {"band": value}
        )
    moved = {
        "obligation": fact.obligation,
        "what": fact.sentence,
        "due_on": value,
        "was": fact.value,
        "why": "correction",
    }
    return RecordedEvent(0, "due-date-moved", fact.organisation, at, at, "steward", moved)


def require_value(fact: FactSeen, value: str, pack: FrameworkPack) -> str:
    """Return a value that can stand in the place of a fact. Raises `InvalidInput`."""
    refusal = _READERS[fact.fact](value, pack)
    if refusal is None and value == fact.value:
        refusal = "This is what is recorded already."
    if refusal is not None:
        raise InvalidInput("This cannot be put right so.", errors=[FieldError("value", refusal)])
    return value


def _read_day(value: str, _: FrameworkPack) -> str | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "Write the day as YYYY-MM-DD, for example 2026-03-27."
    return None


def _read_band(value: str, pack: FrameworkPack) -> str | None:
    bands = [band.id for band in pack.bands]
    return None if value in bands else f"Choose one of: {', '.join(bands)}."


_READERS: Mapping[str, Callable[[str, FrameworkPack], str | None]] = {
    "due_on": _read_day,
    "band": _read_band,
}


async def propose_correction(
    scheme: Scheme,
    *,
    steward: UUID,
    steward_employer_domain: str,
    event: int,
    value: str,
    reason: str,
    organisation: UUID,
) -> int:
    """Propose to put a fact right; nothing changes yet. Return the number of the proposal.

    Raises `NotCorrectable`, `OwnEmployer` and `InvalidInput`.
    """
    if not reason.strip():
        raise InvalidInput(
            "Say why.", errors=[FieldError("reason", "Say what was wrong. It is published.")]
        )
    async with transaction(scheme) as tx:
        await _lock_untied(tx, organisation, steward_employer_domain)
        fact = await find_fact(organisation, event)
        row = FactCorrection(
            organisation=organisation,
            event=event,
            value=require_value(fact, value.strip(), scheme.pack),
            reason=reason.strip(),
            proposed_by=steward,
            proposed_at=tx.now,
        )
        await row.save()
        return int(row.id)


async def confirm_correction(
    scheme: Scheme, *, steward: UUID, steward_employer_domain: str, number: int
) -> None:
    """Put a fact right that another steward proposed to put right, with its public reason.

    Raises `CorrectionNeedsTwo`, `NotCorrectable`, `OwnEmployer` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        row = await _proposed(number)
        if row.proposed_by == steward:
            raise CorrectionNeedsTwo("You proposed this. Ask another steward to confirm it.")
        await _lock_untied(tx, row.organisation, steward_employer_domain)
        fact = await find_fact(row.organisation, row.event)
        value = require_value(fact, row.value, scheme.pack)
        words = await tx.publish_words(
            "correction", {"reason": row.reason}, organisation=row.organisation
        )
        tx.record(
            "correction",
            {"event": fact.event, "facts": {fact.fact: value}},
            organisation=row.organisation,
            by="steward",
            words=words,
        )
        await _put_right(tx, fact, value)
        await _decide(tx, row, "confirmed", steward)


async def drop_correction(scheme: Scheme, *, steward: UUID, number: int) -> None:
    """Leave a fact as it is: whoever proposed takes it back, or another does not confirm."""
    async with transaction(scheme) as tx:
        await _decide(tx, await _proposed(number), "dropped", steward)


async def find_fact(organisation: UUID, event: int) -> FactSeen:
    """Return a fact in force by the event that recorded it. Raises `NotCorrectable`."""
    for fact in facts_in_force(await events_of(organisation)):
        if fact.event == event:
            return fact
    raise NotCorrectable("Only a date or a size that is in force can be put right.")


async def preview(
    scheme: Scheme, fact: FactSeen, value: str
) -> tuple[Assessment | None, Assessment | None]:
    """Return the answers now, and as they would be with a fact put right."""
    now, events = scheme.now(), await events_of(fact.organisation)
    last = max((event.recorded_at for event in events), default=now)
    then = replace(consequence(fact, value, max(now, last)), id=events[-1].id + 1)
    packs = await scheme.packs()
    return assess(events, now, *packs), assess([*events, then], max(now, last), *packs)


async def correction(scheme: Scheme, number: int) -> CorrectionSeen | None:
    """Return a correction by its number, with what it would change while it is open."""
    row = await FactCorrection.objects().where(FactCorrection.id == number).first()
    if row is None:
        return None
    recorded = [each for each in await events_of(row.organisation) if each.id == row.event]
    wrong = recorded[0]
    before = after = None
    if row.state == "proposed":
        try:
            fact = await find_fact(row.organisation, row.event)
        except NotCorrectable:
            fact = None
        if fact is not None:
            before, after = await preview(scheme, fact, row.value)
    name = FACTS[wrong.kind]
    return CorrectionSeen(
        row.id,
        row.organisation,
        name,
        str(wrong.data[name]),
        row.value,
        sentence_of(wrong.kind, wrong.data),
        row.reason,
        row.proposed_by,
        row.proposed_at,
        row.state,
        before,
        after,
    )


async def open_corrections() -> list[int]:
    """Return the numbers of the corrections that wait for a second steward, the oldest first."""
    rows = (
        await FactCorrection.select(FactCorrection.id)
        .where(FactCorrection.state == "proposed")
        .order_by(FactCorrection.id)
    )
    return [row["id"] for row in rows]


async def _put_right(tx: Ledger, fact: FactSeen, value: str) -> None:
    if fact.fact == "band":
        await Organisation.update({Organisation.band: value}).where(
            Organisation.id == fact.organisation
        )
        tx.record("band-changed", {"band": value}, organisation=fact.organisation, by="steward")
        await look_again(tx, fact.organisation)
        return
    owed = await find_obligation(fact.obligation or 0)
    await move_due_date(tx, owed, date.fromisoformat(value), why="correction", by="steward")


async def _lock_untied(tx: Ledger, organisation: UUID, steward_employer_domain: str) -> None:
    body = await tx.lock_organisation(organisation)
    if shares_employer(steward_employer_domain, body.domain):
        raise OwnEmployer("You work for this organisation. Ask a steward from elsewhere to decide.")


async def _proposed(number: int) -> FactCorrection:
    row = (
        await FactCorrection.objects()
        .where(FactCorrection.id == number)
        .lock_rows("UPDATE")
        .first()
    )
    if row is None:
        raise NotFound("There is no such correction.")
    if row.state != "proposed":
        raise NotCorrectable("This was decided already.")
    return row


async def _decide(tx: Ledger, row: FactCorrection, state: str, steward: UUID) -> None:
    await FactCorrection.update(
        {
            FactCorrection.state: state,
            FactCorrection.decided_by: steward,
            FactCorrection.decided_at: tx.now,
        }
    ).where(FactCorrection.id == row.id)
