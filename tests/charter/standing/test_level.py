"""A level rises at once and falls one step at a time, each step warned of and served (rule 30)."""

from datetime import timedelta

import pytest

from charter.standing.words import Flag, Level, Standing
from tests.charter.standing.story import Story
from tests.world import the_pack

TYPES = the_pack().type_ids
A_YEAR = 365


def level(story: Story) -> Level | None:
    return story.answer().level


def test_nothing_falls_without_a_warning() -> None:
    story = Story().evidenced().reviewed()
    assert level(story) is Level.REVIEWED
    assert level(story.wait(3 * A_YEAR)) is Level.REVIEWED


def test_a_level_falls_one_step_after_both_warnings_were_served_and_the_day_is_over() -> None:
    story = Story().evidenced().reviewed().wait(A_YEAR + 1)
    story.owes("keep-reviewed", due_in=60).warned("warn-60").wait(30).warned("warn-30").wait(30)
    assert level(story) is Level.REVIEWED
    assert level(story.wait(1)) is Level.EVIDENCED
    assert level(story.wait(A_YEAR)) is Level.EVIDENCED
    assert level(story.unkept("evidenced")) is Level.COMMITTED


@pytest.mark.parametrize("left_out", ["warn-60", "warn-30"])
def test_a_level_does_not_fall_while_a_warning_was_not_served(left_out: str) -> None:
    story = Story().evidenced().wait(A_YEAR + 1).owes("keep-evidenced", due_in=60)
    story.warned(*{"warn-60", "warn-30"} - {left_out}).wait(90)
    assert level(story) is Level.EVIDENCED
    story.warned(left_out)
    assert level(story) is Level.EVIDENCED
    assert level(story.wait(1)) is Level.COMMITTED


def test_what_is_renewed_in_time_keeps_the_level() -> None:
    story = Story().evidenced().wait(A_YEAR - 59)
    story.owes("keep-evidenced", due_in=58).warned("warn-60", "warn-30").wait(50)
    for number, type_id in enumerate(TYPES, start=1):
        story.judged(number, type_id=type_id)
    assert level(story.wait(200)) is Level.EVIDENCED


def test_what_was_owed_for_another_level_lets_none_fall() -> None:
    story = Story().evidenced().owes("keep-committed", due_in=5).warned("warn-60", "warn-30")
    assert level(story.wait(A_YEAR + 60)) is Level.EVIDENCED


def test_a_met_or_moved_date_lets_nothing_fall() -> None:
    story = Story().evidenced().wait(A_YEAR).owes("keep-evidenced", due_in=60)
    story.warned("warn-60", "warn-30").wait(10).about("obligation-met")
    assert level(story.wait(90)) is Level.EVIDENCED


def test_days_waited_for_auditors_are_added() -> None:
    story = Story().evidenced().wait(A_YEAR - 10).sent_in()
    rest = story.answer().level_rest
    assert rest is not None
    assert rest.waits
    story.wait(20).judged(1, "more-needed")
    later = story.answer().level_rest
    assert later is not None
    assert not later.waits
    assert later.lapses_on == rest.lapses_on, "four other types were accepted on the same day"


def test_a_type_counts_for_as_long_as_its_report_waits_and_sixty_days_at_most() -> None:
    story = Story().evidenced().wait(A_YEAR - 10).sent_in()
    kept = [row.level for row in story.answer(story.at + timedelta(days=69)).types]
    assert [str(each) for each in kept] == ["evidenced", *["pledged"] * 4]
    over = [row.level for row in story.answer(story.at + timedelta(days=70)).types]
    assert {str(each) for each in over} == {"pledged"}


def test_a_report_sent_after_its_months_were_over_brings_nothing_back() -> None:
    story = Story().evidenced().wait(A_YEAR + 5).sent_in()
    assert str(story.answer().types[0].level) == "pledged"
    story.wait(10).judged(1, "more-needed")
    assert str(story.answer().types[0].level) == "pledged"


def test_a_review_that_waits_is_waited_for() -> None:
    story = Story().evidenced().reviewed().wait(10)
    story.tell("reflection-received", cycle=2).wait(5).reviewed()
    rest = story.answer().level_rest
    assert rest is not None
    assert not rest.waits


def test_the_clock_of_a_level_stands_still_while_it_is_stopped() -> None:
    story = Story().evidenced().wait(A_YEAR + 1).owes("keep-evidenced", due_in=60)
    story.warned("warn-60", "warn-30").wait(59)
    story.about("clock-paused", why="under-review", paused_by="hub").wait(20)
    assert [flag.flag for flag in story.answer().flags] == [Flag.UNDER_REVIEW]
    assert level(story) is Level.EVIDENCED
    story.about("clock-resumed", why="under-review")
    assert level(story.wait(1)) is Level.EVIDENCED
    assert level(story.wait(1)) is Level.COMMITTED


def test_the_page_is_told_until_when_a_level_holds() -> None:
    story = Story().evidenced().wait(A_YEAR + 1).owes("keep-evidenced", due_in=60)
    assert story.answer().reasons[1].text.startswith("The level falls one step below evidenced on")
    before = story.warned("warn-60", "warn-30").wait(59).answer()
    assert before.holds_until is not None
    story.at = before.holds_until - timedelta(microseconds=1)
    assert level(story) is Level.EVIDENCED
    story.wait(2)
    assert level(story) is Level.COMMITTED


def test_only_the_loss_of_the_last_live_pledge_of_a_type_ends_committed_at_once() -> None:
    story = Story().evidenced().reviewed().tell("pledge-withdrawn", pledge=1, type=TYPES[0])
    assert level(story) is Level.SIGNATORY
    assert level(story.pledged(6, TYPES[0]).codesigned(6, session=2)) is Level.REVIEWED


def test_no_level_is_shown_from_suspended_on_and_the_way_back_shows_what_is_earned() -> None:
    story = Story().overdue(30)
    for number, type_id in enumerate(TYPES, start=1):
        story.answered(type_id).pledged(number, type_id, ends_in=900)
    story.codesigned(1, 2, 3, 4, 5)
    assert level(story) is Level.COMMITTED
    story.wait(32).warned("last-call", "suspended").wait(40)
    assert (story.standing(), level(story)) == (Standing.SUSPENDED, None)
    story.wait(5).about("obligation-met").signed_again()
    assert (story.standing(), level(story)) == (Standing.ON_TRACK, Level.COMMITTED)


def test_a_level_that_nothing_can_end_rests_on_nothing() -> None:
    assert Story().committed().answer().level_rest is None
    assert Story().signed().answer().level_rest is None


def test_a_level_short_of_what_it_rests_on_says_since_when() -> None:
    left = {"session": 1, "pledges": [1], "still_agreed": False, "types": []}
    story = Story().committed().wait(9).tell("agreement-withdrawn", **left)
    rest = story.wait(20).answer().level_rest
    assert rest is not None
    assert rest.lapses_on == (story.at - timedelta(days=20)).date()
    assert story.codesigned(1, session=2).answer().level_rest is None
