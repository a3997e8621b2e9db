"""The lottery of rule 20: who may be drawn, and a draw that anyone with the list can repeat."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.reviews import drawing
from charter.reviews.drawing import Candidate
from tests.world import the_pack

TODAY = date(2026, 3, 2)

FREE = Candidate(
    employer_domain="a-library.example",
    ties=frozenset(),
    resting_until=None,
    ended=False,
    open_cases=0,
    cases_this_quarter=0,
    hours_this_quarter=Decimal(0),
    on_this_case=False,
)

seeds = st.binary(min_size=32, max_size=32)


def judge(candidate: Candidate) -> str | None:
    return drawing.why_not_eligible(
        candidate,
        organisation_domain="harbour-lights.example",
        today=TODAY,
        numbers=the_pack().numbers,
    )


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (FREE, None),
        (replace(FREE, employer_domain="harbour-lights.example"), "employed-there"),
        (replace(FREE, employer_domain="Box-Office.Harbour-Lights.Example"), "employed-there"),
        (replace(FREE, employer_domain="not-harbour-lights.example"), None),
        (replace(FREE, employer_domain=""), None),
        (replace(FREE, ties=frozenset({"family"})), "tie-declared"),
        (replace(FREE, resting_until=TODAY), "resting"),
        (replace(FREE, resting_until=TODAY - timedelta(days=1)), None),
        (replace(FREE, ended=True), "no-longer-an-auditor"),
        (replace(FREE, open_cases=3), "enough-open-cases"),
        (replace(FREE, open_cases=2), None),
        (replace(FREE, cases_this_quarter=8), "enough-cases-this-quarter"),
        (replace(FREE, hours_this_quarter=Decimal(21)), None),
        (replace(FREE, hours_this_quarter=Decimal("21.5")), "enough-hours-this-quarter"),
        (replace(FREE, on_this_case=True), "on-this-case-already"),
    ],
)
def test_rule_20_nobody_with_a_tie_or_enough_to_do_can_be_drawn(
    candidate: Candidate, why: str | None
) -> None:
    assert judge(candidate) == why


@given(seeds, st.integers(0, 40), st.integers(0, 5))
def test_rule_20_a_draw_is_a_choice_without_repeats_that_anyone_can_repeat(
    seed: bytes, size: int, count: int
) -> None:
    seats = list(range(size))

    drawn = drawing.draw(seed, seats, count)

    assert drawn == drawing.draw(seed, seats, count)
    assert len(drawn) == len(set(drawn)) == min(size, count)
    assert set(drawn) <= set(seats)


@given(seeds, st.integers(3, 30), st.data())
def test_rule_20_who_is_passed_over_moves_nobody_else_forward_out_of_turn(
    seed: bytes, size: int, data: st.DataObject
) -> None:
    passed_over = data.draw(st.sets(st.integers(0, size - 1), max_size=size - 1))
    order = drawing.order_of_draw(seed, size)

    drawn = drawing.draw(seed, range(size), 2, passed_over=passed_over)

    assert drawn == [place for place in order if place not in passed_over][:2]


def test_rule_20_every_place_is_drawn_about_as_often() -> None:
    counts = Counter(
        place
        for number in range(4_000)
        for place in drawing.draw(number.to_bytes(32, "big"), range(8), 2)
    )

    assert set(counts) == set(range(8))
    assert all(850 < count < 1_150 for count in counts.values())


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(max_size=20), max_size=6), st.data())
def test_rule_20_the_digest_fixes_the_list_and_its_order(
    salt: bytes, members: list[bytes], data: st.DataObject
) -> None:
    other = data.draw(st.one_of(st.permutations(members), st.lists(st.binary(max_size=20))))

    same = drawing.seal(salt, members) == drawing.seal(salt, other)

    assert same == (list(members) == list(other))


def test_two_cases_under_one_root_have_two_seeds() -> None:
    assert drawing.seed_of_case(b"root", b"one") != drawing.seed_of_case(b"root", b"two")
