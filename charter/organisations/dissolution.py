"""Dissolved organisations: that one is gone, and what is left of a tiny group later (rule 33).

That an organisation was dissolved moves no standing: what it owes stays owed, and its failures
stay visible. Of a group without paid staff, words about a few people would stay for ever; so some
years later they go, and name, dates and standing are left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from charter.calendar import add_months
from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.evidence.public_copies import copies_of, erase_public_copy
from charter.evidence.tables import EvidenceItem
from charter.framework.pack import FrameworkPack
from charter.history.erasure import blank_all
from charter.ledger import Ledger, transaction
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.organisations.tables import Dissolution, Invitation, Membership, Organisation
from charter.plans.tables import Draft
from charter.scheme import Scheme

GROUND = "dissolved-group"
"""The ground that stands where the words of a dissolved tiny group were."""

MONTHS = 12


class DissolutionNeedsTwo(RuleViolation):
    """Words go for good in the end: who says that an organisation is gone cannot confirm it."""

    code = "dissolution-needs-two"
    rule = 33


class DissolutionDecided(RuleViolation):
    """That an organisation is gone is proposed once at a time, and decided once."""

    code = "dissolution-decided"
    rule = 33


@dataclass(frozen=True, slots=True)
class DissolutionSeen:
    """A dissolution proposed or decided. `words_go_on` is None for a group that keeps its words."""

    number: int
    organisation: UUID
    dissolved_on: date
    source: str
    proposed_by: UUID
    proposed_at: datetime
    state: str
    words_go_on: date | None


def words_go_on(dissolved_on: date, band: str, pack: FrameworkPack) -> date | None:
    """Return the day from which only name, dates and standing are kept; None for larger bodies."""
    if pack.band(band).paid_staff:
        return None
    return add_months(dissolved_on, MONTHS * pack.numbers.publication.dissolved_tiny_years)


async def propose_dissolution(
    scheme: Scheme,
    *,
    steward: UUID,
    steward_employer_domain: str,
    organisation: UUID,
    dissolved_on: date,
    source: str,
) -> int:
    """Say that an organisation was dissolved; nothing is public yet. Return the proposal's number.

    Raises `NotFound`, `OwnEmployer`, `DissolutionDecided` and `InvalidInput`.
    """
    errors = []
    if dissolved_on > scheme.today():
        errors.append(FieldError("day", "The day must be today or earlier."))
    if not source.strip():
        errors.append(FieldError("source", "Say how this is known. It is published."))
    if errors:
        raise InvalidInput("This cannot be recorded yet.", errors=errors)
    async with transaction(scheme) as tx:
        body = await _lock_untied(tx, organisation, steward_employer_domain)
        if body.public_since is None:
            raise NotFound("There is no such organisation.")
        if await _is_open_or_confirmed(organisation):
            raise DissolutionDecided("Somebody said so already. Look at what they wrote.")
        row = Dissolution(
            organisation=organisation,
            dissolved_on=dissolved_on,
            source=source.strip(),
            proposed_by=steward,
            proposed_at=tx.now,
        )
        await row.save()
        return int(row.id)


async def confirm_dissolution(
    scheme: Scheme, *, steward: UUID, steward_employer_domain: str, number: int
) -> None:
    """Record in public that an organisation was dissolved, as another steward said.

    Raises `NotFound`, `DissolutionNeedsTwo`, `DissolutionDecided` and `OwnEmployer`.
    """
    async with transaction(scheme) as tx:
        row = await _open(number)
        if row.proposed_by == steward:
            raise DissolutionNeedsTwo("You proposed this. Ask another steward to confirm it.")
        await _lock_untied(tx, row.organisation, steward_employer_domain)
        await _decide(tx, row, "confirmed", steward)
        words = await tx.publish_words(
            "dissolution", {"source": row.source}, organisation=row.organisation
        )
        tx.record(
            "dissolved",
            {"on": row.dissolved_on.isoformat()},
            organisation=row.organisation,
            by="steward",
            words=words,
        )


async def drop_dissolution(scheme: Scheme, *, steward: UUID, number: int) -> None:
    """Leave it: whoever proposed takes it back, or another does not confirm."""
    async with transaction(scheme) as tx:
        await _decide(tx, await _open(number), "dropped", steward)


async def reduce_dissolved(scheme: Scheme) -> int:
    """Leave name, dates and standing of tiny groups dissolved years ago; return of how many.

    Safe to run twice.
    """
    rows = await Dissolution.raw(_DISSOLVED)
    due = [
        row
        for row in rows
        if (day := words_go_on(row["dissolved_on"], row["band"], scheme.pack)) is not None
        and day <= scheme.today()
    ]
    for row in due:
        await _reduce(scheme, row)
    return len(due)


async def dissolution(scheme: Scheme, number: int) -> DissolutionSeen | None:
    """Return a dissolution by its number."""
    row = await Dissolution.objects().where(Dissolution.id == number).first()
    if row is None:
        return None
    body = await Organisation.objects().get(Organisation.id == row.organisation)
    return DissolutionSeen(
        number=row.id,
        organisation=row.organisation,
        dissolved_on=row.dissolved_on,
        source=row.source,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=row.state,
        words_go_on=words_go_on(row.dissolved_on, body.band, scheme.pack) if body else None,
    )


async def open_dissolutions() -> list[int]:
    """Return the numbers of those that wait for a second steward, the oldest first."""
    rows = (
        await Dissolution.select(Dissolution.id)
        .where(Dissolution.state == "proposed")
        .order_by(Dissolution.id)
    )
    return [row["id"] for row in rows]


async def dissolved_on(organisation: UUID, at: datetime) -> date | None:
    """Return the day on which an organisation was dissolved, as far as was public at an instant."""
    row = (
        await Dissolution.select(Dissolution.dissolved_on)
        .where(
            (Dissolution.organisation == organisation)
            & (Dissolution.state == "confirmed")
            & (Dissolution.decided_at <= at)
        )
        .first()
    )
    return row["dissolved_on"] if row else None


async def _reduce(scheme: Scheme, row: Mapping[str, Any]) -> None:
    organisation = row["organisation"]
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        reduced_on: date | None = body.reduced_on
        if reduced_on is not None:
            return
        for copy in await copies_of(organisation, state="published"):
            await erase_public_copy(tx, copy.id, ground=GROUND)
        texts = await blank_all(tx, organisation, ground=GROUND)
        await _forget_people(tx, organisation)
        gone: dict[Column | str, Any] = {
            Organisation.town: "",
            Organisation.website: None,
            Organisation.domain: None,
            Organisation.sponsor_role: "",
            Organisation.reduced_on: tx.today,
        }
        await Organisation.update(gone).where(Organisation.id == organisation)
        tx.record(
            "reduced",
            {"dissolved_on": row["dissolved_on"].isoformat(), "texts": texts},
            organisation=organisation,
            by="system",
        )


async def _forget_people(tx: Ledger, organisation: UUID) -> None:
    """End every part in an organisation, and forget what was begun or sent to reviewers."""
    await Membership.update({Membership.ended_at: tx.now}).where(
        (Membership.organisation == organisation) & Membership.ended_at.is_null()
    )
    await Invitation.update({Invitation.answer: "lapsed", Invitation.answered_at: tx.now}).where(
        (Invitation.organisation == organisation) & (Invitation.answer == "")
    )
    await Draft.delete().where(Draft.organisation == organisation)
    await EvidenceItem.delete().where(EvidenceItem.organisation == organisation)


async def _is_open_or_confirmed(organisation: UUID) -> bool:
    return await Dissolution.exists().where(
        (Dissolution.organisation == organisation)
        & Dissolution.state.is_in(["proposed", "confirmed"])
    )


async def _lock_untied(tx: Ledger, organisation: UUID, domain: str) -> Organisation:
    body = await tx.lock_organisation(organisation)
    if shares_employer(domain, body.domain):
        raise OwnEmployer("You work for this organisation. Ask a steward from elsewhere.")
    return body


async def _open(number: int) -> Dissolution:
    row = await Dissolution.objects().where(Dissolution.id == number).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such proposal.")
    if row.state != "proposed":
        raise DissolutionDecided("This was decided already. Look at it again.")
    return row


async def _decide(tx: Ledger, row: Dissolution, state: str, steward: UUID) -> None:
    changes: dict[Column | str, Any] = {
        Dissolution.state: state,
        Dissolution.decided_by: steward,
        Dissolution.decided_at: tx.now,
    }
    await Dissolution.update(changes).where(Dissolution.id == row.id)


_DISSOLVED = """
SELECT d.organisation, d.dissolved_on, o.band FROM organisation_dissolution d
JOIN organisation o ON o.id = d.organisation
WHERE d.state = 'confirmed' AND o.reduced_on IS NULL ORDER BY d.id
"""
