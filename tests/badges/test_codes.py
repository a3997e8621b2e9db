"""Badge codes: any slip of the finger is noticed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.codes import (
    MistypedCode,
    draw_badge_code,
    draw_placement_code,
    read_badge_code,
    read_placement_code,
    spaced,
)
from charter.chance import CROCKFORD, SeededChance, SystemChance

codes = st.integers(0, 2**32).map(lambda seed: draw_badge_code(SeededChance(seed)))


@given(codes)
def test_a_code_reads_as_itself_in_any_case_and_spacing(code: str) -> None:
    assert read_badge_code(code) == code
    assert read_badge_code(code.upper()) == code
    assert read_badge_code(f" {spaced(code)} ") == code


@given(codes)
def test_letters_that_look_like_digits_are_read_as_digits(code: str) -> None:
    typed = code.replace("0", "O").replace("1", "l")
    assert read_badge_code(typed) == code
    assert read_badge_code(code.replace("1", "I").replace("0", "o")) == code


@given(codes, st.integers(0, 9), st.sampled_from(CROCKFORD))
def test_any_one_wrong_character_is_noticed(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    if typed != code:
        with pytest.raises(MistypedCode):
            read_badge_code(typed)


@given(codes, st.integers(0, 9), st.integers(0, 9))
def test_any_two_exchanged_characters_are_noticed(code: str, one: int, other: int) -> None:
    characters = list(code)
    characters[one], characters[other] = characters[other], characters[one]
    typed = "".join(characters)
    if typed != code:
        with pytest.raises(MistypedCode):
            read_badge_code(typed)


@given(st.text())
def test_whatever_is_typed_is_a_code_or_is_refused(typed: str) -> None:
    with suppress(MistypedCode):
        code = read_badge_code(typed)
        assert len(code) == 10
        assert set(code) <= set(CROCKFORD)


def test_codes_do_not_repeat() -> None:
    drawn = {draw_badge_code(SystemChance()) for _ in range(2_000)}
    assert len(drawn) == 2_000


def test_a_placement_code_has_four_characters() -> None:
    code = draw_placement_code(SeededChance(7))
    assert read_placement_code(code.upper()) == code
    with pytest.raises(MistypedCode, match="must have 4"):
        read_placement_code(code + "0")
