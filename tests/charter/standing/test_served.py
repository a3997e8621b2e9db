"""When a warning counts as served (rule 31): it arrived, reached nobody, or stood in public."""

from datetime import UTC, datetime, timedelta

from charter.standing.facts import WarningGiven

SENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ARRIVED = SENT + timedelta(hours=1)
HOURS = timedelta(hours=24)
SHOWN = timedelta(days=10)


def served(warning: WarningGiven) -> datetime:
    """Return when `warning` is served, by the numbers of the charter."""
    return warning.served_at(after=HOURS, shown=SHOWN)


def test_rule_31_accepted_mail_is_served_when_a_day_has_passed_without_a_bounce() -> None:
    assert served(WarningGiven(SENT, accepted_at=ARRIVED)) == ARRIVED + HOURS


def test_rule_31_mail_that_reached_nobody_is_served_at_once() -> None:
    bounced = ARRIVED + timedelta(minutes=5)
    assert served(WarningGiven(SENT, accepted_at=ARRIVED, bounced_at=bounced)) == bounced


def test_rule_31_mail_of_which_nothing_is_heard_is_served_after_ten_days_in_public() -> None:
    assert served(WarningGiven(SENT)) == SENT + SHOWN


def test_rule_31_mail_that_arrives_late_does_not_prolong_the_ten_days() -> None:
    late = WarningGiven(SENT, accepted_at=SENT + timedelta(days=9, hours=12))
    assert served(late) == SENT + SHOWN
