"""How dates, amounts and counts read on a page. British, plain, the same everywhere."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
"""The zone pages are read in; due dates are local days already and need none."""


def day(value: date) -> str:
    """Return `value` as people write a date: 7 March 2027. An instant is its local day."""
    local = value.astimezone(ZONE) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


def moment(value: datetime) -> str:
    """Return `value` as a local time and date: 4:05pm on 7 March 2027."""
    local = value.astimezone(ZONE)
    hour = local.hour % 12 or 12
    return f"{hour}:{local:%M}{'am' if local.hour < 12 else 'pm'} on {day(local)}"  # noqa: PLR2004


def pounds(pence: int) -> str:
    """Return an amount in pence as pounds: £1,250 or £12.50."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}" if rest == 0 else f"£{whole:,}.{rest:02}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `count` with its noun: 1 day, 3 days."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(token: str) -> str:
    """Return a kebab-case token as words: not-yet-due becomes Not yet due."""
    words = token.replace("-", " ")
    return words[:1].upper() + words[1:]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "moment": moment,
    "pounds": pounds,
    "counted": counted,
    "sentence": sentence,
}
