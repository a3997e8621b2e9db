"""What a badge is made from: the charter's answers, who signs, and the terms of one edition.

The charter decides the answers; nothing here or below changes one.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import rfc8785
from msgspec import to_builtins

from badges.credentials.model import EndorsementCredential, ResultStatus
from charter.standing.words import Standing, TypeLevel

RESULT_STATUS: Final = MappingProxyType[Standing, ResultStatus](
    {
        Standing.PLAN_DUE: "Enrolled",
        Standing.ON_TRACK: "InProgress",
        Standing.OVERDUE: "InProgress",
        Standing.SUSPENDED: "OnHold",
        Standing.NOT_REPORTING: "Failed",
        Standing.LAPSED: "Failed",
        Standing.REMOVED: "Failed",
        Standing.WITHDRAWN: "Withdrew",
    },
)
"""Standing → the nearest of the closed list in Open Badges; the finer word goes beside it."""

TYPES: Final = 5
"""A badge always states all five types of racism: not a pick-and-mix (rule 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNumber:
    """One identifier of the organisation after org-id.guide, such as GB-CHC and 1234567.

    Where the number would name a person (a sole trader), `salt` is set and only a salted
    digest is stated.
    """

    scheme: str
    number: str
    salt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeResult:
    """How far the organisation has come on one type of racism, and in which words."""

    type: str
    name: str
    level: TypeLevel
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSummary:
    """The public summary of one report, tied to its original by `sha256` (hexadecimal)."""

    url: str
    name: str
    summary: str
    outcome: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterFacts:
    """The charter version that was signed, and the framework it follows."""

    name: str
    version: str
    summary: str
    url: str
    language: str
    framework_name: str
    framework_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFacts:
    """Everything a badge says about an organisation, as the charter answers it now.

    `next_due_on` is the next due date of the organisation's own obligations and
    `next_step_on` the day of the next step of the chase, as local days; either may be
    unknown. `endorsements` are panels' own words about it, carried as they were sealed. Two
    equal values of this class make the same badge.
    """

    code: str
    organisation: str
    town: str | None
    page_url: str
    register_numbers: tuple[RegisterNumber, ...]
    charter: CharterFacts
    signed_at: datetime
    standing: Standing
    standing_word: str
    sentence: str
    narrative: str
    levels: tuple[TypeResult, ...]
    evidence: tuple[EvidenceSummary, ...] = ()
    endorsements: tuple[EndorsementCredential, ...] = ()
    next_due_on: date | None = None
    next_step_on: date | None = None

    def __post_init__(self) -> None:
        if len(self.levels) != TYPES:
            raise ValueError(f"a badge states all {TYPES} types, not {len(self.levels)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The hub that issues and the community panel that assesses.

    `public_url` is the registry's own origin without a trailing slash; `did` belongs to it.
    """

    did: str
    name: str
    url: str
    email: str
    panel_name: str
    panel_url: str
    public_url: str

    def badge_url(self, code: str, placement: str | None = None) -> str:
        """Return the short address that QR codes hold; without a placement, the badge's id."""
        return f"{self.public_url}/b/{code}" + (f"/{placement}" if placement else "")

    def status_list_url(self, number: int) -> str:
        """Return the address of the status list `number`."""
        return f"{self.public_url}/credentials/status/{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionTerms:
    """What belongs to one edition alone: its number, its days, its place on a status list."""

    n: int
    valid_from: datetime
    valid_until: datetime
    status_list: int
    status_index: int


def facts_digest(facts: BadgeFacts, issuer: Issuer) -> str:
    """Return the hexadecimal SHA-256 of what an edition would say, whatever its terms."""
    said = {"facts": _plain(asdict(facts)), "issuer": asdict(issuer)}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, EndorsementCredential):
        return to_builtins(value)
    return value.isoformat() if isinstance(value, date) else value
