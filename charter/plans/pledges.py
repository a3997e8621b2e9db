"""Use cases of pledges: draft, publish, amend, withdraw (rules 6 to 8, 10 and 12 to 14)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from charter.errors import FieldError, InvalidInput
from charter.history.events import Fact
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    close_obligation,
    meet_obligation,
    open_obligation,
    open_obligations,
)
from charter.plans import pledge_rules, rules, versions
from charter.plans.answers import (
    find_standing,
    finish_identification,
    keep_every_type_pledged,
)
from charter.plans.pledge_rules import PledgeDraft
from charter.plans.reading import (
    answers_in_force,
    dates_in_force,
    decode_draft,
    find_pledge,
    live_types,
    version_in_force,
)
from charter.plans.tables import ExistingPractice, Milestone, Plan, Pledge, PledgeVersion
from charter.scheme import Scheme
from charter.signing.rules import STANDING_IN
from charter.signing.service import assess_now
from charter.signing.tables import Signature
from charter.standing.words import Standing


async def save_pledge(
    scheme: Scheme, *, organisation: UUID, number: int | None, draft: PledgeDraft
) -> int:
    """Keep a draft and return its number; without a number a new pledge is begun.

    Nothing is public yet. Raises `InvalidInput` with every error at once, and
    `PledgeAlreadyPublished`.
    """
    _refuse_errors(pledge_rules.check_pledge(draft, scheme.pack, scheme.today()))
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        if number is not None:
            row = await find_pledge(organisation, number)
            if row.state != "draft":
                raise pledge_rules.PledgeAlreadyPublished(
                    "This pledge is published. Amend it, with a public reason, instead."
                )
            await Pledge.update({Pledge.type: draft.type, Pledge.draft: _encode(draft)}).where(
                Pledge.id == row.id
            )
            return number
        newest = (
            await Pledge.select(Pledge.number)
            .where(Pledge.organisation == organisation)
            .order_by(Pledge.number, ascending=False)
            .first()
        )
        number = newest["number"] + 1 if newest else 1
        await Pledge(
            id=tx.new_id(),
            organisation=organisation,
            number=number,
            type=draft.type,
            draft=_encode(draft),
            created_at=tx.now,
        ).save()
        return number


async def discard_draft(scheme: Scheme, *, organisation: UUID, number: int) -> None:
    """Throw a draft away. Its number is not given again. Raises `PledgeAlreadyPublished`."""
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await find_pledge(organisation, number)
        if row.state != "draft":
            raise pledge_rules.PledgeAlreadyPublished(
                "This pledge is published. Withdraw it, with a public reason, instead."
            )
        await Pledge.update({Pledge.state: "discarded", Pledge.draft: None}).where(
            Pledge.id == row.id
        )


async def publish_plan(scheme: Scheme, *, organisation: UUID) -> None:
    """Publish every draft as one plan (rule 6).

    Raises `TypeUnanswered` and `TypeWithoutPledge`, naming every type; `InvalidInput`, naming
    pledges and fields; `NothingToPublish` and `NotSigned`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        standing = await find_standing(tx, organisation)
        drafts = await _drafts(organisation)
        if standing is not Standing.PLAN_DUE and not drafts:
            raise rules.NothingToPublish("The plan is published, and there is no new pledge.")
        pledged = await live_types(organisation, tx.today) | {row.type for row in drafts}
        applicable = rules.decide_publication(
            await answers_in_force(organisation), pledged, tx.today, scheme.pack
        )
        _refuse_errors(_errors_of_drafts(tx, drafts))
        for row in drafts:
            await _publish(tx, row)
        await _write_plan(tx, organisation, applicable)
        for obligation in await open_obligations(organisation, "plan"):
            await meet_obligation(tx, obligation)
        await keep_every_type_pledged(tx, organisation)
        await finish_identification(tx, organisation)


