"""What an item and a report must say, over facts alone."""

from dataclasses import replace

import pytest

from charter.evidence import rules
from charter.evidence.rules import ItemAtHand, ItemNotReady, NewItem, NothingToShow, ReportDraft
from tests.world import the_pack

NUMBERS = the_pack().numbers.evidence

FILE = NewItem(
    kind="file", label="Minutes of May", sha256="ab" * 32, size=1_000, media_type="application/pdf"
)
LINK = NewItem(kind="link", label="Our page", body="https://harbour-lights.example/panels")


@pytest.mark.parametrize(
    ("item", "fields"),
    [
        (FILE, []),
        (LINK, []),
        (NewItem(kind="figure", label="Mixed panels", body="9 of 12"), []),
        (replace(FILE, sha256=""), ["file"]),
        (replace(FILE, size=0), ["file"]),
        (replace(FILE, size=NUMBERS.file_bytes_most), []),
        (replace(FILE, size=NUMBERS.file_bytes_most + 1), ["file"]),
        (replace(LINK, body="javascript:alert(1)"), ["body"]),
        (replace(LINK, body="https://"), ["body"]),
        (replace(LINK, body="https://[broken"), ["body"]),
        (replace(LINK, body=" "), ["body"]),
        (replace(LINK, label=""), ["label"]),
        (replace(LINK, label="x" * 201), ["label"]),
        (NewItem(kind="song", label="", body=""), ["kind", "label", "body"]),
    ],
)
def test_rule_16_an_item_is_a_file_a_link_a_figure_or_a_note(
    item: NewItem, fields: list[str]
) -> None:
    assert [error.field for error in rules.check_item(item, NUMBERS)] == fields


def test_rule_16_a_report_carries_so_many_of_a_kind_and_any_number_of_notes() -> None:
    assert rules.check_room("file", ["file"] * 39, NUMBERS) is None
    assert rules.check_room("file", ["file"] * 40, NUMBERS) == "A report can carry up to 40 files."
    assert rules.check_room("link", ["file"] * 40, NUMBERS) is None
    assert rules.check_room("note", ["note"] * 400, NUMBERS) is None


HONEST = ReportDraft("not", "We tried.", "Nobody came.", "We asked too late.", "We ask in March.")


@pytest.mark.parametrize(
    ("report", "signed", "fields"),
    [
        (ReportDraft("fully", "Done."), "", []),
        (ReportDraft("fully", " "), "", ["summary"]),
        (ReportDraft("nearly", "Done."), "", ["worked"]),
        (HONEST, "Director", []),
        (replace(HONEST, worked="partly"), "Director", []),
        (HONEST, "", ["signed_by_role"]),
        (
            ReportDraft("partly", ""),
            " ",
            ["summary", "what_did_not_work", "why", "what_changes", "signed_by_role"],
        ),
    ],
)
def test_rule_18_what_did_not_work_is_said_explained_and_signed_by_the_sponsor(
    report: ReportDraft, signed: str, fields: list[str]
) -> None:
    errors = rules.check_report(report, signed_by_role=signed)

    assert [error.field for error in errors] == fields


@pytest.mark.parametrize(
    ("states", "refusal"),
    [
        (["safe"], None),
        (["safe", "quarantined"], ItemNotReady),
        (["safe", "refused"], ItemNotReady),
        ([], NothingToShow),
    ],
)
def test_rule_17_a_report_goes_only_with_items_that_can_be_read(
    states: list[str], refusal: type[Exception] | None
) -> None:
    said = rules.refuse_items(ItemAtHand("file", state) for state in states)

    assert (None if said is None else type(said)) is refusal
