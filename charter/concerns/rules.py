"""Rules of concerns: what they are about, who may look, who may appeal, and what stands (rule 38).

Pure. Nobody's name is here: whoever raised a concern is known by a receipt alone.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from charter.chance import CROCKFORD
from charter.errors import FieldError, NotAllowed, RuleViolation
from charter.organisations.rules import shares_employer

ABOUT = ("promise", "conduct-of-scheme", "wrong-place", "still-up")
"""What a concern can be about. The last two are said of a badge, and are one tap."""

ONE_TAP = frozenset({"wrong-place", "still-up"})
"""Reports about a badge that need no words."""

TRIAGED = ("answered", "meeting-offered", "passed-to-panel")
"""What a steward without ties can do with a concern; a steward never decides one."""

AT_HAND = frozenset({"received", "acknowledged"})
"""States in which a concern waits for a steward."""

BY_PANEL = frozenset({"upheld", "not-upheld"})
"""Outcomes that only a panel reaches, and that may be appealed."""

RECEIPT_LENGTH = 20
"""Characters of a receipt: 100 bits, five each."""

GROUP = 5
TEXT_LENGTH = 5_000


class ConcernClosed(RuleViolation):
    """The concern was passed on or answered before."""

    code = "concern-closed"
    rule = 38


class MeetingNotWanted(RuleViolation):
    """A restorative meeting is held only where whoever raised the concern wants one."""

    code = "meeting-not-wanted"
    rule = 38


class NotOpenToAppeal(RuleViolation):
    """A decision is appealed once, within the days the pack gives, by whom it went against."""

    code = "not-open-to-appeal"
    rule = 38


class TiedToConcern(NotAllowed):
    """A steward was about to act on a concern about the body that employs them."""

    code = "tied-to-concern"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a concern, first and on appeal. Nothing is decided where an instant is None.

    `appealed` says that an appeal was made, whether or not it is decided.
    """

    outcome: str
    decided_at: datetime | None
    appealed: bool = False
    appeal_outcome: str = ""
    appeal_decided_at: datetime | None = None

    def outcome_at(self, instant: datetime) -> str:
        """Return what stood decided at an instant: the appeal over the first, else nothing."""
        if self.appeal_decided_at is not None and self.appeal_decided_at <= instant:
            return self.appeal_outcome
        if self.decided_at is not None and self.decided_at <= instant:
            return self.outcome
        return ""


def check_concern(
    about: str, text: str, speaks_of: Collection[str], known: Collection[str]
) -> list[FieldError]:
    """Return everything wrong with a concern, by field; `known` are the pack's content notes."""
    errors = []
    if not set(known).issuperset(speaks_of):
        errors.append(FieldError("speaks_of", "Choose what it speaks of from the list."))
    if about not in ABOUT:
        errors.append(FieldError("about", "Choose what it is about."))
    if about not in ONE_TAP and not text.strip():
        errors.append(FieldError("text", "Tell us what happened."))
    return errors + _check_length("text", text)


def check_types(types: Collection[str], known: Collection[str]) -> list[FieldError]:
    """Return what is wrong with the types of racism that a concern names; it need name none."""
    if set(known).issuperset(types):
        return []
    return [FieldError("types", "Choose types from the list, or leave all empty.")]


def check_words(field: str, text: str, asked: str) -> list[FieldError]:
    """Return what is wrong with words that must be given; `asked` says what to write."""
    if not text.strip():
        return [FieldError(field, asked)]
    return _check_length(field, text)


def _check_length(field: str, text: str) -> list[FieldError]:
    if len(text) <= TEXT_LENGTH:
        return []
    return [FieldError(field, f"Write up to {TEXT_LENGTH} characters.")]


def bodies_concerned(about: str, organisation: str | None, hub: str) -> tuple[str, ...]:
    """Return the domains of the bodies a concern is about; the hub's own where it is the scheme."""
    bodies = [organisation] if organisation else []
    if about == "conduct-of-scheme":
        bodies.append(hub)
    return tuple(bodies)


def is_about_hub(about: str, organisation: str | None, hub: str) -> bool:
    """Return whether the hub's own body is concerned: then the stewards it employs do not act."""
    return any(shares_employer(hub, body) for body in bodies_concerned(about, organisation, hub))


def refuse_tied(employer: str, bodies: tuple[str, ...]) -> None:
    """Raise `TiedToConcern` where a steward's employer is a body the concern is about."""
    if any(shares_employer(employer, body) for body in bodies):
        raise TiedToConcern(
            "This concern is about the body you work for. A steward from elsewhere acts on it."
        )


def decide_appeal(decided: Decided, *, by: str, today: date, last_day: date | None) -> None:
    """Raise `NotOpenToAppeal` unless a decision can be appealed by `by` on the day `today`.

    Whoever raised a concern appeals where it was not upheld, its organisation where it was.
    `last_day` is the last day for an appeal, None where nothing is decided.
    """
    if last_day is None or decided.outcome not in BY_PANEL:
        raise NotOpenToAppeal("A panel has not decided this. There is nothing to appeal yet.")
    against = "organisation" if decided.outcome == "upheld" else "who-raised-it"
    if by != against:
        raise NotOpenToAppeal("Only those a decision went against can appeal it.")
    if decided.appealed:
        raise NotOpenToAppeal(
            "This decision was appealed. Three other auditors have the last word."
        )
    if today > last_day:
        raise NotOpenToAppeal("The time to appeal is over. You can raise a new concern.")


def show_receipt(code: str) -> str:
    """Return a receipt in groups of five, as it is read out."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def hash_receipt(typed: str) -> str:
    """Return what is kept of a receipt: its hash, whatever dashes, spaces or case were typed."""
    folded = typed.casefold().replace("o", "0").replace("i", "1").replace("l", "1")
    plain = "".join(letter for letter in folded if letter in CROCKFORD)
    return hashlib.sha256(plain.encode()).hexdigest()
