"""Few people can be told from no figure, nor from the difference of two."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.public.suppression import is_safe, publish_measure, publish_nested

FEWEST = 5


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((20, 17, 12), [20, None, 12]),
        ((20, 15, 3), [20, 15, None]),
        ((20, 20, 0), [20, 20, 0]),
        ((4, 4, 4), [None, None, None]),
        ((9, 5, 0), [9, None, 0]),
        ((4, 0, 0), [None, 0, 0]),
        ((0, 0, 0), [0, 0, 0]),
    ],
)
def test_a_count_is_left_out_where_it_or_a_difference_is_small(
    counts: tuple[int, ...], told: list[int | None]
) -> None:
    assert publish_nested(counts, FEWEST) == told


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_no_two_counts_that_are_told_differ_by_few(counts: list[int]) -> None:
    nested = sorted(counts, reverse=True)
    told = [count for count in publish_nested(nested, FEWEST) if count is not None]
    assert all(is_safe(count, FEWEST) for count in told)
    assert all(is_safe(more - less, FEWEST) for more, less in combinations(told, 2))


def test_what_few_people_are_behind_is_not_measured() -> None:
    assert publish_measure(12.5, 4, FEWEST) is None
    assert publish_measure(12.5, 5, FEWEST) == 12.5
    assert publish_measure(0.0, 0, FEWEST) == 0.0
    assert publish_measure(None, 5, FEWEST) is None
