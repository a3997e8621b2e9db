"""What a successor takes over when an organisation is merged into it (row 14).

Pledges come with every version, date and verdict, under new numbers; the page of the merged
organisation keeps them as they were.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from charter.history.events import Fact
from charter.history.queries import events_of
from charter.ledger import Ledger
from charter.obligations.service import (
    carry_pauses_over,
    close_obligation,
    open_obligation,
    open_obligations,
)
from charter.obligations.tables import Obligation
from charter.plans.sharing import hand_places_over, take_partners_over
from charter.plans.tables import Milestone, Pledge, PledgeVersion
from charter.reviews.tables import PayEntry
from charter.standing.facts import PledgeMade
from charter.standing.walk import walk

TAKEN_OVER = ("evidence", "more-needed-reply", "new-evidence", "co-design-pay")
"""Obligations that go to the successor with their dates; it has its own of every other kind."""

OWN = "organisation"
"""Who owes what goes over; the hub and auditors owe on what they owed."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """Where a pledge went: its new row and number."""

    id: UUID
    number: int


async def take_over(tx: Ledger, *, organisation: UUID, into: UUID) -> None:
    """Give live pledges and what is owed for any to the successor, and close the rest.

    Both organisations must be locked, and the event `merged` recorded before.
    """
    known = walk(await events_of(organisation), tx.now, *await tx.scheme.packs()).known
    still_owed = [each for each in await open_obligations(organisation) if each.owner == OWN]
    moved: dict[int | None, _Moved] = {}
    for row in await _going_over(organisation, {owed.pledge for owed in still_owed}):
        moved[row.number] = await _copy(tx, row, known.pledges[row.number], into)
    await hand_places_over(tx, organisation=organisation, into=into)
    for owed in still_owed:
        await close_obligation(tx, owed, why="merged")
        if owed.kind in TAKEN_OVER:
            await _owe(tx, owed, moved.get(owed.pledge), into)


async def _copy(tx: Ledger, row: Pledge, made: PledgeMade, into: UUID) -> _Moved:
    moved = _Moved(tx.new_id(), await Pledge.count().where(Pledge.organisation == into) + 1)
    await Pledge(
        id=moved.id,
        organisation=into,
        number=moved.number,
        type=row.type,
        state=row.state,
        version=row.version,
        ends_on=row.ends_on,
        created_at=tx.now,
    ).save()
    versions = (
        await PledgeVersion.objects()
        .where(PledgeVersion.pledge == row.id)
        .order_by(PledgeVersion.version)
    )
    for version in versions:
        await PledgeVersion(
            pledge=moved.id,
            version=version.version,
            terms=version.terms,
            words=version.words,
            published_at=version.published_at,
        ).save()
    for step in await Milestone.objects().where(Milestone.pledge == row.id):
        await Milestone(
            pledge=moved.id,
            number=step.number,
            first_due_on=step.first_due_on,
            due_on=step.due_on,
            moved=step.moved,
            evidence_until=step.evidence_until,
        ).save()
    await take_partners_over(tx, pledge=row.id, into=moved.id, lead=into)
    terms = msgspec.json.decode(versions[-1].terms)
    facts = _facts(moved, row, made, terms)
    tx.record("pledge-taken-over", facts, organisation=into, by="steward")
    return moved


def _facts(moved: _Moved, row: Pledge, made: PledgeMade, terms: dict[str, Any]) -> dict[str, Fact]:
    return {
        "pledge": moved.number,
        "version": row.version,
        "was": row.number,
        "type": row.type,
        "secondary_types": terms["secondary_types"],
        "milestones": [
            {
                "number": number,
                "due_on": step.due_on.isoformat(),
                "verdict": step.verdict,
                "worked": step.worked,
                "final": step.final,
            }
            for number, step in sorted(made.milestones.items())
        ],
        "starts_on": terms["starts_on"],
        "ends_on": made.ends_on.isoformat(),
        "one_off": terms["one_off"],
        "funding_pence": terms["funding_pence"],
        "agreed": made.confirmed,
    }


async def _owe(tx: Ledger, owed: Obligation, moved: _Moved | None, into: UUID) -> None:
    opened = await open_obligation(
        tx,
        owed.kind,
        organisation=into,
        subject=moved.id if moved is not None and owed.kind == "evidence" else owed.subject,
        due_on=owed.due_on,
        pledge=moved.number if moved is not None else None,
        milestone=owed.milestone,
        type_id=owed.type,
    )
    await carry_pauses_over(tx, owed, opened)
    await PayEntry.update({PayEntry.obligation: opened.id}).where(PayEntry.obligation == owed.id)


async def _going_over(organisation: UUID, still_owed: Collection[int | None]) -> list[Pledge]:
    """Return the live pledges, and those that are over and for which something is owed still."""
    rows = (
        await Pledge.objects()
        .where((Pledge.organisation == organisation) & Pledge.state.is_in(["live", "ended"]))
        .order_by(Pledge.number)
    )
    return [row for row in rows if row.state == "live" or row.number in still_owed]
