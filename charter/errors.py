"""The tree of refusals. Every one has a stable code and a sentence that says what to do next.

CharterError
├── RuleViolation      a rule says no                    409, or 422 where fields are named
│   ├── InvalidInput   something typed cannot be used    422
│   └── ReasonNeeded   a reason is missing               409
├── NotFound           no such thing, or not for you     404
└── NotAllowed         this person may not do this       403
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: its name as in the form, and a sentence."""

    field: str
    message: str


class CharterError(Exception):
    """Base of everything the registry refuses; `code` is stable, kebab-case, and public."""

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.errors = tuple(errors)


class RuleViolation(CharterError):
    """A rule of the charter says no. `rule` is its number in docs/rules.md."""

    code = "rule-violation"
    rule: ClassVar[int | None] = None


class InvalidInput(RuleViolation):
    """Something given cannot be used as it stands; `errors` names every field at once."""

    code = "invalid-input"


class ReasonNeeded(RuleViolation):
    """What was asked for needs a reason, and none was given."""

    code = "reason-needed"


class NotFound(CharterError):
    """There is no such thing, or it is not for the person who asks."""

    code = "not-found"


class NotAllowed(CharterError):
    """The person may not do this; the sentence says who may."""

    code = "not-allowed"
