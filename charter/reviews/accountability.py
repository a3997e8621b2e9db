"""The yearly accountability review: a reflection, a panel's findings, a reply (rules 26 and 27).

Two voices speak on one scale for each type of racism. The lower is the published result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from charter.calendar import add_months
from charter.clock import local_day
from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.framework.catalogue import RacismType
from charter.history.tables import PublicText
from charter.learning.service import note_published_reflection
from charter.ledger import Ledger, Words, transaction
from charter.obligations.service import (
    find_obligation,
    meet_obligation,
    open_obligation,
    pause_clock,
)
from charter.reviews import rules
from charter.reviews.cases import (
    findings_asked,
    only_acceptance_counts,
    open_case,
    types_that_apply,
)
from charter.reviews.tables import AccountabilityReview, Case
from charter.scheme import Scheme
from charter.signing.tables import Signature
from charter.standing.tables import CurrentStanding

PROMISING = frozenset({"on-track", "overdue", "suspended", "not-reporting"})
"""Standings in which an organisation owes a yearly reflection."""


class NoReflectionDue(RuleViolation):
    """No cycle is open, or its reflection is in already (rule 26)."""

    code = "no-reflection-due"
    rule = 26


class VoicesDoNotDiffer(RuleViolation):
    """Both voices say the same, or have come to agree (rule 26)."""

    code = "voices-do-not-differ"
    rule = 26


@dataclass(frozen=True, slots=True)
class Reflection:
    """What an organisation says of its own year: a finding per type, and words.

    `findings` uses the words kept, partly-kept, not-kept and cannot-tell. It is signed by the
    sponsor, who is shown by role.
    """

    findings: Mapping[str, str]
    what_worked: str
    what_did_not_work: str
    what_changes: str
    signed_by_role: str


async def open_reflections(scheme: Scheme) -> int:
    """Open a cycle for every organisation whose year since signing has passed; return how many."""
    rows = await CurrentStanding.select(CurrentStanding.organisation).where(
        CurrentStanding.standing.is_in(sorted(PROMISING))
    )
    count = 0
    for row in rows:
        async with transaction(scheme) as tx:
            await tx.lock_organisation(row["organisation"])
            count += await _open_cycle(tx, row["organisation"])
    return count


async def send_reflection(scheme: Scheme, *, organisation: UUID, reflection: Reflection) -> UUID:
    """Take the yearly reflection, open its case, and return the review.

    Raises `NoReflectionDue`, and `InvalidInput` naming everything that is missing.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        review = (
            await AccountabilityReview.objects()
            .where(
                (AccountabilityReview.organisation == organisation)
                & AccountabilityReview.reflected_at.is_null()
            )
            .order_by(AccountabilityReview.cycle)
            .first()
        )
        if review is None:
            raise NoReflectionDue("No reflection is due.")
        applicable = scheme.pack.catalogue.types_among(await types_that_apply(organisation))
        errors = check_reflection(reflection, applicable)
        if errors:
            raise InvalidInput("The reflection is not complete.", errors=errors)
        found = {each.id: reflection.findings[each.id] for each in applicable}
        await _take_in(tx, review, reflection, found)
        return review.id


