"""Rule 15: a pledge shared by several, one of them in the lead.

Pure. The pledge is the lead's: its dates, its evidence, its result. Partners show it and its
breaches, and it is counted for none of them, so nobody meets rule 6 with another's promise.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack

PART_MOST = 1_000
"""The longest text about what a partner does, in characters."""

REASON_MOST = 1_000

OPEN = ("asked", "joined")
"""States of a partner who may still answer, or shares the pledge."""


class NotSharable(RuleViolation):
    """Only a live pledge is shared, with somebody else than its lead."""

    code = "not-sharable"
    rule = 15


class PartnerAlready(RuleViolation):
    """This partner was asked already, or shares the pledge."""

    code = "partner-already"
    rule = 15


class PartnersMost(RuleViolation):
    """The pledge has as many partners as it may have."""

    code = "partners-most"
    rule = 15


class PartnershipAnswered(RuleViolation):
    """The partner has said yes or no already, or does not share the pledge any more."""

    code = "partnership-answered"
    rule = 15


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is asked to share a pledge, and what they would do. Exactly one of the two is given."""

    part: str
    organisation: UUID | None = None
    group: UUID | None = None

    @property
    def whom(self) -> UUID | None:
        """Return the one who is asked."""
        return self.organisation or self.group


def check_invitation(invitation: Invitation) -> list[FieldError]:
    """Return everything wrong with asking a partner."""
    errors = []
    if (invitation.organisation is None) == (invitation.group is None):
        errors.append(FieldError("partner", "Choose an organisation or a community group."))
    if not 0 < len(invitation.part.strip()) <= PART_MOST:
        message = f"Say what the partner would do, in {PART_MOST} characters or fewer."
        errors.append(FieldError("part", message))
    return errors


def decide_invitation(
    invitation: Invitation, lead: UUID, known: Iterable[UUID], pack: FrameworkPack
) -> None:
    """Raise where a partner cannot be asked; `known` were asked before, or share the pledge."""
    partners = set(known)
    if invitation.whom == lead:
        raise NotSharable("You lead this pledge. Ask somebody else to share it.")
    if invitation.whom in partners:
        raise PartnerAlready("They have been asked already. Wait for their answer.")
    most = pack.numbers.pledges.partners_most
    if len(partners) >= most:
        raise PartnersMost(f"A pledge has at most {most} partners. Make another pledge for more.")


def check_reason(reason: str, *, needed: bool) -> list[FieldError]:
    """Return what is wrong with the reason of leaving. A community group need not give one."""
    if len(reason) > REASON_MOST or (needed and not reason.strip()):
        message = f"Say why, in {REASON_MOST} characters or fewer. It is published."
        return [FieldError("reason", message)]
    return []
