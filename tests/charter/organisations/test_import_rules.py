"""What becomes of each row of a list, before anything is written."""

from dataclasses import replace

import pytest

from charter.errors import FieldError
from charter.organisations.import_rules import (
    JudgedRow,
    Known,
    ListedRow,
    ListHasErrors,
    decide_import,
    judge_rows,
)
from tests.charter.acting import APPLICATION
from tests.world import the_pack

NUMBER = ("GB-COH", "01234567")

HERE = Known(
    slugs=frozenset({"harbour-lights-theatre", "harbour-lights-club"}),
    name="Harbour Lights Theatre",
    town="Seaham Docks",
    identifiers=frozenset({NUMBER}),
)


def row(number: int = 2, slug: str = "", **changes: object) -> ListedRow:
    application = replace(APPLICATION, **changes)  # type: ignore[arg-type]  # as each test names it
    return ListedRow(number, slug, application)


def judge(*rows: ListedRow, known: tuple[Known, ...] = ()) -> list[JudgedRow]:
    return judge_rows(rows, known, the_pack())


def test_a_row_that_nobody_resembles_is_new_and_gets_an_address() -> None:
    (judged,) = judge(row())

    assert (judged.outcome, judged.slug) == ("new", "harbour-lights-theatre")


def test_a_row_keeps_the_address_it_names() -> None:
    (judged,) = judge(row(slug="the-lights"))

    assert judged.slug == "the-lights"


@pytest.mark.parametrize(
    "listed",
    [
        row(name="Another Name"),
        row(slug="harbour-lights-club"),
        row(slug="harbour-lights-club", identifiers=()),
        row(identifiers=()),
        row(slug="never-used"),
    ],
)
def test_a_number_an_old_address_or_the_very_same_name_says_it_is_here(listed: ListedRow) -> None:
    (judged,) = judge(listed, known=(HERE,))

    assert judged.outcome == "here-already"
    assert judged.slug in HERE.slugs


def test_a_name_alone_merges_nothing_and_is_only_pointed_out() -> None:
    (judged,) = judge(row(identifiers=(("GB-COH", "76543210"),)), known=(HERE,))

    assert judged.outcome == "new"
    assert judged.slug == "harbour-lights-theatre-2"
    assert judged.looks_like == ("Harbour Lights Theatre",)


@pytest.mark.parametrize(
    ("listed", "column"),
    [
        (row(slug="A slug"), "slug"),
        (row(slug="harbour-lights-club", name="Tideway", identifiers=()), "slug"),
        (row(slug="tideway"), "slug"),
        (row(identifiers=(NUMBER, ("GB-CHC", "1234567"))), "identifiers"),
        (row(band="huge"), "size"),
        (row(town=""), "town"),
        (row(identifiers=(("GB-COH", "1"),)), "identifiers"),
    ],
)
def test_a_wrong_row_names_its_column(listed: ListedRow, column: str) -> None:
    tideway = Known(frozenset({"tideway"}), "Tideway", "Quay", frozenset({("GB-CHC", "1234567")}))

    (judged,) = judge(listed, known=(HERE, tideway))

    assert judged.outcome == "wrong"
    assert [error.field for error in judged.errors] == [column]


def test_two_rows_about_one_organisation_are_told_apart_by_their_numbers() -> None:
    first, second = judge(row(2), row(3, name="The same number"))

    assert first.outcome == "new"
    assert second.errors == (
        FieldError("name", "This is the same organisation as row 2. Leave one of them out."),
    )


def test_two_rows_with_one_name_and_numbers_of_their_own_get_two_addresses() -> None:
    first, second = judge(row(2), row(3, identifiers=(("GB-COH", "76543210"),)))

    assert [first.slug, second.slug] == ["harbour-lights-theatre", "harbour-lights-theatre-2"]


def test_a_list_with_a_wrong_row_is_not_taken_in_at_all() -> None:
    judged = judge(row(2), row(3, town="", identifiers=()), row(9, sector="fishing"))

    with pytest.raises(ListHasErrors, match=r"3, 9\."):
        decide_import(judged)


def test_only_new_rows_are_written() -> None:
    judged = judge(row(2), row(3, name="Tideway", identifiers=()), known=(HERE,))

    assert [each.row.number for each in decide_import(judged)] == [3]
