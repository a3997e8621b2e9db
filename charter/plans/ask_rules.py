"""Rules 11a and 24: asking communities to take part has limits, and sometimes stops altogether.

Pure. A request is counted against the group it goes to, whoever of the signatories sends it. Who
in a group gives the hours is nobody's business, so what one person can be asked for is counted as
a share: a group of four can be asked for four times what one person can.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from charter.errors import FieldError, RuleViolation
from charter.framework.numbers import CapNumbers
from charter.framework.pack import FrameworkPack
from charter.plans.codesign_rules import (
    AMOUNT,
    PAY_MOST_PENCE,
    PEOPLE_MOST,
    GroupNotChecked,
    are_hours,
)

PURPOSE_MOST = 2_000
REASON_MOST = 1_000
"""The longest reason of a quiet period, in characters."""

GIVEN = frozenset({"asked", "accepted"})
"""States of a request whose hours are or may be given; a declined one costs nobody an hour."""


class DoorClosed(RuleViolation):
    """The group takes no requests for now."""

    code = "door-closed"
    rule = 11


class QuietNow(RuleViolation):
    """A quiet period stops every request to take part."""

    code = "quiet-period"
    rule = 11


class QuietAlready(RuleViolation):
    """A quiet period is in force; it can be ended, and another opened after it."""

    code = "quiet-period-open"
    rule = 11


class AskedOften(RuleViolation):
    """The group has been asked as often as may be this quarter, by all signatories together."""

    code = "asked-often"
    rule = 24


class PeopleAskedOften(RuleViolation):
    """The people of the group have been asked as often as may be this quarter."""

    code = "people-asked-often"
    rule = 24


class HoursOverCap(RuleViolation):
    """The request asks for more hours than people may be asked for in a quarter."""

    code = "hours-over-cap"
    rule = 24


class RequestAnswered(RuleViolation):
    """The request was answered, or has lapsed."""

    code = "request-answered"
    rule = 11


@dataclass(frozen=True, slots=True)
class Ask:
    """What a group is asked for: purpose, people, hours, pay and date (rule 11a).

    `hours` and `pay_pence` are for all the people asked together.
    """

    purpose: str
    people: int
    hours: Decimal
    pay_pence: int
    held_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A request sent to the group before, in the same quarter, by any signatory."""

    people: int
    hours: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class Door:
    """Whether a group can be asked: its check, its door, its people, what it was asked before."""

    checked_at: datetime | None
    closed_until: date | None
    people: int
    asked: tuple[Asked, ...] = ()


def check_ask(ask: Ask, today: date) -> list[FieldError]:
    """Return everything wrong with a request to take part."""
    checks = (
        (
            "purpose",
            0 < len(ask.purpose.strip()) <= PURPOSE_MOST,
            f"Say what you ask the group for, in {PURPOSE_MOST} characters or fewer.",
        ),
        ("people", 1 <= ask.people <= PEOPLE_MOST, "Enter how many people you ask for."),
        ("hours", are_hours(ask.hours), "Enter how many hours you ask for, all together."),
        ("pay_pence", 0 <= ask.pay_pence <= PAY_MOST_PENCE, AMOUNT),
        ("held_on", ask.held_on > today, "Enter a date that is still to come."),
    )
    return [FieldError(name, message) for name, right, message in checks if not right]


def decide_ask(ask: Ask, door: Door, today: date, pack: FrameworkPack) -> None:
    """Raise where a group cannot be asked for this.

    Raises `GroupNotChecked`, `DoorClosed`, `AskedOften`, `PeopleAskedOften` and `HoursOverCap`.
    """
    decide_approach(door, today)
    caps = pack.numbers.caps
    if len(door.asked) >= caps.asks_per_group:
        raise AskedOften(
            "This group has been asked often enough this quarter, by all signatories together."
            " Ask another group, or ask again next quarter."
        )
    _decide_people(ask, door, caps)
    _decide_hours(ask, door, caps)


def decide_approach(door: Door, today: date) -> None:
    """Raise `GroupNotChecked` or `DoorClosed` where a group cannot be asked for anything."""
    if door.checked_at is None:
        raise GroupNotChecked("This group is not checked yet. Wait until the hub has done so.")
    if door.closed_until is not None and today <= door.closed_until:
        raise DoorClosed(
            f"This group takes no requests until {door.closed_until:%-d %B %Y}. Ask after that day."
        )


def _decide_people(ask: Ask, door: Door, caps: CapNumbers) -> None:
    if ask.people > door.people:
        raise PeopleAskedOften(
            f"This group has {door.people} people who can be asked. Ask for fewer people.",
            errors=[FieldError("people", f"Enter {door.people} or fewer.")],
        )
    left = caps.asks_per_person * door.people - sum(asked.people for asked in door.asked)
    if ask.people > left:
        raise PeopleAskedOften(
            f"One person is asked at most {caps.asks_per_person} times in a quarter, by all"
            f" signatories together. {_room(left, 'people')}"
        )


def _decide_hours(ask: Ask, door: Door, caps: CapNumbers) -> None:
    each = caps.hours_per_person
    if ask.hours > each * ask.people:
        raise HoursOverCap(
            f"One person is asked for at most {each} hours in a quarter."
            " Ask for fewer hours, or for more people.",
            errors=[FieldError("hours", f"Enter {each * ask.people} hours or fewer.")],
        )
    given = sum((asked.hours for asked in door.asked if asked.state in GIVEN), Decimal(0))
    left = each * door.people - given
    if ask.hours > left:
        raise HoursOverCap(
            f"One person is asked for at most {each} hours in a quarter, by all signatories"
            f" together. {_room(left, 'hours')}"
        )


def _room(left: Decimal | int, what: str) -> str:
    if left <= 0:
        return "This group has no room left. Ask another group, or ask again next quarter."
    return (
        f"This group has room for {Decimal(left).normalize():f} {what} more."
        " Ask for less, ask another group, or ask again next quarter."
    )


def check_quiet(reason: str, until: date, today: date, pack: FrameworkPack) -> list[FieldError]:
    """Return everything wrong with a quiet period that a steward means to open."""
    most = pack.numbers.community.quiet_most_days
    last = today + timedelta(days=most)
    checks = (
        (
            "reason",
            0 < len(reason.strip()) <= REASON_MOST,
            f"Say why, in {REASON_MOST} characters or fewer. It is published.",
        ),
        ("until", today <= until <= last, f"Enter a day from today to {last:%-d %B %Y}."),
    )
    return [FieldError(name, message) for name, right, message in checks if not right]


def decide_asking(quiet_until: date | None) -> None:
    """Raise `QuietNow` during a quiet period, whose last day is given: nobody is asked then."""
    if quiet_until is not None:
        raise QuietNow(
            f"This is a quiet period until {quiet_until:%-d %B %Y}: nobody is asked for anything."
            " What you owe because of it waits, too. Ask after that day."
        )


def days_added(today: date, until: date) -> int:
    """Return by how many days a quiet period moves what waits on communities."""
    return (until - today).days + 1


def kinds_that_wait(pack: FrameworkPack) -> frozenset[str]:
    """Return the kinds of obligation that nobody can meet without asking communities."""
    return frozenset(row.kind for row in pack.obligations if row.asks_communities)


def start_of_quarter(day: date) -> date:
    """Return the first day of the calendar quarter that `day` is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
