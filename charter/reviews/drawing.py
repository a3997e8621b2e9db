"""Who may sit on a panel, and who is drawn: pure, and repeatable by anyone with the sealed list.

The order of a draw follows from a seed nobody knew when the list was sealed (rule 20).
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from charter.framework.numbers import Numbers

Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of an auditor when a panel is to be drawn."""

    employer_domain: str
    ties: frozenset[str]
    """Ties to the organisation, declared and not yet past."""
    resting_until: date | None
    ended: bool
    open_cases: int
    cases_this_quarter: int
    hours_this_quarter: Decimal
    """Hours given on decided and handed-back cases, and those that open cases may take."""
    on_this_case: bool


def why_not_eligible(
    candidate: Candidate, *, organisation_domain: str | None, today: date, numbers: Numbers
) -> str | None:
    """Return why an auditor cannot be drawn for a case, or None where they can.

    Hours are pooled over all signatories: a case that would go beyond them is not offered.
    """
    caps = numbers.caps
    hours = candidate.hours_this_quarter + numbers.pay.case_hours
    resting = candidate.resting_until is not None and today <= candidate.resting_until
    refusals = (
        ("no-longer-an-auditor", candidate.ended),
        ("on-this-case-already", candidate.on_this_case),
        ("employed-there", shares_domain(candidate.employer_domain, organisation_domain)),
        ("tie-declared", bool(candidate.ties)),
        ("resting", resting),
        ("enough-open-cases", candidate.open_cases >= caps.open_cases_per_auditor),
        ("enough-cases-this-quarter", candidate.cases_this_quarter >= caps.cases_per_auditor),
        ("enough-hours-this-quarter", hours > caps.hours_per_auditor),
    )
    return next((why for why, holds in refusals if holds), None)


def shares_domain(employer: str, organisation: str | None) -> bool:
    """Return whether the two domains are one, or one lies inside the other."""
    if not employer or not organisation:
        return False
    mine, theirs = employer.casefold().strip("."), organisation.casefold().strip(".")
    return mine == theirs or mine.endswith(f".{theirs}") or theirs.endswith(f".{mine}")


def seal(salt: bytes, members: Sequence[bytes]) -> bytes:
    """Return the salted digest of an ordered list: published before the seed of its draw is known.

    Each member is hashed with its length, so that no two lists share an encoding.
    """
    digest = hashlib.sha256(salt)
    for member in members:
        digest.update(len(member).to_bytes(4, "big") + member)
    return digest.digest()


def seed_of_case(root: bytes, digest: bytes) -> bytes:
    """Return the seed of one case's draw, so that two draws under one root do not move together."""
    return hashlib.sha256(root + digest).digest()


def order_of_draw(seed: bytes, size: int) -> list[int]:
    """Return every position of a list of `size` members in the order the seed draws them."""
    return sorted(
        range(size), key=lambda place: hashlib.sha256(seed + place.to_bytes(4, "big")).digest()
    )


def draw(
    seed: bytes, ordered: Sequence[Member], count: int, *, passed_over: Collection[int] = ()
) -> list[int]:
    """Return the positions in `ordered` of the first `count` members that the seed draws.

    `passed_over` are positions that became ineligible after the list was sealed. Fewer are
    returned where the list is too short.
    """
    places = [
        place for place in order_of_draw(seed, len(ordered)) if place not in frozenset(passed_over)
    ]
    return places[:count]