async def agree_with_panel(scheme: Scheme, *, organisation: UUID, cycle: int) -> None:
    """Take the organisation's word that it now agrees with what the panel found.

    The flag that the voices differ ends; what each said first stays in the history. Raises
    `VoicesDoNotDiffer`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        newest = (
            await AccountabilityReview.objects()
            .where(
                (AccountabilityReview.organisation == organisation)
                & AccountabilityReview.published_at.is_not_null()
            )
            .order_by(AccountabilityReview.cycle, ascending=False)
            .first()
        )
        if newest is None or newest.cycle != cycle:
            raise NotFound("There is no such review, or a newer one took its place.")
        own = msgspec.json.decode(newest.own_findings or "{}", type=dict[str, str])
        found = msgspec.json.decode(newest.panel_findings or "{}", type=dict[str, str])
        if newest.agreed_at is not None or not rules.hear_two_voices(own, found)[1]:
            raise VoicesDoNotDiffer("The two voices do not differ. There is nothing to agree on.")
        await AccountabilityReview.update({AccountabilityReview.agreed_at: tx.now}).where(
            AccountabilityReview.id == newest.id
        )
        tx.record(
            "voices-agreed",
            {"cycle": cycle, "findings": {**own, **found}},
            organisation=organisation,
            by="sponsor",
        )


def check_reflection(reflection: Reflection, applicable: Iterable[RacismType]) -> list[FieldError]:
    """Return everything that is missing from a reflection or cannot be used."""
    errors = [
        FieldError(name, sentence)
        for name, sentence in (
            ("what_worked", "Say what worked."),
            ("what_did_not_work", "Say what did not work, and why."),
            ("what_changes", "Say what changes now."),
            ("signed_by_role", "The senior sponsor signs the reflection."),
        )
        if not str(getattr(reflection, name)).strip()
    ]
    errors += [
        FieldError(f"findings.{each.id}", f"Say how you did on {each.name.lower()}.")
        for each in applicable
        if reflection.findings.get(each.id) not in rules.FINDINGS
    ]
    return errors


async def publish_review(tx: Ledger, case: Case, found: Mapping[str, str]) -> None:
    """Publish both voices and the lower of them per type; the flag stands where they differ."""
    review = await _review_of(case)
    own = await findings_asked(case)
    findings, differ = rules.hear_two_voices(own, found)
    await AccountabilityReview.update(
        {
            AccountabilityReview.panel_findings: msgspec.json.encode(found).decode(),
            AccountabilityReview.published_at: tx.now,
        }
    ).where(AccountabilityReview.id == review.id)
    tx.record(
        "accountability-review-published",
        {
            "cycle": review.cycle,
            "findings": findings,
            "voices_differ": [name for name in tx.scheme.pack.type_ids if name in differ],
        },
        organisation=case.organisation,
        by="auditors",
        words=await _reflection_words(review),
    )
    borne_out = rules.borne_out(own, found)
    said = {name: borne_out[name] for name in tx.scheme.pack.type_ids if name in borne_out}
    await note_published_reflection(tx, review, said)
    if review.obligation is not None:
        await meet_obligation(tx, await find_obligation(review.obligation))


async def _open_cycle(tx: Ledger, organisation: UUID) -> bool:
    """Open the cycle of the newest anniversary that has none; return whether one was opened."""
    zone = tx.scheme.pack.zone
    months = tx.scheme.pack.numbers.accountability.cycle_months
    signature = (
        await Signature.objects()
        .where(Signature.organisation == organisation)
        .order_by(Signature.spell, ascending=False)
        .order_by(Signature.signed_at)
        .first()
    )
    if signature is None:
        return False
    signed_on = local_day(signature.signed_at, zone)
    years = 0
    while add_months(signed_on, months * (years + 1)) <= tx.today:
        years += 1
    last = (
        await AccountabilityReview.objects()
        .where(AccountabilityReview.organisation == organisation)
        .order_by(AccountabilityReview.cycle, ascending=False)
        .first()
    )
    anniversary = add_months(signed_on, months * years)
    if years == 0 or (last is not None and local_day(last.opened_at, zone) >= anniversary):
        return False
    review = AccountabilityReview(
        id=tx.new_id(),
        organisation=organisation,
        cycle=last.cycle + 1 if last else 1,
        opened_at=tx.now,
    )
    owed = await open_obligation(tx, "reflection", organisation=organisation, subject=review.id)
    review.obligation = owed.id
    await review.save()
    return True


async def _take_in(
    tx: Ledger, review: AccountabilityReview, reflection: Reflection, found: Mapping[str, str]
) -> None:
    words = await tx.publish_words(
        "reflection",
        {
            "what_worked": reflection.what_worked.strip(),
            "what_did_not_work": reflection.what_did_not_work.strip(),
            "what_changes": reflection.what_changes.strip(),
        },
        organisation=review.organisation,
    )
    case = await open_case(
        tx, "accountability", organisation=review.organisation, subject=review.id
    )
    await AccountabilityReview.update(
        {
            AccountabilityReview.reflection: words.id,
            AccountabilityReview.reflected_at: tx.now,
            AccountabilityReview.own_findings: msgspec.json.encode(found).decode(),
            AccountabilityReview.signed_by_role: reflection.signed_by_role.strip(),
            AccountabilityReview.case: case.id,
        }
    ).where(AccountabilityReview.id == review.id)
    tx.record(
        "reflection-received",
        {"cycle": review.cycle},
        organisation=review.organisation,
        by="sponsor",
        words=words,
    )
    if review.obligation is None:
        return
    owed = await find_obligation(review.obligation)
    if await only_acceptance_counts(tx, review.organisation):
        await pause_clock(tx, owed, why="under-review", by="auditors")
    else:
        await meet_obligation(tx, owed)


async def _review_of(case: Case) -> AccountabilityReview:
    review = (
        await AccountabilityReview.objects().where(AccountabilityReview.id == case.subject).first()
    )
    if review is None:
        raise NotFound("There is no such review.")
    return review


async def _reflection_words(review: AccountabilityReview) -> Words | None:
    text = await PublicText.objects().where(PublicText.id == review.reflection).first()
    return None if text is None else Words(text.id, text.commitment)
