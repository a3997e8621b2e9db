"""Rules of when somebody may be written to (rules 24a and 36).

One mail a day at most, on working days and outside quiet hours. Far ahead of a date a weekly
digest does; close to it there are reminders, of which a person gets few in a week; what has a
consequence is held back by neither, yet travels in the same mail and is never long delayed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from charter.calendar import WorkingDays
from charter.clock import local_day
from charter.framework.numbers import MailNumbers

WEEK = timedelta(days=7)

LOOK_AHEAD_DAYS = 60
"""Within so many days there is always one on which a mail may go."""

Pace = Literal["weekly", "next-day", "chaser", "consequence"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits to be told.

    `offset` is the day of its step, counted from the due date; `queued_at` since when it waits.
    """

    offset: int
    consequence: bool
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that the same person was sent, and whether it held a chaser."""

    at: datetime
    chaser: bool


@dataclass(frozen=True, slots=True)
class MailCalendar:
    """The pack's numbers for mail, and the zone and working days they are counted in."""

    numbers: MailNumbers
    zone: ZoneInfo
    working_days: WorkingDays


def pace_of(notice: Waiting, numbers: MailNumbers) -> Pace:
    """Return how urgently a notice asks for a mail of its own."""
    if notice.consequence:
        return "consequence"
    if notice.offset >= numbers.daily_from_offset:
        return "chaser"
    if notice.offset > numbers.weekly_until_offset:
        return "next-day"
    return "weekly"


def earliest_mail(
    waiting: Sequence[Waiting],
    sent: Sequence[SentMail],
    calendar: MailCalendar,
    now: datetime,
) -> datetime | None:
    """Return when the next mail may go, at `now` or later; None where nothing waits.

    That mail tells everything that waits by then. `sent` are the person's mails of the last week.
    """
    today = local_day(now, calendar.zone)
    for ahead in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        moment = _open_moment(day, calendar, now)
        if moment is not None and any(_may_go(notice, sent, calendar, day) for notice in waiting):
            return moment
    return None


def holds_chaser(notices: Sequence[Waiting], numbers: MailNumbers) -> bool:
    """Say whether a mail about `notices` counts towards the chasers of a week."""
    return any(pace_of(notice, numbers) == "chaser" for notice in notices)


def _may_go(notice: Waiting, sent: Sequence[SentMail], calendar: MailCalendar, day: date) -> bool:
    """Say whether `notice` may have a mail sent on `day`."""
    numbers, zone = calendar.numbers, calendar.zone
    pace = pace_of(notice, numbers)
    last_day = local_day(notice.queued_at, zone) + timedelta(days=numbers.delay_most_days)
    if pace == "consequence" and day >= last_day:
        return True
    days = [local_day(mail.at, zone) for mail in sent]
    if day not in calendar.working_days or days.count(day) >= numbers.mails_per_day:
        return False
    week_before = day - WEEK
    if pace == "weekly":
        return all(sent_on <= week_before for sent_on in days)
    if pace == "chaser":
        chasers = [mail for mail in sent if mail.chaser and local_day(mail.at, zone) > week_before]
        return len(chasers) < numbers.chasers_per_week
    return True


def _open_moment(day: date, calendar: MailCalendar, now: datetime) -> datetime | None:
    """Return the first instant of `day`, not before `now`, outside quiet hours; None if none."""
    numbers, zone = calendar.numbers, calendar.zone
    opens = datetime.combine(day, numbers.quiet_until, zone)
    closes = datetime.combine(day, numbers.quiet_from, zone)
    moment = max(opens.astimezone(now.tzinfo), now)
    return moment if moment < closes else None
