"""Rules 1 and 36: who may be asked to take a part, for how long, and what leaving leaves open.

Pure. A part is taken by accepting it; nobody is given one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.organisations.rules import ROLES, SPONSOR_ROLE_MOST, decide_people

NEEDED_ROLES = ("lead", "sponsor")
"""Parts that must not stand empty: where one does, the hub has to find who takes it over."""


class AlreadyMember(RuleViolation):
    """The person holds that part in the organisation, or has been asked to."""

    code = "already-member"
    rule = 1


class TooManyAddresses(RuleViolation):
    """The organisation would have more people to write to than the pack allows."""

    code = "too-many-addresses"
    rule = 36


class InvitationClosed(RuleViolation):
    """The invitation has been answered, withdrawn, or has run out."""

    code = "invitation-closed"
    rule = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part somebody holds, or is asked to take."""

    account: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invitation asks: the part, the sponsor's office, the days of a delegate's cover."""

    role: str
    sponsor_role: str = ""
    covers_from: date | None = None
    covers_until: date | None = None


def check_asked(asked: Asked, today: date) -> list[FieldError]:
    """Return everything wrong with what an invitation asks, under the names of its fields."""
    errors = []
    if asked.role not in ROLES:
        errors.append(FieldError("role", f"Choose one of {', '.join(ROLES)}."))
    if asked.role == "sponsor" and not 0 < len(asked.sponsor_role.strip()) <= SPONSOR_ROLE_MOST:
        sentence = "Enter the sponsor's role in a few words, such as Chief Executive."
        errors.append(FieldError("sponsor_role", sentence))
    if asked.role != "delegate" and (asked.covers_from or asked.covers_until):
        errors.append(FieldError("covers_until", "Only a delegate covers for a stretch of days."))
    first, last = asked.covers_from or today, asked.covers_until
    if last is not None and last < max(first, today):
        sentence = "The last day of the cover must not be over, nor before its first day."
        errors.append(FieldError("covers_until", sentence))
    if asked.covers_from is not None and last is None:
        errors.append(FieldError("covers_until", "Enter the last day of the cover, too."))
    return errors


def decide_invitation(
    account: UUID, asked: Asked, parts: Collection[Part], band: str, pack: FrameworkPack
) -> None:
    """Raise where a person cannot be asked. `parts` are those held and those asked for.

    Raises `AlreadyMember`, `TooManyAddresses` and `OnePersonTwoRoles`.
    """
    if Part(account, asked.role) in parts:
        raise AlreadyMember(f"This person is {asked.role} here already, or has been asked to be.")
    decide_addresses(account, asked.role, parts, pack)
    decide_people(band, one_person=is_one_person(account, asked.role, parts), pack=pack)


def decide_addresses(
    account: UUID, role: str, parts: Collection[Part], pack: FrameworkPack
) -> None:
    """Raise `TooManyAddresses` where one more person would be written to than is allowed.

    A new sponsor stands in place of the old one, and so does not count beside them (rule 36).
    """
    most = pack.numbers.mail.addresses_per_organisation
    staying = {each.account for each in parts if (role, each.role) != ("sponsor", "sponsor")}
    if len(staying | {account}) > most:
        raise TooManyAddresses(
            f"At most {most} people of one organisation are written to. End somebody's part first,"
            " or take an invitation back."
        )


def is_one_person(account: UUID, role: str, parts: Collection[Part]) -> bool:
    """Say whether a person would be both lead and sponsor."""
    other = {"lead": "sponsor", "sponsor": "lead"}.get(role)
    return other is not None and Part(account, other) in parts


def decide_answer(answer: str, expires_on: date, today: date) -> None:
    """Raise `InvitationClosed` where an invitation can no longer be answered."""
    if answer:
        raise InvitationClosed("This invitation has been answered or taken back.")
    if today > expires_on:
        raise InvitationClosed("This invitation has run out. Ask to be invited again.")


def last_day_to_answer(today: date, pack: FrameworkPack) -> date:
    """Return the last day on which an invitation sent today can be answered."""
    return today + timedelta(days=pack.numbers.signing.invitation_days)


def begins_later(covers_from: date | None, today: date) -> bool:
    """Say whether an accepted cover begins on a day to come."""
    return covers_from is not None and covers_from > today


def empty_roles(roles: Collection[str]) -> tuple[str, ...]:
    """Return the parts that must not stand empty and do, of the `roles` that are held."""
    return tuple(role for role in NEEDED_ROLES if role not in roles)


def decide_successor(successor: UUID | None, leaver: UUID, parts: Collection[Part]) -> None:
    """Raise `InvalidInput` unless whoever takes over is one of the others of the organisation."""
    if successor is None:
        return
    if successor == leaver or successor not in {each.account for each in parts}:
        sentence = "Choose one of your people to take over, or nobody."
        raise InvalidInput(sentence, errors=[FieldError("successor", sentence)])
