"""Rules 11 and 11a, as pure functions: what may be recorded, confirmed and asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from charter.errors import FieldError
from charter.plans.codesign_rules import (
    CONTRIBUTORS_MOST,
    HOURS_MOST,
    NAME_MOST,
    PAY_MOST_PENCE,
    PEOPLE_MOST,
    ContributorAnswer,
    GroupRegistration,
    Known,
    SessionHeld,
    check_contribution,
    check_group,
    check_session,
    hash_token,
    says_yes,
)
from tests.world import the_pack

PACK = the_pack()
TODAY = date(2026, 5, 20)
A_DAY = timedelta(days=1)
KNOWN = Known(frozenset({1, 2, 3}), frozenset(PACK.type_ids))
SESSION = SessionHeld(TODAY, Decimal(6), 12_000, (1, 3))
GROUP = UUID(int=4, version=4)


def fields(errors: Iterable[FieldError]) -> list[str]:
    return [error.field for error in errors]


@pytest.mark.parametrize(
    ("changes", "contributors", "wrong"),
    [
        ({}, 1, []),
        ({}, CONTRIBUTORS_MOST, []),
        ({"group": GROUP}, 0, []),
        ({"held_on": TODAY - A_DAY}, 1, []),
        ({"hours": Decimal("0.25")}, 1, []),
        ({"hours": HOURS_MOST}, 1, []),
        ({"pay_pence": 0}, 1, []),
        ({"pay_pence": PAY_MOST_PENCE}, 1, []),
        ({"pledges": (1, 2, 3)}, 1, []),
        ({"held_on": TODAY + A_DAY}, 1, ["held_on"]),
        ({"hours": Decimal(0)}, 1, ["hours"]),
        ({"hours": HOURS_MOST + 1}, 1, ["hours"]),
        ({"hours": Decimal("NaN")}, 1, ["hours"]),
        ({"pay_pence": -1}, 1, ["pay_pence"]),
        ({"pay_pence": PAY_MOST_PENCE + 1}, 1, ["pay_pence"]),
        ({"pledges": ()}, 1, ["pledges"]),
        ({"pledges": (1, 4)}, 1, ["pledges"]),
        ({}, 0, ["contributors"]),
        ({}, CONTRIBUTORS_MOST + 1, ["contributors"]),
        ({"group": GROUP}, -1, ["contributors"]),
    ],
)
def test_a_session_was_held_with_people_about_pledges_that_are_there(
    changes: dict[str, object], contributors: int, wrong: list[str]
) -> None:
    session = replace(SESSION, **changes)  # type: ignore[arg-type]  # as each row names it
    assert fields(check_session(session, KNOWN, contributors, TODAY)) == wrong


def test_each_mistake_in_a_session_has_a_sentence_that_says_what_to_do() -> None:
    nothing = SessionHeld(TODAY + A_DAY, Decimal(0), -1, ())
    assert [error.message for error in check_session(nothing, KNOWN, 0, TODAY)] == [
        "Record a session after it was held.",
        "Enter the hours people gave, all together.",
        "Enter an amount from £0 to £100,000.",
        "Choose the pledges or answers that the session shaped.",
        "Enter how many people need a code, from 1 to 200.",
    ]
    [error] = check_session(replace(SESSION, group=GROUP), KNOWN, 201, TODAY)
    assert error.message == "Enter how many people need a code, from 0 to 200."


@pytest.mark.parametrize("paid", ["paid", "declined", "unpaid"])
def test_somebody_who_took_part_was_paid_or_declined_or_was_left_unpaid(paid: str) -> None:
    answer = ContributorAnswer(happened=True, paid=paid, agrees=True, employed=False)  # type: ignore[arg-type]  # a row's
    assert check_contribution(answer, PACK.type_ids) == []


def test_anything_else_about_pay_is_refused() -> None:
    answer = ContributorAnswer(happened=True, paid="later", agrees=True, employed=False)  # type: ignore[arg-type]  # refused
    [error] = check_contribution(answer, PACK.type_ids)
    assert error.field == "paid"
    assert error.message == "Say whether you were paid, or chose not to be."


@pytest.mark.parametrize(("happened", "agrees"), [(True, True), (True, False), (False, True)])
def test_it_is_a_yes_only_where_it_happened_and_they_agree(happened: bool, agrees: bool) -> None:  # noqa: FBT001 - rows
    answer = ContributorAnswer(happened=happened, paid="paid", agrees=agrees, employed=False)
    assert says_yes(answer) is (happened and agrees)


@pytest.mark.parametrize(
    ("name", "borough", "wrong"),
    [
        ("Toxteth Elders", "liverpool", []),
        ("A" * NAME_MOST, "wirral", []),
        ("A", "wirral", []),
        ("A" * (NAME_MOST + 1), "liverpool", ["name"]),
        ("  ", "liverpool", ["name"]),
        ("Toxteth Elders", "manchester", ["borough"]),
        ("", "", ["name", "borough"]),
    ],
)
def test_a_group_has_a_name_and_is_in_the_region(name: str, borough: str, wrong: list[str]) -> None:
    assert fields(check_group(GroupRegistration(name, borough, 12), PACK)) == wrong


def test_each_mistake_in_a_registration_has_its_sentence() -> None:
    assert [error.message for error in check_group(GroupRegistration("", "", 0), PACK)] == [
        "Enter the group's name, in 200 characters or fewer.",
        "Choose a borough from the list.",
        f"Enter a number of people from 1 to {PEOPLE_MOST}.",
    ]


def test_a_code_is_known_however_it_is_typed_and_no_other_code_is() -> None:
    kept = hash_token("0123-4567-89ab-1111-0000")
    assert hash_token(" O1 23-4567-89AB-IlIl-oOo0 ") == kept
    assert hash_token("0123456789ab11110001") != kept
    assert len(kept) == 64
