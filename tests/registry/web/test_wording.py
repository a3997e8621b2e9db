"""Dates and times read in the zone of the pack, whichever region it is for."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from registry.web.wording import filters_in

LATE = datetime(2026, 7, 6, 23, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Europe/London", "7 July 2026", "12:05am on 7 July 2026"),
        ("America/New_York", "6 July 2026", "7:05pm on 6 July 2026"),
    ],
)
def test_an_instant_reads_in_the_zone_of_the_pack(zone: str, day: str, moment: str) -> None:
    filters = filters_in(ZoneInfo(zone))
    assert filters["day"](LATE) == day
    assert filters["moment"](LATE) == moment
    assert filters["day"](date(2026, 7, 6)) == "6 July 2026"
