"""What becomes of a list of existing signatories: row by row, before anything is written (rule 2).

Pure. A row is new, here already, or wrong; only identifiers and addresses say that two are one.
Being listed proves nothing: who arrives by a list still proves who it is and signs (rule 1).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from charter.errors import FieldError, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.organisations.rules import (
    Application,
    check_application,
    choose_slug,
    normalise_identifier,
    plain_name,
)

Outcome = Literal["new", "here-already", "wrong"]
"""What becomes of a row."""

_COLUMNS = {"band": "size"}
"""Columns whose name in the list differs from that of the fact."""

_SLUG = re.compile(r"[a-z0-9-]{2,80}")


class ListHasErrors(RuleViolation):
    """A list with a wrong row is not taken in at all."""

    code = "list-has-errors"
    rule = 2


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the list: its number as a spreadsheet counts, and what it says.

    `slug` is the address it asks for, where it asks for one. `errors` are those already found
    in reading it, by column.
    """

    number: int
    slug: str
    application: Application
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the register, or of an earlier row, whose number is then `row`."""

    slugs: frozenset[str]
    name: str
    town: str
    identifiers: frozenset[tuple[str, str]]
    row: int | None = None

    @property
    def slug(self) -> str:
        """One address of it: the only one, unless it was renamed."""
        return min(self.slugs)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row and what becomes of it. `slug` is the address it has or will get.

    `looks_like` names organisations with a name like this one: a hint, never a decision.
    """

    row: ListedRow
    outcome: Outcome
    slug: str = ""
    errors: tuple[FieldError, ...] = ()
    looks_like: tuple[str, ...] = ()


@dataclass(slots=True)
class _Register:
    """The organisations known so far, found by what tells one from another."""

    by_slug: dict[str, Known] = field(default_factory=dict)
    by_identifier: dict[tuple[str, str], Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)

    def add(self, known: Known) -> None:
        self.by_slug.update(dict.fromkeys(known.slugs, known))
        self.by_identifier.update(dict.fromkeys(known.identifiers, known))
        self.by_name.setdefault(plain_name(known.name), []).append(known)


def judge_rows(
    rows: Sequence[ListedRow], known: Sequence[Known], pack: FrameworkPack
) -> list[JudgedRow]:
    """Return what becomes of each row, in order; a row is judged beside those before it, too."""
    register = _Register()
    for each in known:
        register.add(each)
    judged = []
    for row in rows:
        verdict = _judge(row, register, pack)
        if verdict.outcome == "new":
            register.add(_as_known(verdict))
        judged.append(verdict)
    return judged


def decide_import(judged: Sequence[JudgedRow]) -> list[JudgedRow]:
    """Return the rows to be written. Raises `ListHasErrors` while any row is wrong."""
    wrong = [str(each.row.number) for each in judged if each.outcome == "wrong"]
    if wrong:
        raise ListHasErrors(
            f"Nothing was imported. Put right the rows that are wrong, then import again:"
            f" {', '.join(wrong)}."
        )
    return [each for each in judged if each.outcome == "new"]


def _judge(row: ListedRow, register: _Register, pack: FrameworkPack) -> JudgedRow:
    errors = tuple(_mistakes(row, pack)) or tuple(_contradictions(row, register))
    if errors:
        return JudgedRow(row, "wrong", errors=errors)
    same = _same(row, register)
    if same is not None:
        return JudgedRow(row, "here-already", slug=same.slug)
    alike = register.by_name.get(plain_name(row.application.name), [])
    return JudgedRow(
        row,
        "new",
        slug=row.slug or choose_slug(row.application.name, register.by_slug),
        looks_like=tuple(sorted(each.name for each in alike)),
    )


def _mistakes(row: ListedRow, pack: FrameworkPack) -> Iterator[FieldError]:
    """Yield what is wrong with a row whatever else is in the register."""
    yield from row.errors
    yield from (
        FieldError(_column_of(error.field), error.message)
        for error in check_application(row.application, pack)
    )
    if row.slug and not _SLUG.fullmatch(row.slug):
        yield FieldError("slug", "Use a-z, 0-9 and hyphens, 2 to 80 characters.")


def _column_of(field: str) -> str:
    """Return the column in which a fact stands: one for all numbers of a row."""
    name = field.partition("[")[0]
    return _COLUMNS.get(name, name)


def _contradictions(row: ListedRow, register: _Register) -> Iterator[FieldError]:
    """Yield where the address and the numbers of a row do not mean one organisation, once."""
    by_numbers = _by_identifiers(row, register)
    same = _same(row, register)
    if same is not None and same.row is not None:
        sentence = f"This is the same organisation as row {same.row}. Leave one of them out."
        yield FieldError("name", sentence)
    if len(by_numbers) > 1:
        yield FieldError("identifiers", "These numbers belong to different organisations here.")
        return
    at_address = register.by_slug.get(row.slug)
    if at_address is None:
        return
    if by_numbers and by_numbers[0] is not at_address:
        yield FieldError("slug", "This address belongs to another organisation than the number.")
    elif not by_numbers and not _is_named(row, at_address):
        yield FieldError("slug", f"This address is that of {at_address.name}. Leave it empty.")


def _same(row: ListedRow, register: _Register) -> Known | None:
    """Return the organisation that a row means, by number, by address, or by being its double.

    Only a row with neither number nor address is compared by name, and only letter for letter
    with its town: such a row is left out, never merged.
    """
    by_numbers = _by_identifiers(row, register)
    if by_numbers:
        return by_numbers[0]
    if row.slug or row.application.identifiers:
        return register.by_slug.get(row.slug)
    alike = register.by_name.get(plain_name(row.application.name), [])
    return next((each for each in alike if _is_named(row, each)), None)


def _by_identifiers(row: ListedRow, register: _Register) -> list[Known]:
    found = {
        id(known): known
        for pair in _pairs(row.application)
        if (known := register.by_identifier.get(pair))
    }
    return list(found.values())


def _is_named(row: ListedRow, known: Known) -> bool:
    return (row.application.name, row.application.town) == (known.name, known.town)


def _pairs(application: Application) -> list[tuple[str, str]]:
    return [(scheme, normalise_identifier(number)) for scheme, number in application.identifiers]


def _as_known(judged: JudgedRow) -> Known:
    application = judged.row.application
    return Known(
        slugs=frozenset({judged.slug}),
        name=application.name,
        town=application.town,
        identifiers=frozenset(_pairs(application)),
        row=judged.row.number,
    )
