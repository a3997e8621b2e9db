"""Rule 26: what a reflection repeats from earlier years is found, shown, and never scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.reviews.repeats import EarlierText, RepeatedPassage, find_repeats

WORDS = st.lists(st.sampled_from(["we", "met", "the", "panel", "again", "in", "June"]), max_size=40)
FEWEST = 4

OLD = "We met the staff network four times and changed how we hire. It went well."


def plain(text: str) -> str:
    return " ".join(text.casefold().split())


def test_a_passage_is_found_whatever_its_case_spaces_and_punctuation() -> None:
    now = "This year, WE MET the staff network - four times - and changed how we bake bread."

    found = find_repeats(now, [EarlierText(1, OLD)], fewest_words=FEWEST)

    assert found == (
        RepeatedPassage("WE MET the staff network - four times - and changed how we", 1),
    )


def test_a_passage_is_told_of_the_newest_year_and_once() -> None:
    found = find_repeats(OLD, [EarlierText(1, OLD), EarlierText(2, OLD)], fewest_words=FEWEST)

    assert [each.cycle for each in found] == [2]


@pytest.mark.parametrize("earlier", [(), ("Something else was said in that year entirely.",)])
def test_what_is_new_repeats_nothing(earlier: tuple[str, ...]) -> None:
    texts = [EarlierText(1, text) for text in earlier]
    assert find_repeats(OLD, texts, fewest_words=FEWEST) == ()


@given(WORDS, st.lists(WORDS, max_size=3))
def test_every_passage_stands_in_both_texts_and_is_long_enough(
    now: list[str], before: list[list[str]]
) -> None:
    text = " ".join(now)
    earlier = [EarlierText(cycle, " ".join(old)) for cycle, old in enumerate(before)]

    for found in find_repeats(text, earlier, fewest_words=FEWEST):
        assert found.passage in text
        assert plain(found.passage) in plain(earlier[found.cycle].text)
        assert len(found.passage.split()) >= FEWEST


@given(st.text(max_size=80), st.integers(1, 20))
def test_a_text_repeats_itself_wholly_or_is_too_short(text: str, fewest: int) -> None:
    found = find_repeats(text, [EarlierText(1, text)], fewest_words=fewest)

    assert len(found) <= 1
    assert find_repeats(text, [], fewest_words=fewest) == ()


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=2))
def test_anything_can_be_read(text: str, before: list[str]) -> None:
    earlier = [EarlierText(cycle, old) for cycle, old in enumerate(before)]
    passages = find_repeats(text, earlier, fewest_words=1)
    assert sum(len(each.passage) for each in passages) <= len(text)
