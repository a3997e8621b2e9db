"""The table of standings, a test for each row."""

from datetime import timedelta
from typing import Any

import pytest

from charter.standing.assessment import assess
from charter.standing.rules import ROWS
from charter.standing.words import Standing
from tests.charter.standing.story import Story
from tests.world import START, the_pack


def rows_taken(story: Story) -> list[int]:
    return [move.row for move in story.answer().moves]


def test_row_1_identity_and_signature_open_the_waiting_room() -> None:
    story = Story().signed()
    assert story.standing() is Standing.PLAN_DUE
    assert rows_taken(story) == [1]


def test_row_1_needs_both_proofs() -> None:
    story = Story().tell("identity-accepted", how="register", band="standard")
    assert assess(story.events, START, the_pack()) is None


def test_row_1_takes_effect_at_the_later_of_the_two() -> None:
    story = Story()
    story.tell("charter-signed", version="1", digest="x", spell=1, sponsor_role="Head").wait(5)
    story.tell("identity-accepted", how="register", band="standard")
    assert story.answer().since == story.at


def test_row_2_a_published_plan_leads_to_on_track() -> None:
    story = Story().planned()
    assert story.standing() is Standing.ON_TRACK
    assert rows_taken(story) == [1, 2]


def test_row_3_a_missed_plan_lapses_once_its_warnings_were_served() -> None:
    story = Story().signed().owes("plan", due_in=90)
    story.wait(89).warned("remind-7", "remind-1").wait(1)
    assert story.standing() is Standing.PLAN_DUE
    assert story.wait(1).standing() is Standing.LAPSED
    assert rows_taken(story) == [1, 3]


def test_row_3_waits_for_the_warnings() -> None:
    story = Story().signed().owes("plan", due_in=90).wait(95)
    assert story.standing() is Standing.PLAN_DUE
    story.warned("remind-7", "remind-1").wait(2)
    assert story.standing() is Standing.LAPSED


def test_a_plan_is_never_overdue_or_suspended() -> None:
    story = Story().signed().owes("plan", due_in=90).wait(500)
    assert story.standing() is Standing.PLAN_DUE


def test_row_4_late_evidence_is_overdue_and_named() -> None:
    story = Story().overdue(12)
    assert story.standing() is Standing.OVERDUE
    assert story.answer().sentence == "Evidence late, 12 days."
    assert story.answer().days_late == 12


def test_row_4_never_before_a_reminder_was_served() -> None:
    story = Story().planned().owes(due_in=30).wait(33)
    assert story.standing() is Standing.ON_TRACK
    story.warned("remind-1").wait(2)
    assert story.standing() is Standing.OVERDUE


def test_the_due_day_lasts_until_its_last_moment() -> None:
    story = Story().planned().owes(due_in=30).warned("remind-7")
    story.until(START.date() + timedelta(days=30), 23)
    assert story.standing() is Standing.ON_TRACK
    assert story.wait(0.1).standing() is Standing.OVERDUE


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("obligation-met", {}),
        ("obligation-waived", {"why": "flood"}),
        ("due-date-moved", {"due_on": "2026-12-01", "was": "2026-02-04", "why": "outage"}),
    ],
)
def test_row_5_met_waived_or_extended_leads_back_at_once(kind: str, facts: dict[str, Any]) -> None:
    story = Story().overdue(5).about(kind, **facts)
    assert story.standing() is Standing.ON_TRACK
    assert rows_taken(story) == [1, 2, 4, 5]


def test_row_6_ninety_days_late_and_warned_is_suspended() -> None:
    assert Story().overdue(89).standing() is Standing.OVERDUE
    assert Story().suspended().standing() is Standing.SUSPENDED


def test_row_6_waits_seven_days_after_the_last_warning() -> None:
    story = Story().overdue(40)
    story.wait(60).warned("last-call")
    assert story.wait(7).standing() is Standing.OVERDUE
    assert story.wait(1).standing() is Standing.SUSPENDED


def test_row_7_one_hundred_and_fifty_days_late_is_not_reporting() -> None:
    story = Story().not_reporting()
    assert story.standing() is Standing.NOT_REPORTING
    assert rows_taken(story) == [1, 2, 4, 6, 7]


def test_row_8_a_report_received_while_suspended_pauses_its_clock() -> None:
    story = Story().suspended().about("clock-paused", why="under-review", paused_by="auditors")
    answer = story.wait(200).answer()
    assert answer.standing is Standing.SUSPENDED
    assert [flag.flag for flag in answer.flags] == ["under-review"]


def test_row_9_a_signature_alone_leads_nowhere() -> None:
    assert Story().suspended().signed_again().standing() is Standing.SUSPENDED


def test_row_9_accepted_reports_and_a_new_signature_reinstate() -> None:
    story = Story().suspended().about("clock-paused", why="under-review", paused_by="auditors")
    story.wait(20).about("obligation-met")
    assert story.standing() is Standing.SUSPENDED
    assert story.wait(1).signed_again().standing() is Standing.ON_TRACK


