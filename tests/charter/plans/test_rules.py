"""Every type answered, every type that applies pledged: the pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from charter.plans import rules
from charter.plans.rules import AnswerInForce
from tests.charter.acting import TYPES, answer_for
from tests.world import the_pack

PACK = the_pack()
GIVEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 3, 1)


def in_force(*not_for: str, expires_on: date | None = None) -> dict[str, AnswerInForce]:
    return {
        name: AnswerInForce(name not in not_for, GIVEN, expires_on if name in not_for else None)
        for name in TYPES
    }


def fields(**changes: object) -> list[str]:
    answer = replace(answer_for("structural"), **changes)  # type: ignore[arg-type]  # any one member
    return [error.field for error in rules.check_answer(answer, PACK)]


def test_an_answer_with_nothing_wrong_is_taken() -> None:
    assert fields() == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"type": "accidental"}, ["type"]),
        ({"impacts": ()}, ["impacts"]),
        ({"impacts": ("no-such-impact",)}, ["impacts"]),
        ({"applies": False, "impacts": (), "reason": " "}, ["reason"]),
        ({"reason": "", "took_part": ""}, ["reason", "took_part"]),
        ({"reason": "x" * 4_001}, ["reason"]),
        ({"priority": 0, "community_priority": 6}, ["priority", "community_priority"]),
    ],
)
def test_each_mistake_in_an_answer_is_named(changes: dict[str, object], wrong: list[str]) -> None:
    assert fields(**changes) == wrong


def test_does_not_apply_runs_out_after_twelve_months() -> None:
    answer = answer_for("structural", applies=False)
    assert rules.decide_answer(answer, {}, TODAY, PACK) == date(2027, 3, 1)
    assert rules.decide_answer(answer_for("structural"), {}, TODAY, PACK) is None


def test_five_times_does_not_apply_is_refused() -> None:
    four = in_force(*TYPES[:4])
    last = answer_for(TYPES[4], applies=False)

    with pytest.raises(rules.NothingApplies):
        rules.decide_answer(last, four, TODAY, PACK)
    four.pop(TYPES[0])
    assert rules.decide_answer(last, four, TODAY, PACK) is not None


def test_a_plan_is_published_for_every_type_that_applies() -> None:
    applicable = rules.decide_publication(in_force("systemic"), TYPES[:4], TODAY, PACK)
    assert applicable == TYPES[:4]


def test_every_type_without_an_answer_is_named() -> None:
    some = {name: answer for name, answer in in_force().items() if name not in TYPES[1:3]}

    with pytest.raises(
        rules.TypeUnanswered, match="interpersonal racism and institutional"
    ) as refused:
        rules.decide_publication(some, TYPES, TODAY, PACK)
    assert [error.field for error in refused.value.errors] == list(TYPES[1:3])


def test_every_type_without_a_pledge_is_named() -> None:
    with pytest.raises(rules.TypeWithoutPledge, match="internalised racism and sys") as refused:
        rules.decide_publication(in_force("structural"), TYPES[1:3], TODAY, PACK)
    assert [error.field for error in refused.value.errors] == [TYPES[0], TYPES[4]]


def test_an_answer_that_ran_out_counts_as_none() -> None:
    answers = in_force("systemic", expires_on=TODAY)
    assert rules.decide_publication(answers, TYPES, TODAY, PACK) == TYPES[:4]
    with pytest.raises(rules.TypeUnanswered):
        rules.decide_publication(answers, TYPES, TODAY + timedelta(days=1), PACK)


@pytest.mark.parametrize(("day", "due"), [(date(2027, 1, 4), False), (date(2027, 1, 5), True)])
def test_the_five_types_are_answered_again_after_a_year(day: date, *, due: bool) -> None:
    assert rules.identification_due(in_force(), day, PACK) is due


def test_an_answer_that_ran_out_asks_for_all_five_again() -> None:
    answers = in_force("systemic", expires_on=TODAY)
    assert not rules.identification_due(answers, TODAY, PACK)
    assert rules.identification_due(answers, TODAY + timedelta(days=1), PACK)


def test_who_has_not_answered_all_five_owes_its_plan_instead() -> None:
    assert not rules.identification_due({}, date(2030, 1, 1), PACK)


def test_answering_again_is_done_when_every_type_is_answered_since() -> None:
    assert rules.identification_is_done(in_force(), GIVEN, PACK.type_ids)
    assert not rules.identification_is_done(in_force(), GIVEN + timedelta(hours=1), PACK.type_ids)
    assert not rules.identification_is_done({}, GIVEN, PACK.type_ids)
