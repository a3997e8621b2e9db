"""Clocks and warnings: when time counts, when it stands still, and when a warning was served."""

from datetime import timedelta
from typing import Any

import pytest

from charter.standing.assessment import assess
from charter.standing.words import Standing
from tests.charter.standing.story import Story
from tests.world import the_pack

AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


def late_by(days: int) -> Story:
    """Be late by some days, with no notice sent."""
    return Story().planned().owes(due_in=30).wait(30 + days)


def sent(story: Story) -> dict[str, Any]:
    due_on = story.events[-1].data["due_on"]
    named: dict[str, Any] = {"due_on": due_on, "step": 1, "name": "late"}
    story.about("notice-sent", **named, roles=["lead"])
    return named


def test_a_day_on_which_the_clock_stands_still_never_counts() -> None:
    story = Story().overdue(5).about("clock-paused", why="hub-late", paused_by="hub")
    story.wait(40)
    assert story.answer().days_late == 5
    assert [flag.flag for flag in story.answer().flags] == ["paused"]
    story.about("clock-resumed", why="hub-late").wait(10)
    assert story.answer().days_late == 15
    assert story.answer().flags == ()


def test_pausing_a_clock_that_stands_still_changes_nothing() -> None:
    story = Story().planned().owes(due_in=30).wait(10)
    story.about("clock-paused", why="hub-late", paused_by="hub").wait(5)
    story.about("clock-paused", why="under-review", paused_by="auditors").wait(5)
    [flag] = story.answer().flags
    assert (flag.flag, flag.by) == ("paused", "hub")
    reasons = [reason.text for reason in story.answer().reasons if reason.rule == 32]
    assert reasons == ["Evidence 7: the clock stands still (hub late)."]
    story.about("clock-resumed", why="hub-late").about("clock-resumed", why="hub-late")
    assert story.wait(30).answer().days_late == 10


def test_a_report_late_again_after_its_pause_goes_on_where_it_stood() -> None:
    story = Story().overdue(80).about("clock-paused", why="hub-late", paused_by="hub").wait(30)
    story.about("clock-resumed", why="hub-late")
    assert story.wait(9).standing() is Standing.OVERDUE
    assert story.wait(1).standing() is Standing.SUSPENDED


def test_accepted_mail_is_served_after_a_day_without_a_bounce() -> None:
    story = late_by(3)
    story.about("notice-accepted", **sent(story))
    day_after = story.at + timedelta(days=1)
    assert story.answer(day_after - A_MINUTE).standing is Standing.ON_TRACK
    assert story.answer(day_after).standing is Standing.OVERDUE


def test_a_bounce_of_every_contact_serves_at_once() -> None:
    story = late_by(3)
    named = sent(story)
    story.wait(0.1).about("notice-bounced", **named)
    assert story.standing() is Standing.OVERDUE


def test_what_nothing_is_heard_of_is_served_after_ten_days_in_public() -> None:
    story = late_by(3)
    sent(story)
    served = story.at + timedelta(days=10)
    assert story.answer(served - A_MINUTE).standing is Standing.ON_TRACK
    assert story.answer(served).standing is Standing.OVERDUE


def test_a_bounce_after_it_was_served_takes_nothing_back() -> None:
    story = Story().overdue(40).wait(60).warned("last-call")
    due_on = story.events[-1].data["due_on"]
    story.wait(2).about("notice-bounced", due_on=due_on, step=60, name="last-call")
    assert story.wait(5.9).standing() is Standing.OVERDUE
    assert story.wait(0.1).standing() is Standing.SUSPENDED


def test_a_notice_for_a_date_no_longer_in_force_warns_of_nothing() -> None:
    story = late_by(1)
    due_on = story.events[-1].data["due_on"]
    moved = (story.at.date() + timedelta(days=5)).isoformat()
    story.about("due-date-moved", due_on=moved, was=due_on, why="extension")
    named: dict[str, Any] = {"due_on": due_on, "step": 1, "name": "late"}
    story.about("notice-sent", **named, roles=["lead"]).about("notice-accepted", **named)
    assert story.wait(20).standing() is Standing.ON_TRACK


def test_a_date_moved_on_a_paused_clock_keeps_the_days_it_stood_still() -> None:
    story = Story().planned().owes(due_in=30).wait(10)
    story.about("clock-paused", why="hub-late", paused_by="hub").wait(10)
    story.about("clock-resumed", why="hub-late")
    moved = (story.at.date() + timedelta(days=20)).isoformat()
    story.about("due-date-moved", due_on=moved, was="2026-02-04", why="extension")
    assert story.wait(30).answer().days_late == 0
    assert story.wait(1).answer().days_late == 1


def test_what_auditors_owe_moves_no_standing() -> None:
    story = Story().planned().owes("review", due_in=5).wait(400)
    story.about("due-date-moved", due_on="2030-01-01", was="2026-01-10", why="extension")
    story.about("clock-paused", why="hub-late", paused_by="hub")
    named: dict[str, Any] = {"due_on": "2030-01-01", "step": 1, "name": "late"}
    story.about("notice-accepted", **named).about("notice-bounced", **named)
    answer = story.answer()
    assert (answer.standing, answer.days_late, answer.flags) == (Standing.ON_TRACK, 0, ())


