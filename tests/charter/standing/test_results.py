"""Results, levels and reasons: what verdicts, confirmations and reviews make of promises."""

from datetime import timedelta

import pytest

from charter.standing.words import Level, Result, TypeLevel
from tests.charter.standing.story import Story
from tests.world import the_pack

TYPES = the_pack().type_ids


def result_of(story: Story, pledge: int = 1) -> Result:
    return story.answer().pledge_results[pledge]


def type_level(story: Story, type_id: str = TYPES[0]) -> TypeLevel:
    return next(row.level for row in story.answer().types if row.type == type_id)


def evidenced() -> Story:
    """Have one report accepted in each type."""
    story = Story().committed().wait(100)
    for number, type_id in enumerate(TYPES, start=1):
        story.judged(number, type_id=type_id)
    return story


@pytest.mark.parametrize(
    ("worked", "result"),
    [("fully", Result.KEPT), ("partly", Result.PARTLY_KEPT), ("not", Result.NOT_KEPT)],
)
def test_an_accepted_report_says_itself_whether_the_promise_was_kept(
    worked: str, result: Result
) -> None:
    assert result_of(Story().committed().judged(1, worked=worked)) is result


def test_the_worst_milestone_is_the_result_of_a_pledge() -> None:
    story = Story().planned().pledged(1, TYPES[0], milestones=2).judged(1)
    assert result_of(story) is Result.NOT_YET_DUE
    assert result_of(story.judged(1, milestone=2, worked="partly")) is Result.PARTLY_KEPT


def test_more_needed_decides_nothing_yet() -> None:
    assert result_of(Story().committed().judged(1, "more-needed")) is Result.NOT_YET_DUE


def test_only_a_second_refusal_fixes_not_kept() -> None:
    story = Story().planned().pledged(1, TYPES[0], milestones=2).judged(1, "not-accepted")
    assert result_of(story) is Result.NOT_YET_DUE
    assert result_of(story.judged(1, "not-accepted", final=True)) is Result.NOT_KEPT
    assert result_of(story.judged(1)) is Result.NOT_KEPT


def test_a_failure_said_openly_is_not_final_while_a_milestone_is_to_come() -> None:
    story = Story().planned().pledged(1, TYPES[0], milestones=2).judged(1, worked="not")
    assert result_of(story) is Result.NOT_YET_DUE


def test_a_pledge_whose_evidence_is_late_is_late() -> None:
    story = Story().committed().owes(due_in=10, pledge=1, milestone=1).wait(10)
    assert result_of(story) is Result.NOT_YET_DUE
    assert result_of(story.wait(1)) is Result.LATE
    assert result_of(story, 2) is Result.NOT_YET_DUE


def test_a_withdrawn_pledge_is_shown_and_no_longer_promised() -> None:
    story = Story().committed().tell("pledge-withdrawn", pledge=1, type=TYPES[0])
    answer = story.answer()
    assert answer.pledge_results[1] is Result.WITHDRAWN
    assert (answer.results.promised, answer.results.withdrawn) == (4, 1)


def test_a_pledge_taken_over_brings_its_verdicts_and_its_agreement() -> None:
    story = Story().planned().taken_over(1, TYPES[0])
    assert result_of(story) is Result.KEPT
    assert not any(reason.rule == 11 for reason in story.answer().reasons)


def test_the_sentence_tells_every_kind_of_result_in_few_words() -> None:
    story = Story().committed().judged(1).judged(2, worked="partly").judged(3, worked="not")
    story.owes(due_in=10, pledge=4, milestone=1, number=8).wait(12)
    assert story.answer().sentence == (
        "Reports on time. 1 of 5 promises kept, 1 partly kept, 1 did not work, 1 late."
    )


def test_levels_rise_from_signatory_to_reviewed() -> None:
    story = Story().signed()
    assert story.answer().level is Level.SIGNATORY
    story = Story().committed()
    assert story.answer().level is Level.COMMITTED
    story = evidenced()
    assert story.answer().level is Level.EVIDENCED
    assert story.reviewed().answer().level is Level.REVIEWED


def test_committed_is_lost_at_once_with_the_last_live_pledge_of_a_type() -> None:
    story = Story().committed().tell("pledge-withdrawn", pledge=1, type=TYPES[0])
    answer = story.answer()
    assert answer.level is Level.SIGNATORY
    assert any(reason.rule == 6 for reason in answer.reasons)


