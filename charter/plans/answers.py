"""Use cases of the five answers: give one, have it agreed, give all again each year (5, 6, 9)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from charter.errors import InvalidInput
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    close_obligation,
    meet_obligation,
    open_obligation,
    open_obligations,
)
from charter.plans import rules
from charter.plans.reading import answers_in_force, live_types
from charter.plans.rules import AnswerInForce, TypeAnswer
from charter.plans.tables import Answer
from charter.reviews.cases import open_case
from charter.scheme import Scheme
from charter.signing.rules import STANDING_IN
from charter.signing.service import assess_now
from charter.standing.words import Standing


async def answer_type(scheme: Scheme, *, organisation: UUID, answer: TypeAnswer) -> None:
    """Answer for one type; a new version each time (rule 5).

    "Does not apply" opens a case for two auditors and runs out after a year. Raises
    `InvalidInput`, `NotSigned` and `NothingApplies`.
    """
    errors = rules.check_answer(answer, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await find_standing(tx, organisation)
        in_force = await answers_in_force(organisation)
        expires_on = rules.decide_answer(answer, in_force, tx.today, scheme.pack)
        words = await _write(tx, organisation, answer, expires_on)
        await keep_every_type_pledged(tx, organisation)
        await finish_identification(tx, organisation)
        if not answer.applies:
            await open_case(tx, "does-not-apply", organisation=organisation, subject=words)


async def open_re_identifications(scheme: Scheme) -> int:
    """Ask for all five answers again where they are old or were about an earlier catalogue.

    They are old after a year, or once one ran out. Returns how many were asked.

    Safe to run twice: whoever has been asked is not asked again (rule 9, row 16).
    """
    opened = 0
    for organisation in await _identified_long_ago(scheme):
        async with transaction(scheme) as tx:
            await tx.lock_organisation(organisation)
            opened += await ask_for_answers_again(tx, organisation)
    return opened


async def ask_for_answers_again(
    tx: Ledger, organisation: UUID, types: Collection[str] = ()
) -> bool:
    """Ask a signatory with a plan for answers again, unless it has been asked; say if so.

    For some types, or for all five where none is named: after a year, when an answer runs out, and
    when a concern was upheld (rules 5 and 9).
    """
    answer = await assess_now(tx, organisation)
    if answer is None or answer.standing not in STANDING_IN - {Standing.PLAN_DUE}:
        return False
    asked = {each.type for each in await open_obligations(organisation, "re-identification")}
    named = [each for each in types if each not in asked]
    wanted = named if types else [None]
    if None in asked or not wanted:
        return False
    for each in wanted:
        await open_obligation(tx, "re-identification", organisation=organisation, type_id=each)
    return True


async def _identified_long_ago(scheme: Scheme) -> list[UUID]:
    """Return who may have to answer again, in a stable order and by one statement."""
    rows: list[Mapping[str, Any]] = await Answer.raw(
        "SELECT DISTINCT ON (organisation, type) organisation, type, applies, given_at, expires_on"
        " FROM answer WHERE organisation NOT IN (SELECT organisation FROM obligation"
        " WHERE kind = 're-identification' AND state = 'open' AND type IS NULL)"
        " ORDER BY organisation, type, version DESC"
    )
    bodies: dict[UUID, dict[str, AnswerInForce]] = {}
    for row in rows:
        answers = bodies.setdefault(row["organisation"], {})
        answers[row["type"]] = AnswerInForce(row["applies"], row["given_at"], row["expires_on"])
    today, since = scheme.today(), (await scheme.packs()).asks_anew_since
    return [
        organisation
        for organisation, answers in bodies.items()
        if rules.identification_due(answers, today, scheme.pack)
        or rules.answered_before(answers, since, scheme.pack)
    ]


async def find_standing(tx: Ledger, organisation: UUID) -> Standing:
    """Return the standing of a present signatory. Raises `NotSigned` for any other body."""
    answer = await assess_now(tx, organisation)
    if answer is None or answer.standing not in STANDING_IN:
        raise rules.NotSigned(
            "First the hub must accept who you are and your sponsor must sign the charter."
        )
    return answer.standing


async def keep_every_type_pledged(tx: Ledger, organisation: UUID) -> None:
    """Open and end re-plan obligations, so that each applicable type has a pledge or owes one.

    Called after anything that changes answers or pledges (rule 6, row 16). Before a plan is
    published the plan itself is owed.
    """
    if await open_obligations(organisation, "plan"):
        return
    in_force = await answers_in_force(organisation)
    applicable = rules.assess_applicable(in_force, tx.scheme.pack)
    pledged = await live_types(organisation, tx.today)
    owed = {row.type: row for row in await open_obligations(organisation, "re-plan")}
    for type_id, obligation in owed.items():
        if type_id in pledged:
            await meet_obligation(tx, obligation)
        elif type_id not in applicable:
            await close_obligation(tx, obligation, why="type-does-not-apply")
    for type_id in applicable:
        if type_id not in pledged and type_id not in owed:
            await open_obligation(tx, "re-plan", organisation=organisation, type_id=type_id)


async def _write(
    tx: Ledger, organisation: UUID, answer: TypeAnswer, expires_on: date | None
) -> UUID:
    earlier = await Answer.count().where(
        (Answer.organisation == organisation) & (Answer.type == answer.type)
    )
    words = await tx.publish_words(
        "answer",
        {"reason": answer.reason.strip(), "took_part": answer.took_part.strip()},
        organisation=organisation,
    )
    row = Answer(
        organisation=organisation,
        type=answer.type,
        version=earlier + 1,
        applies=answer.applies,
        impacts=list(answer.impacts),
        priority=answer.priority,
        community_priority=answer.community_priority,
        words=words.id,
        given_at=tx.now,
        expires_on=expires_on,
    )
    await row.save()
    tx.record(
        "type-answered",
        {
            "type": answer.type,
            "version": row.version,
            "applies": answer.applies,
            "answer": "applies" if answer.applies else "does-not-apply",
            "impacts": list(answer.impacts),
            "priority": answer.priority,
            "community_priority": answer.community_priority,
            "expires_on": expires_on.isoformat() if expires_on else None,
        },
        organisation=organisation,
        by="lead",
        words=words,
    )
    return words.id


async def finish_identification(tx: Ledger, organisation: UUID) -> None:
    """Meet an identification once every type it asks for has been answered since it opened."""
    in_force = await answers_in_force(organisation)
    for obligation in await open_obligations(organisation, "re-identification"):
        asked = (obligation.type,) if obligation.type else tx.scheme.pack.type_ids
        if rules.identification_is_done(in_force, obligation.opened_at, asked):
            await meet_obligation(tx, obligation)
