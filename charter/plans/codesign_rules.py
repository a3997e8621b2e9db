"""Rule 11: co-design is confirmed by the people in it.

Pure. Nobody's name appears here: a contributor is a one-use link, a group is a group. What may
be asked of them, and when, is in `ask_rules`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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
PEOPLE_MOST = 10_000
REFUSAL_MOST = 1_000


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


class GroupChecked(RuleViolation):
    """The steward's check of the group was done before."""

    code = "group-checked"
    rule = 11


@dataclass(frozen=True, slots=True)
class SessionHeld:
    """A session as the organisation tells it: what it shaped, pledges or answers or both.

    `pledges` are numbers, drafts included; `types` those whose answers were given with the people
    in it. `hours` and `pay_pence` are for all contributors together; pay of 0 says that nothing is
    due.
    """

    held_on: date
    hours: Decimal
    pay_pence: int
    pledges: tuple[int, ...]
    types: tuple[str, ...] = ()
    group: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """What a recorded session gives back: its number, and each contributor's code, shown once."""

    number: int
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContributorAnswer:
    """What somebody who took part says. `employed` is by the organisation that asks.

    `places` say in which order they would take up the five types, 1 for what comes first.
    """

    happened: bool
    paid: Paid
    agrees: bool
    employed: bool
    places: tuple[tuple[str, int], ...] = ()

    @property
    def order(self) -> list[str]:
        """Return the types as somebody would take them up, the first one first."""
        return [name for name, _ in sorted(self.places, key=lambda given: given[1])]


@dataclass(frozen=True, slots=True)
class GroupRegistration:
    """A community group as it registers; it may be unincorporated.

    `people` is how many of them can be asked to take part in something.
    """

    name: str
    borough: str
    people: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a session can have shaped: pledges not withdrawn, by number, and types answered."""

    pledges: frozenset[int]
    types: frozenset[str]


def check_session(
    session: SessionHeld, known: Known, contributors: int, today: date
) -> list[FieldError]:
    """Return everything wrong with a session."""
    return list(_session_errors(session, known, contributors, today))


def _session_errors(
    session: SessionHeld, known: Known, contributors: int, today: date
) -> Iterator[FieldError]:
    if session.held_on > today:
        yield FieldError("held_on", "Record a session after it was held.")
    if not are_hours(session.hours):
        yield FieldError("hours", "Enter the hours people gave, all together.")
    if not 0 <= session.pay_pence <= PAY_MOST_PENCE:
        yield FieldError("pay_pence", AMOUNT)
    shaped = (*session.pledges, *session.types)
    if not shaped or not known.pledges.issuperset(session.pledges):
        yield FieldError("pledges", "Choose the pledges or answers that the session shaped.")
    if not known.types.issuperset(session.types):
        yield FieldError("types", "Choose types that you have answered.")
    fewest = 1 if session.group is None else 0  # a group can confirm for everyone in it
    if not fewest <= contributors <= CONTRIBUTORS_MOST:
        yield FieldError(
            "contributors",
            f"Enter how many people need a code, from {fewest} to {CONTRIBUTORS_MOST}.",
        )


def are_hours(hours: Decimal) -> bool:
    """Whether a number can be hours that people gave or are asked for."""
    return hours.is_finite() and 0 < hours <= HOURS_MOST


AMOUNT = f"Enter an amount from £0 to £{PAY_MOST_PENCE // 100:,}."


def check_contribution(answer: ContributorAnswer, type_ids: Sequence[str]) -> list[FieldError]:
    """Return everything wrong with a contributor's answer; `type_ids` are the five types."""
    errors = []
    if answer.paid not in PAID:
        errors.append(FieldError("paid", "Say whether you were paid, or chose not to be."))
    places = sorted(place for _, place in answer.places)
    whole = set(answer.order) == set(type_ids) and places == list(range(1, len(type_ids) + 1))
    if answer.places and not whole:
        message = f"Give each type a place of its own, 1 to {len(type_ids)}, or leave all empty."
        errors.append(FieldError("order", message))
    return errors


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
    if not 1 <= group.people <= PEOPLE_MOST:
        errors.append(FieldError("people", f"Enter a number of people from 1 to {PEOPLE_MOST}."))
    return errors


def hash_token(token: str) -> str:
    """Return what is kept of a contributor's code, however it was typed."""
    plain = "".join(token.split()).replace("-", "").lower()
    plain = plain.replace("o", "0").replace("i", "1").replace("l", "1")
    return hashlib.sha256(plain.encode()).hexdigest()