def test_committed_is_lost_when_a_pledge_is_over() -> None:
    story = Story().committed().pledged(1, TYPES[0], ends_in=30, kind="pledge-amended")
    assert story.answer(story.at + timedelta(days=30)).level is Level.COMMITTED
    assert story.answer(story.at + timedelta(days=31)).level is Level.SIGNATORY


@pytest.mark.parametrize(
    ("paid", "independent"), [("unpaid", True), ("paid", False), ("unpaid", False)]
)
def test_only_paid_and_independent_people_confirm(paid: str, independent: bool) -> None:  # noqa: FBT001 - a case of the table
    story = Story().planned()
    for number, type_id in enumerate(TYPES, start=1):
        story.answered(type_id).pledged(number, type_id)
    story.codesigned(1, 2, 3, 4, 5, paid=paid, independent=independent)
    assert story.answer().level is Level.SIGNATORY


def test_agreement_that_is_withdrawn_by_the_last_who_gave_it_no_longer_counts() -> None:
    story = Story().committed()
    left = {"session": 1, "pledges": [1], "types": []}
    story.tell("agreement-withdrawn", **left, still_agreed=True)
    assert not any(reason.rule == 11 for reason in story.answer().reasons)
    story.tell("agreement-withdrawn", **left, still_agreed=False)
    assert any(reason.rule == 11 for reason in story.answer().reasons)
    assert story.unkept("committed").answer().level is Level.SIGNATORY


def test_a_type_that_does_not_apply_counts_once_agreed_and_until_it_runs_out() -> None:
    story = Story().committed().answered(TYPES[0], applies=False, version=2)
    assert type_level(story) is TypeLevel.UNANSWERED
    until = (story.at.date() + timedelta(days=90)).isoformat()
    story.tell("answer-agreed", type=TYPES[0], version=2, expires_on=until)
    assert type_level(story) is TypeLevel.NOT_APPLICABLE_AGREED
    assert story.answer().level is Level.COMMITTED
    story.wait(91)
    assert type_level(story) is TypeLevel.UNANSWERED
    assert story.unkept("committed").answer().level is Level.SIGNATORY


def test_agreement_to_an_earlier_answer_changes_nothing() -> None:
    story = Story().committed().answered(TYPES[0], applies=False, version=2)
    story.tell("answer-agreed", type=TYPES[0], version=1, expires_on=None)
    assert type_level(story) is TypeLevel.UNANSWERED
    story.tell("answer-agreed", type=TYPES[0], version=2, expires_on=None)
    story.tell("answer-disputed", type=TYPES[0], version=1)
    assert type_level(story) is TypeLevel.NOT_APPLICABLE_AGREED
    story.tell("answer-disputed", type=TYPES[0], version=2)
    assert type_level(story) is TypeLevel.UNANSWERED


def test_each_type_climbs_its_own_rubric() -> None:
    story = Story().planned()
    assert type_level(story) is TypeLevel.UNANSWERED
    story.answered(TYPES[0])
    assert type_level(story) is TypeLevel.UNANSWERED
    story.pledged(1, TYPES[0])
    assert type_level(story) is TypeLevel.PLEDGED
    story.judged(1)
    assert type_level(story) is TypeLevel.EVIDENCED
    story.reviewed()
    assert type_level(story) is TypeLevel.REVIEWED
    assert story.wait(366).answer().types[0].level is TypeLevel.UNANSWERED


def test_where_two_voices_differ_a_flag_stands_until_they_agree() -> None:
    story = Story().committed().reviewed(voices_differ=(TYPES[0],))
    assert [flag.flag for flag in story.answer().flags] == ["voices-differ"]
    assert story.reviewed().answer().flags == ()


def test_the_flag_names_the_types_as_people_do_and_in_their_own_order() -> None:
    [flag] = Story().committed().reviewed(voices_differ=(TYPES[3], TYPES[1])).answer().flags
    assert flag.reason == ("The two voices differ about interpersonal racism and structural racism")


def test_what_is_known_of_no_pledge_and_no_obligation_changes_no_answer() -> None:
    story = Story().committed()
    before = story.answer()
    story.judged(9, "not-accepted").judged(1, "more-needed", milestone=9)
    story.tell("pledge-withdrawn", pledge=9, type=TYPES[0])
    for kind in ("obligation-met", "clock-resumed"):
        story.about(kind, number=99, **({} if kind == "obligation-met" else {"why": "hub-late"}))
    after = story.answer()
    assert (after.standing, after.level, after.results) == (
        before.standing,
        before.level,
        before.results,
    )
