"""The rules of a panel, each by its number, over facts alone."""

from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.reviews import rules
from charter.reviews.rules import FINDINGS, SCALES, VERDICTS, SealedVerdict

verdicts = st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=7)


@given(verdicts)
def test_rule_20_the_median_counts_and_never_depends_on_the_order_of_seats(said: list[str]) -> None:
    counted = rules.median(VERDICTS, said)

    assert counted == VERDICTS[median_low([VERDICTS.index(word) for word in said])]
    assert counted == rules.median(VERDICTS, list(reversed(said)))


@given(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS))
def test_rule_20_one_seat_of_three_cannot_move_what_two_agree_on(agreed: str, other: str) -> None:
    assert rules.median(VERDICTS, [agreed, other, agreed]) == agreed


@given(verdicts, st.sampled_from(VERDICTS))
def test_rule_20_a_higher_verdict_never_lowers_the_median(said: list[str], raised: str) -> None:
    lowest = min(range(len(said)), key=lambda seat: VERDICTS.index(said[seat]))
    lifted = [*said]
    lifted[lowest] = max(said[lowest], raised, key=VERDICTS.index)

    before, after = rules.median(VERDICTS, said), rules.median(VERDICTS, lifted)

    assert VERDICTS.index(after) >= VERDICTS.index(before)


def test_rule_20_not_accepted_is_lower_than_more_needed_and_that_lower_than_accepted() -> None:
    assert VERDICTS == ("not-accepted", "more-needed", "accepted")
    assert rules.median(VERDICTS, ["accepted", "not-accepted", "more-needed"]) == "more-needed"


def test_a_median_of_nothing_or_of_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        rules.median(VERDICTS, [])
    with pytest.raises(ValueError, match="not in tuple"):
        rules.median(VERDICTS, ["excellent"])


def sealed(*verdicts: str, question: str = "r") -> list[SealedVerdict]:
    return [SealedVerdict(seat, question, word) for seat, word in enumerate(verdicts, start=1)]


def test_rule_20_a_split_calls_a_third_seat_for_what_is_split_and_nothing_else() -> None:
    said = [*sealed("accepted", "more-needed"), *sealed("accepted", "accepted", question="s")]

    split = rules.unsettled_by_split(["r", "s"], said, kind="evidence", panel=2)

    assert split == ("r",)
    assert rules.questions_open_to(["r", "s"], said, kind="evidence", panel=2) == ("r",)


def test_rule_20_a_third_verdict_settles_the_split() -> None:
    said = sealed("accepted", "more-needed", "not-accepted")

    assert rules.unsettled_by_split(["r"], said, kind="evidence", panel=2) == ()
    assert rules.is_complete(["r"], said, panel=2)
    assert rules.decide_outcomes(["r"], said, kind="evidence") == {"r": "more-needed"}


def test_rule_5_two_must_agree_that_a_type_does_not_apply_and_a_split_is_a_no() -> None:
    said = sealed("yes", "no", question="systemic")

    assert rules.unsettled_by_split(["systemic"], said, kind="does-not-apply", panel=2) == ()
    assert rules.decide_outcomes(["systemic"], said, kind="does-not-apply") == {"systemic": "no"}
    assert rules.median(SCALES["does-not-apply"], ["yes", "yes"]) == "yes"


@pytest.mark.parametrize(
    ("said", "decided"),
    [(("yes", "yes", "no"), "yes"), (("no", "yes", "no"), "no"), (("yes",) * 3, "yes")],
)
def test_rule_13_a_majority_of_three_decides_about_a_date(
    said: tuple[str, ...], decided: str
) -> None:
    assert rules.median(SCALES["extension"], said) == decided


@pytest.mark.parametrize("kind", sorted(SCALES))
def test_a_seat_that_comes_before_the_panel_is_complete_answers_every_question(kind: str) -> None:
    said = [SealedVerdict(1, "a", SCALES[kind][0])]

    assert rules.questions_open_to(["a", "b"], said, kind=kind, panel=2) == ("a", "b")


def test_rule_20_a_verdict_may_change_until_the_last_of_the_panel_is_in() -> None:
    assert rules.may_still_change(decided=False, decided_seats=2, panel=2)
    assert rules.may_still_change(decided=True, decided_seats=1, panel=2)
    assert not rules.may_still_change(decided=True, decided_seats=2, panel=2)


def test_rule_21_a_report_is_sent_back_for_more_only_once() -> None:
    assert "more-needed" in rules.allowed_verdicts("evidence")
    assert "more-needed" not in rules.allowed_verdicts("evidence", sent_back_before=1)
    assert rules.allowed_verdicts("extension", sent_back_before=1) == ("no", "yes")


@pytest.mark.parametrize(
    ("verdict", "before", "final"),
    [
        ("not-accepted", 0, False),
        ("not-accepted", 1, True),
        ("more-needed", 1, False),
        ("accepted", 1, False),
    ],
)
def test_rule_21_the_second_not_accepted_is_final(
    verdict: str,
    before: int,
    final: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert rules.is_final(verdict, not_accepted_before=before, most=2) is final


findings = st.dictionaries(
    st.sampled_from(["internalised", "structural", "systemic"]), st.sampled_from(FINDINGS)
)


@given(findings, findings)
def test_rule_26_the_lower_of_two_voices_is_published_and_where_they_differ_it_shows(
    own: dict[str, str], found: dict[str, str]
) -> None:
    published, differ = rules.hear_two_voices(own, found)

    assert set(published) == set(own) | set(found)
    for name, word in published.items():
        voices = [voice[name] for voice in (own, found) if name in voice]
        assert word == min(voices, key=FINDINGS.index)
        assert (name in differ) == (len(set(voices)) > 1)


def test_rule_25_a_seat_is_called_by_its_number_on_its_own_case() -> None:
    assert rules.pseudonym(3) == "Reviewer 3"