@pytest.mark.parametrize(("band", "days"), [("standard", 90), ("small", 135), ("tiny", 180)])
def test_small_bodies_have_longer_late_steps(band: str, days: int) -> None:
    story = Story().overdue(60).tell("band-changed", band=band)
    assert story.wait(days - 61).standing() is Standing.OVERDUE
    assert story.wait(1).standing() is Standing.SUSPENDED


def test_a_size_known_only_after_something_is_owed_counts_from_then() -> None:
    story = Story().owes(due_in=30).signed(band="tiny")
    story.tell("plan-published", plan=1, types=[]).wait(91)
    story.warned("late", "formal-notice", "last-call")
    assert story.wait(118).standing() is Standing.OVERDUE
    assert story.wait(1).standing() is Standing.SUSPENDED


def test_a_reflection_in_time_ends_a_row_of_missed_cycles() -> None:
    story = missed_once().signed_again()
    assert story.standing() is Standing.ON_TRACK
    story.owes("reflection", number=8, due_in=5).about("obligation-met", number=8)
    assert missed_once_more(story) is Standing.SUSPENDED


@pytest.mark.parametrize("end", ["obligation-closed", "obligation-waived"])
def test_a_reflection_no_longer_owed_is_no_reflection_in_time(end: str) -> None:
    story = missed_once().signed_again()
    story.owes("reflection", number=8, due_in=5).about(end, number=8, why="flood")
    assert missed_once_more(story) is Standing.REMOVED


def test_missed_cycles_of_an_earlier_spell_are_not_counted_on() -> None:
    story = missed_once()
    story.tell("withdrew-from-charter").wait(1).signed(spell=2)
    story.tell("plan-published", plan=2, types=[])
    assert missed_once_more(story) is Standing.SUSPENDED


def missed_once() -> Story:
    """Miss one reflection, warned to the end, and bring it after all."""
    story = Story().overdue(90, kind="reflection").warned("suspended")
    return story.wait(5).about("obligation-met")


def missed_once_more(story: Story) -> Standing:
    """Miss another reflection, warned as the ladder says, and return the standing days later."""
    story.owes("reflection", number=9, due_in=30).wait(91)
    story.warned("late", "formal-notice", "last-call", number=9).wait(29)
    story.warned("suspended", number=9)
    return story.wait(5).standing()


def test_a_missed_reflection_that_was_brought_removes_nobody_while_it_is_read() -> None:
    story = missed_once().signed_again()
    story.owes("reflection", number=9, due_in=30).wait(91)
    story.warned("late", "formal-notice", "last-call", number=9).wait(29.5)
    story.about("clock-paused", number=9, why="under-review", paused_by="auditors")
    story.warned("suspended", number=9)
    assert story.wait(60).standing() is Standing.SUSPENDED


def test_what_waits_on_the_hub_shows_beside_the_standing_until_it_is_done() -> None:
    story = Story().committed().tell("no-panel-available", case=3).tell("text-held", case=1, days=2)
    assert [flag.flag for flag in story.answer().flags] == ["no-panel-available", "text-held"]
    story.tell("panel-drawn", case=3, seats=2, positions=[1, 2], seed="0").judged(1)
    assert story.answer().flags == ()


def test_every_turn_of_time_is_told_before_it_comes() -> None:
    """Follow `holds_until` alone through a whole fall: no move takes effect in between."""
    story = Story().removed()
    turns = []
    at = story.events[0].recorded_at
    while (answer := assess(story.events, at, the_pack())) and answer.holds_until:
        upcoming = [event.recorded_at for event in story.events if event.recorded_at > at]
        at = min([answer.holds_until, *upcoming])
        turns.append(at)
        if at > story.at + timedelta(days=30):
            break
    assert {move.at for move in story.answer().moves[1:]} <= {*turns, story.events[0].recorded_at}


def test_bringing_one_of_two_missed_reflections_never_leads_further_down() -> None:
    story = Story().overdue(100, kind="reflection").warned("suspended")
    story.owes("reflection", number=8, due_in=5).wait(100)
    assert story.standing() is Standing.SUSPENDED
    assert story.about("obligation-met", number=8).standing() is Standing.SUSPENDED


def test_a_date_that_was_in_force_before_has_been_warned_of() -> None:
    story = Story().planned().owes(due_in=30)
    first, other = story.events[-1].data["due_on"], "2027-01-29"
    story.wait(29).warned("remind-1")
    story.about("due-date-moved", due_on=other, was=first, why="correction").wait(2)
    assert story.standing() is Standing.ON_TRACK
    story.about("due-date-moved", due_on=first, was=other, why="correction")
    assert story.standing() is Standing.OVERDUE


def test_a_letter_that_arrives_after_its_date_moved_serves_no_warning_of_the_new_date() -> None:
    story = late_by(3)
    named = sent(story)
    story.about("due-date-moved", due_on="2026-02-05", was=named["due_on"], why="correction")
    again = {**named, "due_on": "2026-02-05"}
    story.about("notice-sent", **again, roles=["lead"]).about("notice-accepted", **named)
    assert story.wait(2).standing() is Standing.ON_TRACK
    assert story.about("notice-accepted", **again).wait(1).standing() is Standing.OVERDUE
