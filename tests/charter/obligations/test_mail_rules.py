"""Nobody is written to at night, twice a day, or more than a few times a week, nor too late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.calendar import WorkingDays
from charter.obligations.mail_rules import (
    MailCalendar,
    SentMail,
    Waiting,
    earliest_mail,
    holds_chaser,
    pace_of,
)
from tests.world import the_pack

LONDON = ZoneInfo("Europe/London")
CALENDAR = MailCalendar(the_pack().numbers.mail, LONDON, WorkingDays("GB", "ENG"))


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """Return a local time of 2026 in the scheme's zone, as `05-14`."""
    local = datetime.fromisoformat(f"2026-{day}").replace(hour=hour, minute=minute, tzinfo=LONDON)
    return local.astimezone(UTC)


MONDAY, TUESDAY, FRIDAY, SATURDAY = "03-02", "03-03", "03-06", "03-07"
GOOD_FRIDAY, EASTER_SUNDAY, AFTER_EASTER = "04-03", "04-05", "04-07"


def far(queued: datetime) -> Waiting:
    return Waiting(-60, consequence=False, queued_at=queued)


def near(queued: datetime) -> Waiting:
    return Waiting(-7, consequence=False, queued_at=queued)


def grave(queued: datetime) -> Waiting:
    return Waiting(28, consequence=True, queued_at=queued)


def chaser(day: str) -> SentMail:
    return SentMail(at(day), chaser=True)


def digest(day: str) -> SentMail:
    return SentMail(at(day), chaser=False)


@pytest.mark.parametrize(
    ("notice", "sent", "now", "expected"),
    [
        (near, [], at(MONDAY, 10), at(MONDAY, 10)),
        (near, [], at(MONDAY, 7, 59), at(MONDAY, 8)),
        (near, [], at(MONDAY, 19, 59), at(MONDAY, 19, 59)),
        (near, [], at(MONDAY, 20), at(TUESDAY, 8)),
        (near, [], at(SATURDAY), at("03-09", 8)),
        (near, [], at(GOOD_FRIDAY), at(AFTER_EASTER, 8)),
        (near, [digest(MONDAY)], at(MONDAY, 12), at(TUESDAY, 8)),
        (near, [chaser(MONDAY)], at(TUESDAY), at(TUESDAY)),
        (near, [chaser(MONDAY), chaser(TUESDAY)], at(FRIDAY), at("03-09", 8)),
        (near, [digest(MONDAY), digest(TUESDAY)], at(FRIDAY), at(FRIDAY)),
        (far, [], at(MONDAY), at(MONDAY)),
        (far, [digest(MONDAY)], at(TUESDAY), at("03-09", 8)),
        (far, [chaser(TUESDAY)], at(FRIDAY), at("03-10", 8)),
        (grave, [], at(MONDAY), at(MONDAY)),
        (grave, [digest(MONDAY)], at(MONDAY, 12), at(TUESDAY, 8)),
        (grave, [chaser(MONDAY), chaser(TUESDAY)], at(FRIDAY), at(FRIDAY)),
        (grave, [], at(SATURDAY), at("03-09", 8)),
        (grave, [], at(GOOD_FRIDAY), at("04-06", 8)),
        (grave, [], at("03-29", 7), at("03-30", 8)),
    ],
)
def test_a_mail_goes_when_it_may(
    notice: Callable[[datetime], Waiting], sent: list[SentMail], now: datetime, expected: datetime
) -> None:
    assert earliest_mail([notice(now)], sent, CALENDAR, now) == expected


def test_what_has_a_consequence_waits_three_days_at_most_even_over_easter() -> None:
    queued = at(GOOD_FRIDAY)
    assert earliest_mail([grave(queued)], [], CALENDAR, at(EASTER_SUNDAY)) == at("04-06", 8)


def test_what_has_waited_too_long_goes_at_once_on_any_day() -> None:
    queued = at("03-27")
    sunday = at("04-05", 11)
    assert earliest_mail([grave(queued)], [], CALENDAR, sunday) == sunday


def test_the_most_urgent_notice_decides_and_takes_the_others_along() -> None:
    now = at(TUESDAY)
    sent = [digest(MONDAY)]
    assert earliest_mail([far(now), near(now)], sent, CALENDAR, now) == now


def test_between_digest_and_daily_reminders_a_notice_goes_the_next_day() -> None:
    now = at(TUESDAY)
    between = Waiting(-14, consequence=False, queued_at=now)
    assert pace_of(between, CALENDAR.numbers) == "next-day"
    assert earliest_mail([between], [digest(MONDAY)], CALENDAR, now) == now


def test_where_nothing_waits_nothing_goes() -> None:
    assert earliest_mail([], [], CALENDAR, at(MONDAY)) is None


def test_only_a_mail_with_a_reminder_close_to_the_date_is_a_chaser() -> None:
    now = at(MONDAY)
    numbers = CALENDAR.numbers
    assert holds_chaser([far(now), near(now)], numbers)
    assert not holds_chaser([far(now), grave(now)], numbers)


NOTICES = st.builds(
    Waiting,
    offset=st.sampled_from([-60, -30, -14, -7, -1, 1, 7, 28, 90]),
    consequence=st.booleans(),
    queued_at=st.just(at(MONDAY)),
)


@given(
    st.lists(NOTICES, min_size=1, max_size=4),
    st.integers(min_value=0, max_value=60 * 24 * 40),
    st.lists(st.integers(min_value=1, max_value=6), max_size=4),
)
def test_at_every_instant_a_mail_is_near_awake_and_within_its_caps(
    waiting: list[Waiting], minutes: int, days_ago: list[int]
) -> None:
    now = at(MONDAY) + timedelta(minutes=minutes)
    sent = [SentMail(now - timedelta(days=days), chaser=True) for days in days_ago]
    mail = earliest_mail(waiting, sent, CALENDAR, now)
    assert mail is not None
    assert now <= mail < now + timedelta(days=13)
    local = mail.astimezone(LONDON)
    assert CALENDAR.numbers.quiet_until <= local.time() < CALENDAR.numbers.quiet_from
    if not any(notice.consequence for notice in waiting):
        assert local.date() in CALENDAR.working_days
        assert local.date() not in [mail.at.astimezone(LONDON).date() for mail in sent]
    elif now == at(MONDAY):
        assert mail < now + timedelta(days=4)