def test_row_9_leads_to_overdue_where_something_else_is_late() -> None:
    story = Story().suspended().owes("reflection", number=8, due_in=5)
    story.warned("remind-1", number=8).wait(10)
    story.about("obligation-met").signed_again()
    assert story.standing() is Standing.OVERDUE


@pytest.mark.parametrize(("days", "to"), [(89, Standing.OVERDUE), (90, Standing.SUSPENDED)])
def test_row_9_not_while_anything_else_is_ninety_days_late(days: int, to: Standing) -> None:
    story = Story().suspended().owes(number=8, due_in=5).owes(number=9, due_in=400)
    story.warned("remind-1", number=8).wait(5 + days).about("obligation-met").signed_again()
    assert story.standing() is to


def test_row_9_not_while_anything_else_is_under_review() -> None:
    story = Story().suspended().owes(number=8, due_in=5)
    story.about("clock-paused", number=8, why="under-review", paused_by="auditors")
    assert story.about("obligation-met").wait(1).signed_again().standing() is Standing.SUSPENDED


def test_row_9_another_pause_does_not_hold_it_up() -> None:
    story = Story().suspended().owes(number=8, due_in=5)
    story.about("clock-paused", number=8, why="hub-late", paused_by="hub")
    assert story.about("obligation-met").wait(1).signed_again().standing() is Standing.ON_TRACK


def test_row_9_a_signature_of_the_very_instant_of_the_suspension_does_not_count() -> None:
    story = Story().suspended()
    at = story.answer().since
    story.at = at
    story.signed_again().wait(1).about("obligation-met")
    assert story.standing() is Standing.SUSPENDED


def test_row_9_the_signature_before_the_suspension_does_not_count() -> None:
    story = Story().overdue(80).signed_again().wait(10).warned("suspended")
    assert story.standing() is Standing.SUSPENDED
    assert story.about("obligation-met").standing() is Standing.SUSPENDED


def test_row_9_not_before_the_report_is_accepted() -> None:
    story = Story().suspended().about("clock-paused", why="under-review", paused_by="auditors")
    assert story.wait(1).signed_again().standing() is Standing.SUSPENDED


def test_row_10_a_year_late_is_removed_once_served() -> None:
    story = Story().removed()
    assert story.standing() is Standing.REMOVED
    assert story.answer().level is None


def test_row_10_two_reflections_missed_in_a_row_remove() -> None:
    story = Story().overdue(100, kind="reflection").owes("reflection", number=8, due_in=10)
    assert story.standing() is Standing.SUSPENDED
    story.wait(101)
    assert story.standing() is Standing.SUSPENDED
    story.warned("suspended").warned("suspended", number=8)
    assert story.standing() is Standing.SUSPENDED
    assert story.wait(1).standing() is Standing.REMOVED


@pytest.mark.parametrize("leave", ["withdrew-from-charter", "merged"])
def test_row_11_and_14_the_organisation_leaves(leave: str) -> None:
    facts = {"into": "seaham-docks-arts"} if leave == "merged" else {}
    story = Story().overdue(5).tell(leave, **facts)
    answer = story.answer()
    assert answer.standing is Standing.WITHDRAWN
    assert answer.moves[-1].days_late == 5


def test_row_12_a_new_signature_after_leaving_is_plan_due() -> None:
    story = Story().planned().tell("withdrew-from-charter").wait(30).signed(spell=2)
    assert story.standing() is Standing.PLAN_DUE
    assert rows_taken(story) == [1, 2, 11, 12]


def test_row_13_a_new_signature_after_removal_is_plan_due() -> None:
    story = Story().removed().wait(200).about("obligation-met").signed(spell=2)
    assert story.standing() is Standing.PLAN_DUE


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("level-changed", {"from": "signatory", "to": "committed"}),
        ("standing-changed", {"from": None, "to": "overdue", "row": 4, "days_late": 1}),
        ("text-held", {"case": 1, "days": 2}),
        ("concern-decided", {"case": 1, "outcome": "upheld"}),
    ],
)
def test_row_15_nobodys_act_moves_a_standing(kind: str, facts: dict[str, object]) -> None:
    story = Story().overdue(5)
    before = story.standing()
    assert story.tell(kind, **facts).standing() is before


def test_row_16_a_missed_re_plan_is_overdue() -> None:
    story = Story().planned().owes("re-plan", due_in=60)
    story.wait(59).warned("remind-7").wait(2)
    assert story.standing() is Standing.OVERDUE
    assert story.answer().sentence.startswith("Re plan late, 1 day")


@pytest.mark.parametrize("out", ["lapsed", "removed", "withdrawn"])
def test_row_17_time_alone_never_leads_back(out: str) -> None:
    stories = {
        "lapsed": lambda: (
            Story().signed().owes("plan", due_in=90).wait(89).warned("remind-7", "remind-1").wait(3)
        ),
        "removed": lambda: Story().removed(),
        "withdrawn": lambda: Story().planned().tell("withdrew-from-charter"),
    }
    story = stories[out]()
    assert story.standing() == out
    assert story.wait(4000).standing() == out


def test_no_row_is_without_a_test() -> None:
    assert {row.number for row in ROWS} == {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13}