async def publish_pledge(scheme: Scheme, *, organisation: UUID, number: int) -> None:
    """Publish one more pledge of a published plan.

    Raises `PlanNotPublished`, `PledgeAlreadyPublished`, `InvalidInput` and `NotSigned`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        if await find_standing(tx, organisation) is Standing.PLAN_DUE:
            raise rules.PlanNotPublished("Publish the plan; this pledge is published with it.")
        row = await find_pledge(organisation, number)
        if row.state != "draft":
            raise pledge_rules.PledgeAlreadyPublished("This pledge has been published already.")
        _refuse_errors(pledge_rules.check_pledge(decode_draft(row), scheme.pack, tx.today))
        await _publish(tx, row)
        await keep_every_type_pledged(tx, organisation)


async def amend_pledge(
    scheme: Scheme,
    *,
    organisation: UUID,
    number: int,
    draft: PledgeDraft,
    reason: str,
    based_on: int | None = None,
) -> int:
    """Publish a new version of a pledge, with a public reason, and return its number (rule 12).

    `based_on` is the version that was open for writing: given, an amendment published meanwhile
    is never lost. Raises `PledgeNotLive`, `ChangedMeanwhile`, `PublicReasonNeeded`, `TypeFixed`,
    `MilestoneDropped`, `DueDateMoved`, `NothingChanged` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await find_standing(tx, organisation)
        row = await find_live(organisation, number)
        if based_on is not None and based_on != row.version:
            raise pledge_rules.ChangedMeanwhile(
                f"Version {row.version} was published meanwhile. Look at it, then amend that one."
            )
        promised = await dates_in_force(row.id)
        before = await version_in_force(row)
        pledge_rules.decide_amendment(before, draft, promised, reason)
        errors = pledge_rules.check_pledge(draft, scheme.pack, tx.today, promised=promised)
        _refuse_errors(errors)
        await _write_version(tx, row, draft, reason=reason)
        await _promise_milestones(tx, row, draft, after=len(promised))
        return row.version


async def withdraw_pledge(scheme: Scheme, *, organisation: UUID, number: int, reason: str) -> None:
    """Withdraw a pledge in public; it stays as a tombstone (rule 14).

    Losing the last live pledge of a type that applies opens *re-plan* (rule 6). Raises
    `PledgeNotLive`, `NotSigned` and `PublicReasonNeeded`.
    """
    if not reason.strip():
        raise pledge_rules.PublicReasonNeeded("Say in public why the pledge is withdrawn.")
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await find_standing(tx, organisation)
        row = await find_live(organisation, number)
        await Pledge.update({Pledge.state: "withdrawn", Pledge.withdrawn_at: tx.now}).where(
            Pledge.id == row.id
        )
        words = await tx.publish_words(
            "pledge-withdrawal", {"reason": reason.strip()}, organisation=organisation
        )
        facts: dict[str, Fact] = {"pledge": number, "type": row.type}
        tx.record("pledge-withdrawn", facts, organisation=organisation, by="sponsor", words=words)
        for obligation in await open_obligations(organisation):
            if obligation.pledge == number:
                await close_obligation(tx, obligation, why="pledge-withdrawn")
        await keep_every_type_pledged(tx, organisation)


async def end_pledges(scheme: Scheme) -> int:
    """End every pledge whose last day has passed; return how many (rule 6, row 16).

    What it still owes is owed on. Safe to run twice: a pledge ends once.
    """
    rows: list[Mapping[str, Any]] = await Pledge.raw(
        "SELECT DISTINCT organisation FROM pledge WHERE state = 'live' AND ends_on < {}"
        " ORDER BY organisation",
        scheme.today(),
    )
    count = 0
    for found in rows:
        organisation = found["organisation"]
        async with transaction(scheme) as tx:
            await tx.lock_organisation(organisation)
            ended = (
                await Pledge.update({Pledge.state: "ended"})
                .where(
                    (Pledge.organisation == organisation)
                    & (Pledge.state == "live")
                    & (Pledge.ends_on < tx.today)
                )
                .returning(Pledge.id)
            )
            count += len(ended)
            answer = await assess_now(tx, organisation)
            if answer is not None and answer.standing in STANDING_IN:
                await keep_every_type_pledged(tx, organisation)
    return count


