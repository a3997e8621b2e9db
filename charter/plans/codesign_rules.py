"""Rules 11 and 11a: co-design is confirmed by the people in it, and asking has limits.

Pure. Nobody's name appears here: a contributor is a one-use link, a group is a group.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args
from uuid import UUID

from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack

Paid = Literal["paid", "declined", "unpaid"]
"""Whether somebody who took part was paid, or freely chose not to be."""

PAID: tuple[str, ...] = get_args(Paid)
TOKEN_LENGTH = 20
"""Characters of a contributor's code: 100 bits."""

CONTRIBUTORS_MOST = 200
HOURS_MOST = Decimal(1_000)
PAY_MOST_PENCE = 10_000_000
NAME_MOST = 200
REFUSAL_MOST = 1_000
PURPOSE_MOST = 2_000


class LinkNotUsable(RuleViolation):
    """The link is unknown, used, or too old. Which of them is not said."""

    code = "link-not-usable"
    rule = 11


class AlreadyConfirmed(RuleViolation):
    """The group has answered about this session."""

    code = "already-confirmed"
    rule = 11


class NotThisGroup(RuleViolation):
    """The session was held with another group, or with none."""

    code = "not-this-group"
    rule = 11


class NoAgreement(RuleViolation):
    """There is no agreement to withdraw."""

    code = "no-agreement"
    rule = 11


class GroupNotChecked(RuleViolation):
    """A steward has not yet checked the group."""

    code = "group-not-checked"
    rule = 11


class DoorClosed(RuleViolation):
    """The group takes no requests for now."""

    code = "door-closed"
    rule = 11


class AskedOften(RuleViolation):
    """The group has been asked as often as may be this quarter, by all signatories together."""

    code = "asked-often"
    rule = 24


class RequestAnswered(RuleViolation):
    """The request was answered, or has lapsed."""

    code = "request-answered"
    rule = 11


class GroupChecked(RuleViolation):
    """The steward's check of the group was done before."""

    code = "group-checked"
    rule = 11


@dataclass(frozen=True, slots=True)
class SessionHeld:
    """A session as the organisation tells it. `pledges` are numbers, drafts included.

    `hours` and `pay_pence` are for all contributors together; pay of 0 says that nothing is due.
    """

    held_on: date
    hours: Decimal
    pay_pence: int
    pledges: tuple[int, ...]
    group: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """What a recorded session gives back: its number, and each contributor's code, shown once."""

    number: int
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContributorAnswer:
    """What somebody who took part says. `employed` is by the organisation that asks."""

    happened: bool
    paid: Paid
    agrees: bool
    employed: bool


@dataclass(frozen=True, slots=True)
class GroupRegistration:
    """A community group as it registers; it may be unincorporated."""

    name: str
    borough: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What a group is asked for: purpose, hours, pay and date (rule 11a)."""

    purpose: str
    hours: Decimal
    pay_pence: int
    held_on: date


def check_session(
    session: SessionHeld, known: Iterable[int], contributors: int, today: date
) -> list[FieldError]:
    """Return everything wrong with a session; `known` are the numbers of pledges not withdrawn."""
    return list(_session_errors(session, set(known), contributors, today))


def _session_errors(
    session: SessionHeld, known: set[int], contributors: int, today: date
) -> Iterator[FieldError]:
    if session.held_on > today:
        yield FieldError("held_on", "Record a session after it was held.")
    if not _are_hours(session.hours):
        yield FieldError("hours", "Enter the hours people gave, all together.")
    if not 0 <= session.pay_pence <= PAY_MOST_PENCE:
        yield FieldError("pay_pence", _AMOUNT)
    if not session.pledges or not known.issuperset(session.pledges):
        yield FieldError("pledges", "Choose the pledges that the session shaped.")
    fewest = 1 if session.group is None else 0  # a group can confirm for everyone in it
    if not fewest <= contributors <= CONTRIBUTORS_MOST:
        yield FieldError(
            "contributors",
            f"Enter how many people need a code, from {fewest} to {CONTRIBUTORS_MOST}.",
        )


def _are_hours(hours: Decimal) -> bool:
    return hours.is_finite() and 0 < hours <= HOURS_MOST


_AMOUNT = f"Enter an amount from £0 to £{PAY_MOST_PENCE // 100:,}."


def check_contribution(answer: ContributorAnswer) -> list[FieldError]:
    """Return everything wrong with a contributor's answer."""
    if answer.paid in PAID:
        return []
    return [FieldError("paid", "Say whether you were paid, or chose not to be.")]


def says_yes(answer: ContributorAnswer) -> bool:
    """Whether the answer confirms the session and agrees to its pledges."""
    return answer.happened and answer.agrees


def check_group(group: GroupRegistration, pack: FrameworkPack) -> list[FieldError]:
    """Return everything wrong with a group's registration."""
    errors = []
    if not 0 < len(group.name.strip()) <= NAME_MOST:
        errors.append(
            FieldError("name", f"Enter the group's name, in {NAME_MOST} characters or fewer.")
        )
    if group.borough not in {each.id for each in pack.region.boroughs}:
        errors.append(FieldError("borough", "Choose a borough from the list."))
    return errors


def check_ask(ask: Ask, today: date) -> list[FieldError]:
    """Return everything wrong with a request to take part."""
    errors = []
    if not 0 < len(ask.purpose.strip()) <= PURPOSE_MOST:
        message = f"Say what you ask the group for, in {PURPOSE_MOST} characters or fewer."
        errors.append(FieldError("purpose", message))
    if not _are_hours(ask.hours):
        errors.append(FieldError("hours", "Enter how many hours you ask for."))
    if not 0 <= ask.pay_pence <= PAY_MOST_PENCE:
        errors.append(FieldError("pay_pence", _AMOUNT))
    if ask.held_on <= today:
        errors.append(FieldError("held_on", "Enter a date that is still to come."))
    return errors


@dataclass(frozen=True, slots=True)
class Door:
    """Whether a group can be asked. `asked` counts this quarter's requests of all signatories."""

    checked_at: datetime | None
    closed_until: date | None
    asked: int


def decide_ask(door: Door, today: date, pack: FrameworkPack) -> None:
    """Raise `GroupNotChecked`, `DoorClosed` or `AskedOften` where a group cannot be asked."""
    if door.checked_at is None:
        raise GroupNotChecked("This group is not checked yet. Wait until the hub has done so.")
    if door.closed_until is not None and today <= door.closed_until:
        raise DoorClosed(
            f"This group takes no requests until {door.closed_until:%-d %B %Y}. Ask after that day."
        )
    if door.asked >= pack.numbers.caps.asks_per_group:
        raise AskedOften(
            "This group has been asked often enough this quarter, by all signatories together."
            " Ask another group, or ask again next quarter."
        )


def start_of_quarter(day: date) -> date:
    """Return the first day of the calendar quarter that `day` is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def hash_token(token: str) -> str:
    """Return what is kept of a contributor's code, however it was typed."""
    plain = "".join(token.split()).replace("-", "").lower()
    plain = plain.replace("o", "0").replace("i", "1").replace("l", "1")
    return hashlib.sha256(plain.encode()).hexdigest()
