"""What may be removed of public words, and what is read in its place (rule 40)."""

from datetime import date
from typing import Any

import pytest

from charter.errors import InvalidInput
from charter.history.erasure_rules import (
    GROUNDS,
    Mark,
    Passage,
    blanked,
    passages,
    require_passages,
    with_notes,
)

WORDS: dict[str, Any] = {
    "title": "Panels that look like the town",
    "reason": "",
    "milestones": [
        {"number": 1, "title": "Ask first", "evidence": "Minutes"},
        {"number": 2, "title": "Ask again", "evidence": "More minutes"},
    ],
}
GONE = Mark(38, date(2026, 5, 1), "personal-data")


def test_every_text_is_a_passage_and_no_number_is() -> None:
    assert [each.place for each in passages(WORDS, {})] == [
        *("title", "reason", "milestones/0/title", "milestones/0/evidence"),
        *("milestones/1/title", "milestones/1/evidence"),
    ]


def test_what_is_left_says_how_many_words_went_when_and_why() -> None:
    assert GONE.note == "[38 words removed on 1 May 2026, ground: personal data]"
    one = Mark(1, date(2026, 12, 31), "court-order")
    assert one.note == "[1 word removed on 31 December 2026, ground: court order]"


def test_words_are_counted_as_people_count_them() -> None:
    assert Passage("title", "Panels that\nlook  like the town").words == 6


def test_only_what_was_chosen_is_blanked() -> None:
    after = blanked(WORDS, ["milestones/1/title"])
    assert after["milestones"][1] == {"number": 2, "title": "", "evidence": "More minutes"}
    assert after | {"milestones": WORDS["milestones"]} == WORDS
    assert after["milestones"][0] == WORDS["milestones"][0]
    assert WORDS["milestones"][1]["title"] == "Ask again"


def test_a_note_is_read_in_the_place_of_what_went() -> None:
    read = with_notes(blanked(WORDS, ["milestones/1/title"]), {"milestones/1/title": GONE})
    assert read["milestones"][1]["title"] == GONE.note
    assert read["title"] == WORDS["title"]
    found = {each.place: each for each in passages(read, {"milestones/1/title": GONE})}
    assert found["milestones/1/title"] == Passage("milestones/1/title", GONE.note, gone=True)


@pytest.mark.parametrize("ground", GROUNDS)
def test_what_was_chosen_is_taken_once_and_in_its_order(ground: str) -> None:
    found = require_passages(passages(WORDS, {}), ["milestones/0/title", "title", "title"], ground)
    assert [each.place for each in found] == ["milestones/0/title", "title"]


@pytest.mark.parametrize(
    ("chosen", "ground", "wrong"),
    [
        ([], "personal-data", {"passages"}),
        (["title", "milestones/7/title"], "personal-data", {"passages"}),
        (["milestones/0/number"], "personal-data", {"passages"}),
        (["reason"], "personal-data", {"passages"}),
        (["title"], "we-look-bad", {"ground"}),
        (["nothing"], "", {"passages", "ground"}),
    ],
)
def test_facts_and_what_is_not_there_cannot_be_removed(
    chosen: list[str], ground: str, wrong: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        require_passages(passages(WORDS, {}), chosen, ground)
    assert {error.field for error in refusal.value.errors} == wrong


def test_what_went_before_cannot_go_again() -> None:
    with pytest.raises(InvalidInput):
        require_passages(passages(WORDS, {"title": GONE}), ["title"], "personal-data")