async def list_existing_practice(
    scheme: Scheme, *, organisation: UUID, type_id: str, title: str, text: str
) -> None:
    """Show what the organisation already does; it is never counted as a pledge (rule 8)."""
    errors = [
        FieldError(name, message)
        for name, wrong, message in (
            ("type", type_id not in scheme.pack.type_ids, "Choose one of the five types."),
            ("title", not title.strip(), "Give it a short title."),
            ("text", not text.strip(), "Say what you already do."),
        )
        if wrong
    ]
    _refuse_errors(errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await find_standing(tx, organisation)
        words = await tx.publish_words(
            "practice", {"title": title.strip(), "text": text.strip()}, organisation=organisation
        )
        await ExistingPractice(organisation=organisation, type=type_id, words=words.id).save()
        tx.record(
            "existing-practice-listed",
            {"type": type_id},
            organisation=organisation,
            by="lead",
            words=words,
        )


async def find_live(organisation: UUID, number: int) -> Pledge:
    """Return a live pledge by its number. Raises `NotFound` and `PledgeNotLive`."""
    row = await find_pledge(organisation, number)
    if row.state != "live":
        raise pledge_rules.PledgeNotLive("This pledge is not live, so it cannot be changed.")
    return row


async def _drafts(organisation: UUID) -> list[Pledge]:
    return (
        await Pledge.objects()
        .where((Pledge.organisation == organisation) & (Pledge.state == "draft"))
        .order_by(Pledge.number)
    )


def _errors_of_drafts(tx: Ledger, drafts: Iterable[Pledge]) -> list[FieldError]:
    return [
        FieldError(f"pledges[{row.number}].{error.field}", error.message)
        for row in drafts
        for error in pledge_rules.check_pledge(decode_draft(row), tx.scheme.pack, tx.today)
    ]


def _refuse_errors(errors: Sequence[FieldError]) -> None:
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)


async def _publish(tx: Ledger, row: Pledge) -> None:
    draft = decode_draft(row)
    await _write_version(tx, row, draft, reason="")
    await _promise_milestones(tx, row, draft, after=0)


async def _write_version(tx: Ledger, row: Pledge, draft: PledgeDraft, *, reason: str) -> None:
    row.version += 1
    words = await tx.publish_words(
        "pledge", versions.words_of_pledge(draft, reason), organisation=row.organisation
    )
    terms = versions.terms_of_pledge(draft, tx.scheme.pack)
    await PledgeVersion(
        pledge=row.id,
        version=row.version,
        terms=_encode(terms),
        words=words.id,
        published_at=tx.now,
    ).save()
    await Pledge.update(
        {
            Pledge.state: "live",
            Pledge.version: row.version,
            Pledge.draft: None,
            Pledge.ends_on: draft.ends_on,
        }
    ).where(Pledge.id == row.id)
    tx.record(
        "pledge-published" if row.version == 1 else "pledge-amended",
        versions.facts_of_pledge(row.number, row.version, draft, tx.scheme.pack),
        organisation=row.organisation,
        by="sponsor",
        words=words,
    )


async def _promise_milestones(tx: Ledger, row: Pledge, draft: PledgeDraft, *, after: int) -> None:
    """Write the milestones beyond the first `after`, each with its obligation (rule 34)."""
    for number, milestone in enumerate(draft.milestones[after:], start=after + 1):
        await Milestone(
            pledge=row.id,
            number=number,
            first_due_on=milestone.due_on,
            due_on=milestone.due_on,
            evidence_until=milestone.evidence_until,
        ).save()
        await open_obligation(
            tx,
            "evidence",
            organisation=row.organisation,
            subject=row.id,
            due_on=milestone.due_on,
            pledge=row.number,
            milestone=number,
            type_id=row.type,
        )


async def _write_plan(tx: Ledger, organisation: UUID, types: Sequence[str]) -> None:
    number = await Plan.count().where(Plan.organisation == organisation) + 1
    signature = (
        await Signature.objects()
        .where(Signature.organisation == organisation)
        .order_by(Signature.spell, ascending=False)
        .first()
    )
    spell = signature.spell if signature else 1
    await Plan(organisation=organisation, number=number, spell=spell, published_at=tx.now).save()
    facts: dict[str, Fact] = {"plan": number, "types": list(types)}
    tx.record("plan-published", facts, organisation=organisation, by="sponsor")


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()
