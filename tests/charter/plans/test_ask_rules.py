"""Rules 11a and 24, as pure functions: asking has limits, and each refusal says what to do next."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from charter.errors import FieldError, RuleViolation
from charter.plans.ask_rules import (
    PURPOSE_MOST,
    REASON_MOST,
    Ask,
    Asked,
    AskedOften,
    Door,
    DoorClosed,
    HoursOverCap,
    PeopleAskedOften,
    QuietNow,
    check_ask,
    check_quiet,
    days_added,
    decide_approach,
    decide_ask,
    decide_asking,
    kinds_that_wait,
    start_of_quarter,
)
from charter.plans.codesign_rules import PAY_MOST_PENCE, PEOPLE_MOST, GroupNotChecked
from tests.world import the_pack

PACK = the_pack()
CAPS = PACK.numbers.caps
TODAY = date(2026, 5, 20)
A_DAY = timedelta(days=1)
ASK = Ask("Read our recruitment plan with us", 2, Decimal(4), 5_000, TODAY + A_DAY)
OPEN = Door(datetime(2026, 1, 5, tzinfo=UTC), None, 4)
SMALL = Asked(1, Decimal(1), "declined")
NO_ROOM = "This group has no room left. Ask another group, or ask again next quarter."
ASKED_ENOUGH = (
    "This group has been asked often enough this quarter, by all signatories together."
    " Ask another group, or ask again next quarter."
)


ASKED_THRICE = "One person is asked at most 3 times in a quarter, by all signatories together. "
FEWER_HOURS = (
    "One person is asked for at most 24 hours in a quarter."
    " Ask for fewer hours, or for more people."
)
A_DAY_EACH = "One person is asked for at most 24 hours in a quarter, by all signatories together. "


def room_for(what: str) -> str:
    return (
        f"This group has room for {what} more."
        " Ask for less, ask another group, or ask again next quarter."
    )


def an_hour(state: str, hours: int) -> Asked:
    return Asked(1, Decimal(hours), state)


def fields(errors: Iterable[FieldError]) -> list[str]:
    return [error.field for error in errors]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"purpose": "P" * PURPOSE_MOST}, []),
        ({"purpose": "P"}, []),
        ({"people": 1}, []),
        ({"people": PEOPLE_MOST}, []),
        ({"pay_pence": 0}, []),
        ({"pay_pence": PAY_MOST_PENCE}, []),
        ({"purpose": "P" * (PURPOSE_MOST + 1)}, ["purpose"]),
        ({"purpose": " "}, ["purpose"]),
        ({"people": 0}, ["people"]),
        ({"people": PEOPLE_MOST + 1}, ["people"]),
        ({"hours": Decimal(0)}, ["hours"]),
        ({"pay_pence": -1}, ["pay_pence"]),
        ({"pay_pence": PAY_MOST_PENCE + 1}, ["pay_pence"]),
        ({"held_on": TODAY}, ["held_on"]),
    ],
)
def test_a_request_says_what_for_how_many_how_long_for_what_pay_and_when(
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
    ("door", "ask"),
    [
        (OPEN, ASK),
        (replace(OPEN, closed_until=TODAY - A_DAY), ASK),
        (replace(OPEN, asked=(SMALL,) * (CAPS.asks_per_group - 1)), ASK),
        (OPEN, replace(ASK, people=4)),
        (OPEN, replace(ASK, hours=Decimal(CAPS.hours_per_person * 2))),
        (replace(OPEN, people=2, asked=(Asked(2, Decimal(1), "asked"),) * 2), ASK),
        (replace(OPEN, people=1, asked=(Asked(1, Decimal(23), "lapsed"),)), replace(ASK, people=1)),
    ],
)
def test_a_checked_group_with_an_open_door_and_room_can_be_asked(door: Door, ask: Ask) -> None:
    decide_ask(ask, door, TODAY, PACK)


@pytest.mark.parametrize(
    ("door", "ask", "refusal", "sentence", "errors"),
    [
        (
            replace(OPEN, checked_at=None),
            ASK,
            GroupNotChecked,
            "This group is not checked yet. Wait until the hub has done so.",
            [],
        ),
        (
            replace(OPEN, closed_until=TODAY),
            ASK,
            DoorClosed,
            "This group takes no requests until 20 May 2026. Ask after that day.",
            [],
        ),
        (
            replace(OPEN, people=9, asked=(SMALL,) * CAPS.asks_per_group),
            ASK,
            AskedOften,
            ASKED_ENOUGH,
            [],
        ),
        (
            OPEN,
            replace(ASK, people=5),
            PeopleAskedOften,
            "This group has 4 people who can be asked. Ask for fewer people.",
            [("people", "Enter 4 or fewer.")],
        ),
        (
            replace(
                OPEN, people=2, asked=(Asked(2, Decimal(1), "lapsed"), Asked(3, Decimal(1), ""))
            ),
            ASK,
            PeopleAskedOften,
            ASKED_THRICE + room_for("1 people"),
            [],
        ),
        (
            replace(OPEN, people=2, asked=(Asked(2, Decimal(1), "declined"),) * 3),
            ASK,
            PeopleAskedOften,
            ASKED_THRICE + NO_ROOM,
            [],
        ),
        (
            OPEN,
            replace(ASK, hours=Decimal(49)),
            HoursOverCap,
            FEWER_HOURS,
            [("hours", "Enter 48 hours or fewer.")],
        ),
        (
            replace(
                OPEN, asked=(Asked(1, Decimal(60), "accepted"), Asked(1, Decimal(33), "asked"))
            ),
            ASK,
            HoursOverCap,
            A_DAY_EACH + room_for("3 hours"),
            [],
        ),
        (
            replace(OPEN, asked=(Asked(1, Decimal(96), "accepted"),)),
            ASK,
            HoursOverCap,
            A_DAY_EACH + NO_ROOM,
            [],
        ),
    ],
)
def test_who_cannot_be_asked_is_not_and_the_refusal_says_what_to_do(
    door: Door,
    ask: Ask,
    refusal: type[RuleViolation],
    sentence: str,
    errors: list[tuple[str, str]],
) -> None:
    with pytest.raises(refusal) as refused:
        decide_ask(ask, door, TODAY, PACK)
    assert str(refused.value) == sentence
    assert [(error.field, error.message) for error in refused.value.errors] == errors


def test_an_approach_of_any_kind_respects_the_door() -> None:
    decide_approach(OPEN, TODAY)
    with pytest.raises(DoorClosed):
        decide_approach(replace(OPEN, closed_until=TODAY), TODAY)


@pytest.mark.parametrize(
    ("reason", "days", "wrong"),
    [
        ("An attack on a mosque", 0, []),
        ("R" * REASON_MOST, 28, []),
        ("R", 28, []),
        ("R" * (REASON_MOST + 1), 28, ["reason"]),
        (" ", 0, ["reason"]),
        ("An attack", -1, ["until"]),
        ("An attack", 29, ["until"]),
        ("", 29, ["reason", "until"]),
    ],
)
def test_a_quiet_period_has_a_reason_and_an_end_within_four_weeks(
    reason: str, days: int, wrong: list[str]
) -> None:
    assert fields(check_quiet(reason, TODAY + timedelta(days=days), TODAY, PACK)) == wrong


def test_what_is_wrong_with_a_quiet_period_is_said() -> None:
    assert [error.message for error in check_quiet("", TODAY - A_DAY, TODAY, PACK)] == [
        "Say why, in 1000 characters or fewer. It is published.",
        "Enter a day from today to 17 June 2026.",
    ]


def test_in_a_quiet_period_nobody_is_asked_for_anything() -> None:
    decide_asking(None)
    with pytest.raises(QuietNow) as refused:
        decide_asking(TODAY)
    assert str(refused.value) == (
        "This is a quiet period until 20 May 2026: nobody is asked for anything."
        " What you owe because of it waits, too. Ask after that day."
    )


def test_what_waits_on_communities_waits_for_each_day_of_quiet() -> None:
    assert days_added(TODAY, TODAY) == 1
    assert days_added(TODAY, TODAY + 6 * A_DAY) == 7
    waiting = {row.kind for row in PACK.obligations if row.asks_communities}
    assert kinds_that_wait(PACK) == waiting != set()


@pytest.mark.parametrize("month", range(1, 13))
def test_a_quarter_begins_in_january_april_july_or_october(month: int) -> None:
    first = {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7, 9: 7, 10: 10, 11: 10, 12: 10}
    assert start_of_quarter(date(2026, month, 28)) == date(2026, first[month], 1)
