"""Rules 1, 2 and 10a: who may sign, under which identifiers, and which people it takes.

Pure: nothing here reads a clock or a table.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal, get_args
from uuid import UUID

from charter.errors import FieldError, NotAllowed, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.framework.region import IdentifierScheme

Proof = Literal["domain-mail", "dns-txt", "register", "vouched"]
"""How an organisation shows who it is (rule 1)."""

Role = Literal["lead", "member", "delegate", "sponsor"]
"""A person's part in an organisation."""

PROOFS: tuple[str, ...] = get_args(Proof)
PROOFS_AT_A_DOMAIN = frozenset({"domain-mail", "dns-txt"})
ROLES: tuple[str, ...] = get_args(Role)

SLUG_MOST = 80
TOWN_MOST = 100
NAME_MOST = 200
WEBSITE_MOST = 200
SPONSOR_ROLE_MOST = 100
IDENTIFIER_MOST = 60
_DOMAIN = re.compile(r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class AlreadyRegistered(RuleViolation):
    """Another organisation in the register carries the identifier."""

    code = "already-registered"
    rule = 2


class OnePersonTwoRoles(RuleViolation):
    """Lead and sponsor are one person in a body that is too large for that."""

    code = "one-person-two-roles"
    rule = 1


class AlreadyDecided(RuleViolation):
    """Who the organisation is was decided before."""

    code = "already-decided"
    rule = 1


class IdentityNotAccepted(RuleViolation):
    """Something that waits until the hub has accepted who an organisation is."""

    code = "identity-not-accepted"
    rule = 1


class OwnEmployer(NotAllowed):
    """A steward was about to decide on the body that employs them."""

    code = "own-employer"


class OwnRefusal(NotAllowed):
    """A steward was about to decide the appeal against their own refusal."""

    code = "own-refusal"


class NotMergeable(RuleViolation):
    """The two organisations cannot become one."""

    code = "not-mergeable"
    rule = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where an organisation is and in what part of public life it works, by tokens of the pack."""

    town: str
    sector: str
    boroughs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """What an organisation says of itself when it applies to sign.

    `identifiers` are (org-id.guide scheme, identifier) pairs; `sponsor_role` is the office that
    will sign, never a name.
    """

    name: str
    town: str
    website: str | None
    domain: str | None
    sector: str
    boroughs: tuple[str, ...]
    band: str
    identifiers: tuple[tuple[str, str], ...]
    sponsor_role: str
    proof: Proof


def normalise_identifier(identifier: str) -> str:
    """Return an identifier as registers write it: in capitals and without spaces."""
    return "".join(identifier.split()).upper()


def check_application(application: Application, pack: FrameworkPack) -> list[FieldError]:
    """Return everything wrong with an application, under the names of its fields."""
    return [
        *_check_words(application),
        *_check_choices(application, pack),
        *_check_proof(application),
    ]


def check_place(place: Place, pack: FrameworkPack) -> list[FieldError]:
    """Return everything wrong with where an organisation says it is and works."""
    return [
        *_check_length("town", place.town, TOWN_MOST, "Enter the town it is in."),
        *_check_tokens(place.sector, place.boroughs, pack),
    ]


def check_identifiers(
    identifiers: tuple[tuple[str, str], ...], pack: FrameworkPack
) -> list[FieldError]:
    """Return everything wrong with the register numbers that an organisation says it carries."""
    return list(_check_identifiers(identifiers, pack))


def _check_length(name: str, given: str, most: int, missing: str) -> Iterator[FieldError]:
    if not given.strip():
        yield FieldError(name, missing)
    elif len(given.strip()) > most:
        yield FieldError(name, f"Use {most} characters or fewer.")


def _check_tokens(
    sector: str, boroughs: tuple[str, ...], pack: FrameworkPack
) -> Iterator[FieldError]:
    known = {each.id for each in pack.region.boroughs}
    if sector not in {each.id for each in pack.region.sectors}:
        yield FieldError("sector", "Choose a sector from the list.")
    if not boroughs or not known.issuperset(boroughs):
        yield FieldError("boroughs", "Choose at least one borough from the list.")


def _check_words(application: Application) -> Iterator[FieldError]:
    asked = (
        ("name", NAME_MOST, "Enter the organisation's name."),
        ("town", TOWN_MOST, "Enter the town it is in."),
        ("sponsor_role", SPONSOR_ROLE_MOST, "Enter the sponsor's role, such as Chief Executive."),
    )
    for name, most, message in asked:
        yield from _check_length(name, getattr(application, name), most, message)
    yield from check_domain(application.website, application.domain)


def check_domain(website: str | None, domain: str | None) -> list[FieldError]:
    """Return everything wrong with where an organisation says it is on the web."""
    return list(_check_domain(website, domain))


def _check_domain(website: str | None, domain: str | None) -> Iterator[FieldError]:
    if website and not website.startswith(("https://", "http://")):
        yield FieldError("website", "Start the web address with https://.")
    elif website and len(website) > WEBSITE_MOST:
        yield FieldError("website", f"Use {WEBSITE_MOST} characters or fewer.")
    if domain and not _DOMAIN.fullmatch(domain.lower()):
        yield FieldError("domain", "Enter a domain such as example.org, without https://.")


def _check_choices(application: Application, pack: FrameworkPack) -> Iterator[FieldError]:
    yield from _check_tokens(application.sector, application.boroughs, pack)
    if application.band not in {each.id for each in pack.bands}:
        yield FieldError("band", "Choose a size from the list.")
    yield from _check_identifiers(application.identifiers, pack)


def _check_identifiers(
    identifiers: tuple[tuple[str, str], ...], pack: FrameworkPack
) -> Iterator[FieldError]:
    schemes = {each.scheme: each for each in pack.identifiers.schemes}
    for place, (scheme, identifier) in enumerate(identifiers):
        register = schemes.get(scheme)
        field = f"identifiers[{place}]"
        if register is None:
            yield FieldError(field, "Choose a register from the list.")
        elif not _is_in_form(register, identifier):
            yield FieldError(field, f"{register.name}: enter it like {register.example}.")


def _is_in_form(register: IdentifierScheme, identifier: str) -> bool:
    plain = normalise_identifier(identifier)
    return len(plain) <= IDENTIFIER_MOST and register.accepts(plain)


def _check_proof(application: Application) -> Iterator[FieldError]:
    if application.proof not in PROOFS:
        yield FieldError("proof", "Choose how you will show who you are.")
    elif application.proof in PROOFS_AT_A_DOMAIN and not application.domain:
        yield FieldError("domain", "Enter the domain that shows who you are.")
    elif application.proof == "register" and not application.identifiers:
        yield FieldError("identifiers", "Enter the register number that shows who you are.")


def may_be_one_person(band: str, pack: FrameworkPack) -> bool:
    """Whether one person may be lead and sponsor: only the smallest bodies may say so (rule 1).

    Whoever applies in this way says that the body has fewer people than the pack's number.
    """
    row = pack.band(band)
    return not row.paid_staff or row.people_under is not None


def decide_people(band: str, *, one_person: bool, pack: FrameworkPack) -> None:
    """Raise `OnePersonTwoRoles` where one person may not hold both roles."""
    if one_person and not may_be_one_person(band, pack):
        fewest = pack.numbers.signing.one_person_under_people
        raise OnePersonTwoRoles(
            f"Only in a body of fewer than {fewest} people can one person be both lead and sponsor."
            " Name a second person."
        )


def shares_employer(steward_domain: str, organisation_domain: str | None) -> bool:
    """Whether a steward's employer is the organisation, a part of it, or the body above it."""
    if not steward_domain or not organisation_domain:
        return False
    mine, theirs = steward_domain.lower().strip("."), organisation_domain.lower().strip(".")
    return mine == theirs or mine.endswith(f".{theirs}") or theirs.endswith(f".{mine}")


def decide_appeal_steward(state: str, refused_by: UUID | None, steward: UUID) -> None:
    """Raise `OwnRefusal` where a steward would hear the appeal against their own refusal."""
    if state == "appealed" and steward == refused_by:
        raise OwnRefusal("You refused this application. Another steward hears the appeal.")


def make_slug(name: str) -> str:
    """Return the address part for a name: a-z, 0-9 and hyphens, 2 to 80 characters."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore")
    slug = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower().replace("'", "")).strip("-")
    slug = slug[:SLUG_MOST].strip("-")
    return slug if len(slug) > 1 else f"organisation-{slug}".strip("-")


def choose_slug(name: str, taken: Iterable[str]) -> str:
    """Return a slug for `name` that nobody has or ever had (rule 2)."""
    used = set(taken)
    first = make_slug(name)
    if first not in used:
        return first
    numbered = (f"{first[: SLUG_MOST - 6].strip('-')}-{number}" for number in count(2))
    return next(slug for slug in numbered if slug not in used)


_NOISE = frozenset({"the", "ltd", "limited", "cic", "plc", "llp", "cio", "and", "of", "uk"})


def plain_name(name: str) -> str:
    """Return what is left of a name when look-alikes are compared; names only suggest (rule 2)."""
    return "".join(word for word in make_slug(name).split("-") if word not in _NOISE)


LOOK_ALIKE_LETTERS = 6
"""Names shorter than this look alike only when they are the same."""


def look_alike(one: str, other: str) -> bool:
    """Say whether people may take one name for the other: a hint for a steward, never a decision.

    So they may where the plain names are the same or, in longer ones, a letter was changed, left
    out, put in, or changed places with its neighbour.
    """
    shorter, longer = sorted((plain_name(one), plain_name(other)), key=len)
    if shorter == longer:
        return True
    return len(shorter) >= LOOK_ALIKE_LETTERS and _is_a_slip_away(shorter, longer)


def _is_a_slip_away(shorter: str, longer: str) -> bool:
    pairs = enumerate(zip(shorter, longer, strict=False))
    at = next((place for place, (one, other) in pairs if one != other), len(shorter))
    if len(longer) - len(shorter) == 1:
        return shorter[at:] == longer[at + 1 :]
    swapped = shorter[at + 1 : at + 2] + shorter[at : at + 1] + shorter[at + 2 :]
    changed = longer[at : at + 1] + shorter[at + 1 :]
    return len(longer) == len(shorter) and longer[at:] in {swapped, changed}
