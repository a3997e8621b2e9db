"""Rules 5 to 9: every type is answered, and every type that applies has a live pledge.

Pure. What a pledge must say is in `pledge_rules`, what counts as co-design in `codesign_rules`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from charter.calendar import add_months
from charter.clock import local_day
from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack

REASON_MOST = 4_000
"""The longest reason, in characters."""


class NothingApplies(RuleViolation):
    """All five types were said not to apply."""

    code = "nothing-applies"
    rule = 5


class TypeUnanswered(RuleViolation):
    """A plan was to be published without an answer for every type."""

    code = "type-unanswered"
    rule = 5


class TypeWithoutPledge(RuleViolation):
    """A plan was to be published without a live pledge for every type that applies."""

    code = "type-without-pledge"
    rule = 6


class NothingToPublish(RuleViolation):
    """There is no draft pledge, and the plan as published stands."""

    code = "nothing-to-publish"
    rule = 6


class PlanNotPublished(RuleViolation):
    """A single pledge was to be published before the plan."""

    code = "plan-not-published"
    rule = 6


class NotSigned(RuleViolation):
    """The organisation has no signature in force with both proofs."""

    code = "not-signed"
    rule = 1


@dataclass(frozen=True, slots=True)
class TypeAnswer:
    """What an organisation answers for one type of racism (rule 5).

    `impacts` are catalogue ids, `priority` 1 for what comes first; `community_priority` is the
    community's own order, where it gave one. `took_part` says who took part, as groups and roles.
    """

    type: str
    applies: bool
    impacts: tuple[str, ...]
    reason: str
    priority: int
    community_priority: int | None
    took_part: str


@dataclass(frozen=True, slots=True)
class AnswerInForce:
    """The newest answer for one type."""

    applies: bool
    given_at: datetime
    expires_on: date | None


def check_answer(answer: TypeAnswer, pack: FrameworkPack) -> list[FieldError]:
    """Return everything wrong with an answer, under the names of its fields."""
    return list(_answer_errors(answer, pack))


def _answer_errors(answer: TypeAnswer, pack: FrameworkPack) -> Iterator[FieldError]:
    types = {each.id: each for each in pack.catalogue.types}
    if answer.type not in types:
        yield FieldError("type", "Choose one of the five types.")
        return
    known = {impact.id for impact in types[answer.type].impacts}
    if not known.issuperset(answer.impacts):
        yield FieldError("impacts", "Choose impacts of this type from the list.")
    elif answer.applies and not answer.impacts:
        yield FieldError("impacts", "Choose at least one impact that you recognise.")
    if not answer.reason.strip():
        why = "applies" if answer.applies else "does not apply"
        yield FieldError("reason", f"Say why this type {why} to your organisation.")
    if not answer.took_part.strip():
        yield FieldError("took_part", "Say who took part, as groups or roles and not as names.")
    for name in ("reason", "took_part"):
        if len(getattr(answer, name)) > REASON_MOST:
            yield FieldError(name, f"Use {REASON_MOST} characters or fewer.")
    for name in ("priority", "community_priority"):
        place = getattr(answer, name)
        if place is not None and not 1 <= place <= len(types):
            yield FieldError(name, f"Enter a place from 1 to {len(types)}.")


def decide_answer(
    answer: TypeAnswer, in_force: Mapping[str, AnswerInForce], today: date, pack: FrameworkPack
) -> date | None:
    """Return the day on which the answer runs out, or None where it does not.

    Raises `NothingApplies` where every other type has been said not to apply.
    """
    if answer.applies:
        return None
    others = [type_id for type_id in pack.type_ids if type_id != answer.type]
    if all(type_id in in_force and not in_force[type_id].applies for type_id in others):
        raise NothingApplies(
            "At least one of the five types applies to every organisation."
            " Look again at all five, with people who live with racism."
        )
    return add_months(today, pack.numbers.plans.does_not_apply_months)


def assess_applicable(
    in_force: Mapping[str, AnswerInForce], pack: FrameworkPack
) -> tuple[str, ...]:
    """Return the types that apply, in the order in which they are always shown."""
    return tuple(name for name in pack.type_ids if name in in_force and in_force[name].applies)


def assess_community_order(orders: Iterable[Sequence[str]], pack: FrameworkPack) -> tuple[str, ...]:
    """Return the five types as the communities would take them up, or nothing where none said.

    Each of `orders` is one person's or group's, and each counts alike: the type with the lowest
    sum of places comes first; among equals the framework's order decides.
    """
    given = [list(order) for order in orders if order]
    if not given:
        return ()
    return tuple(sorted(pack.type_ids, key=lambda name: sum(order.index(name) for order in given)))


def decide_publication(
    in_force: Mapping[str, AnswerInForce],
    pledged: Iterable[str],
    today: date,
    pack: FrameworkPack,
) -> tuple[str, ...]:
    """Return the types a plan is published for; `pledged` are the types with a pledge (rule 6).

    An answer that ran out counts as none. Raises `TypeUnanswered` and `TypeWithoutPledge`, each
    naming every type.
    """
    unanswered = [name for name in pack.type_ids if not _is_answered(in_force.get(name), today)]
    if unanswered:
        raise TypeUnanswered(
            f"Answer every type first. Still to answer: {pack.catalogue.spell_types(unanswered)}.",
            errors=[FieldError(name, "Answer whether this type applies.") for name in unanswered],
        )
    applicable = assess_applicable(in_force, pack)
    having = set(pledged)
    missing = [name for name in applicable if name not in having]
    if missing:
        raise TypeWithoutPledge(
            "Every type that applies needs at least one pledge."
            f" Add a pledge for: {pack.catalogue.spell_types(missing)}.",
            errors=[FieldError(name, "Add a pledge for this type.") for name in missing],
        )
    return applicable


def _is_answered(answer: AnswerInForce | None, today: date) -> bool:
    if answer is None:
        return False
    return answer.expires_on is None or today <= answer.expires_on


def identification_due(
    in_force: Mapping[str, AnswerInForce], today: date, pack: FrameworkPack
) -> bool:
    """Whether the five types are to be answered again (rule 9)."""
    first = identification_due_from(in_force, pack)
    return first is not None and first <= today


def answered_before(
    in_force: Mapping[str, AnswerInForce], since: datetime | None, pack: FrameworkPack
) -> bool:
    """Whether one of the five answers was given about an earlier catalogue (row 16).

    `since` is when the present one came into force; None where it was always this.
    """
    if since is None or set(in_force) != set(pack.type_ids):
        return False
    return any(answer.given_at < since for answer in in_force.values())


def identification_due_from(
    in_force: Mapping[str, AnswerInForce], pack: FrameworkPack
) -> date | None:
    """Return the first local day on which the five types are to be answered again (rule 9).

    That is when the oldest answer is a year old, or the day after one ran out (rule 5). An
    organisation that has not answered all five owes its plan, not a repetition: None.
    """
    if set(in_force) != set(pack.type_ids):
        return None
    oldest = min(local_day(answer.given_at, pack.zone) for answer in in_force.values())
    a_year_old = add_months(oldest, pack.numbers.plans.identification_months)
    ran_out = [
        answer.expires_on + timedelta(days=1)
        for answer in in_force.values()
        if answer.expires_on is not None
    ]
    return min([a_year_old, *ran_out])


def identification_is_done(
    in_force: Mapping[str, AnswerInForce], since: datetime, asked: Iterable[str]
) -> bool:
    """Whether every type asked for has been answered since the obligation was opened."""
    return all(name in in_force and in_force[name].given_at >= since for name in asked)
