"""Rule 11a, as pure functions: what a group may be asked for, when, and how often."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from charter.errors import FieldError
from charter.plans.ask_rules import (
    PURPOSE_MOST,
    Ask,
    Asked,
    AskedOften,
    Door,
    DoorClosed,
    check_ask,
    decide_ask,
    start_of_quarter,
)
from charter.plans.codesign_rules import PAY_MOST_PENCE, PEOPLE_MOST, GroupNotChecked
from tests.world import the_pack

PACK = the_pack()
TODAY = date(2026, 5, 20)
A_DAY = timedelta(days=1)
ASK = Ask("Read our recruitment plan with us", 1, Decimal(1), 5_000, TODAY + A_DAY)
ASKED = Asked(0, Decimal(0), "accepted")
OPEN = Door(datetime(2026, 1, 5, tzinfo=UTC), None, 40)
OFTEN_ENOUGH = (
    "This group has been asked often enough this quarter, by all signatories together."
    " Ask another group, or ask again next quarter."
)
MOST_ASKS = PACK.numbers.caps.asks_per_group


def fields(errors: Iterable[FieldError]) -> list[str]:
    return [error.field for error in errors]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"purpose": "P" * PURPOSE_MOST}, []),
        ({"purpose": "P"}, []),
        ({"pay_pence": 0}, []),
        ({"pay_pence": PAY_MOST_PENCE}, []),
        ({"purpose": "P" * (PURPOSE_MOST + 1)}, ["purpose"]),
        ({"purpose": " "}, ["purpose"]),
        ({"people": 1}, []),
        ({"people": PEOPLE_MOST}, []),
        ({"people": 0}, ["people"]),
        ({"people": PEOPLE_MOST + 1}, ["people"]),
        ({"hours": Decimal(0)}, ["hours"]),
        ({"pay_pence": -1}, ["pay_pence"]),
        ({"pay_pence": PAY_MOST_PENCE + 1}, ["pay_pence"]),
        ({"held_on": TODAY}, ["held_on"]),
    ],
)
def test_a_request_says_what_for_how_long_for_what_pay_and_for_a_day_to_come(
    changes: dict[str, object], wrong: list[str]
) -> None:
    ask = replace(ASK, **changes)  # type: ignore[arg-type]  # as each row names it
    assert fields(check_ask(ask, TODAY)) == wrong


def test_each_mistake_in_a_request_has_its_sentence() -> None:
    assert [error.message for error in check_ask(Ask("", 0, Decimal(0), -1, TODAY), TODAY)] == [
        "Say what you ask the group for, in 2000 characters or fewer.",
        "Enter how many people you ask for.",
        "Enter how many hours you ask for, all together.",
        "Enter an amount from £0 to £100,000.",
        "Enter a date that is still to come.",
    ]


@pytest.mark.parametrize(
    "door",
    [
        OPEN,
        replace(OPEN, closed_until=TODAY - A_DAY),
        replace(OPEN, asked=(ASKED,) * (MOST_ASKS - 1)),
    ],
)
def test_a_checked_group_with_an_open_door_can_be_asked(door: Door) -> None:
    decide_ask(ASK, door, TODAY, PACK)


@pytest.mark.parametrize(
    ("door", "refusal", "sentence"),
    [
        (
            replace(OPEN, checked_at=None),
            GroupNotChecked,
            "This group is not checked yet. Wait until the hub has done so.",
        ),
        (
            replace(OPEN, closed_until=TODAY),
            DoorClosed,
            "This group takes no requests until 20 May 2026. Ask after that day.",
        ),
        (
            replace(OPEN, asked=(ASKED,) * MOST_ASKS),
            AskedOften,
            OFTEN_ENOUGH,
        ),
    ],
)
def test_a_door_that_is_closed_is_respected(
    door: Door, refusal: type[Exception], sentence: str
) -> None:
    with pytest.raises(refusal) as refused:
        decide_ask(ASK, door, TODAY, PACK)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("month", range(1, 13))
def test_a_quarter_begins_in_january_april_july_or_october(month: int) -> None:
    first = {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7, 9: 7, 10: 10, 11: 10, 12: 10}
    assert start_of_quarter(date(2026, month, 28)) == date(2026, first[month], 1)
