"""When things are due, on every day of eleven years, and which step of a ladder is next."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.calendar import WorkingDays
from charter.clock import end_of_day, local_day, start_of_day
from charter.obligations import rules
from tests.world import the_pack

PACK = the_pack()
LONDON = ZoneInfo("Europe/London")
ENGLAND = WorkingDays("GB", "ENG")
LONG = PACK.ladder("long")
AN_INSTANT = timedelta(microseconds=1)


def every_day() -> Iterator[date]:
    """Return every day from 2026 to 2036."""
    day = date(2026, 1, 1)
    while day.year <= 2036:
        yield day
        day += timedelta(days=1)


def test_every_day_lasts_from_its_first_instant_to_its_last() -> None:
    lengths = {}
    for day in every_day():
        start, end = start_of_day(day, LONDON), end_of_day(day, LONDON)
        assert local_day(start, LONDON) == day == local_day(end - AN_INSTANT, LONDON)
        assert local_day(start - AN_INSTANT, LONDON) == day - timedelta(days=1)
        assert end == start_of_day(day + timedelta(days=1), LONDON)
        lengths[day] = (end - start) / timedelta(hours=1)
    changed = [day for day, hours in lengths.items() if hours != 24]
    assert len(changed) == 22
    assert all(day.weekday() == 6 and day.month in {3, 10} for day in changed)


@pytest.mark.parametrize("kind", ["plan", "more-needed-reply", "reflection", "co-design-pay"])
def test_due_days_are_neither_early_nor_doubled(kind: str) -> None:
    row = PACK.obligation_kind(kind)
    assert row.days is not None
    due = [rules.due_day(row, day, ENGLAND) for day in every_day()]
    assert due == [day + timedelta(days=row.days) for day in every_day()]
    for day in due:
        last_instant = end_of_day(day, LONDON) - AN_INSTANT
        assert (local_day(last_instant, LONDON) - day).days == 0
        assert (local_day(last_instant + AN_INSTANT, LONDON) - day).days == 1


def test_what_is_opened_late_in_the_evening_is_due_as_of_that_local_day() -> None:
    row = PACK.obligation_kind("more-needed-reply")
    for day in every_day():
        opened = end_of_day(day, LONDON) - AN_INSTANT
        assert opened.tzinfo is UTC
        assert rules.due_day(row, local_day(opened, LONDON), ENGLAND) == day + timedelta(days=14)


def test_working_days_pass_over_weekends_and_holidays() -> None:
    row = PACK.obligation_kind("identity-decision")
    assert row.working
    before = date(2026, 1, 1)
    for day in every_day():
        due = rules.due_day(row, day, ENGLAND)
        assert due in ENGLAND
        between = [day + timedelta(days=each + 1) for each in range((due - day).days)]
        assert sum(each in ENGLAND for each in between) == row.days
        assert due >= before
        before = due


def test_a_kind_whose_date_another_fact_sets_has_no_length() -> None:
    with pytest.raises(ValueError, match="evidence"):
        rules.due_day(PACK.obligation_kind("evidence"), date(2026, 1, 1), ENGLAND)


def test_day_by_day_each_step_comes_once_and_none_is_overtaken() -> None:
    told: list[str] = []
    for days_late in range(-61, 400):
        for due in rules.steps_due(LONG, days_late, told, opened_days_before=61):
            assert not due.overtaken
            assert due.step.offset == days_late
            told.append(due.step.name)
    assert told == [step.name for step in LONG.steps]


@given(
    st.lists(st.integers(-70, 400), min_size=1, max_size=12).map(sorted),
    st.integers(0, 90),
)
def test_however_days_are_missed_a_step_is_told_once_and_no_consequence_is_skipped(
    looked_on: list[int], opened: int
) -> None:
    told: list[str] = []
    sent: list[str] = []
    for days_late in looked_on:
        due = list(rules.steps_due(LONG, days_late, told, opened_days_before=opened))
        told += [each.step.name for each in due]
        sent += [each.step.name for each in due if not each.overtaken]
        assert not due or not due[-1].overtaken
    last = looked_on[-1]
    assert len(told) == len(set(told))
    assert set(told) == {
        step.name
        for step in LONG.steps
        if step.offset <= last and (step.consequence or step.offset >= -opened)
    }
    assert set(sent) >= {
        step.name for step in LONG.steps if step.consequence and step.offset <= last
    }


@pytest.mark.parametrize("paused", [0, 10])
def test_the_next_step_is_always_the_first_that_lies_ahead(paused: int) -> None:
    due_on = date(2028, 2, 29)
    for days_late in range(-70, 380):
        today = due_on + timedelta(days=days_late + paused)
        day = rules.next_step_day(LONG, due_on, today, paused_days=paused)
        step = rules.next_step(LONG, days_late)
        assert (day is None) == (step is None)
        if day is not None and step is not None:
            assert day > today
            assert day == due_on + timedelta(days=step.offset + paused)


@pytest.mark.parametrize(
    ("state", "why", "seen"),
    [
        ("open", None, "running"),
        ("closed", None, "running"),
        ("met", None, "met"),
        ("waived", "hub-late", "waived"),
        ("open", "hub-late", "waiting-on-hub"),
        ("open", "under-review", "waiting-on-hub"),
        ("open", "quiet-period", "paused"),
    ],
)
def test_a_clock_is_seen_to_run_stand_wait_or_be_done(
    state: str, why: str | None, seen: str
) -> None:
    assert rules.see_clock(state, why) == seen


@pytest.mark.parametrize(
    ("days_late", "asked_before", "days", "refused"),
    [
        (-60, False, 60, None),
        (60, False, 1, None),
        (-61, False, 30, "from 60 days before"),
        (61, False, 30, "until 60 days after"),
        (0, True, 30, "once"),
        (0, False, 0, "between 1 and 60"),
        (0, False, 61, "between 1 and 60"),
    ],
)
def test_more_time_is_asked_for_once_near_the_date_and_for_sixty_days_at_most(
    *, days_late: int, asked_before: bool, days: int, refused: str | None
) -> None:
    answer = rules.may_ask_for_more_time(
        days_late=days_late, window=(-60, 60), asked_before=asked_before, days=days, most=60
    )
    assert (answer is None) if refused is None else (answer is not None and refused in answer)


def test_what_is_due_is_named_by_what_it_concerns() -> None:
    kind = PACK.obligation_kind("evidence")
    assert rules.name_obligation(kind) == "Send evidence for a milestone"
    named = rules.name_obligation(kind, pledge=3, milestone=2, type_id="systemic")
    assert named == "Send evidence for a milestone (pledge 3, milestone 2)"
    re_plan = rules.name_obligation(PACK.obligation_kind("re-plan"), type_id="systemic")
    assert re_plan == "Replace a pledge that ended (systemic racism)"


def test_an_instant_in_summer_belongs_to_the_local_day() -> None:
    assert local_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), LONDON) == date(2026, 7, 1)
