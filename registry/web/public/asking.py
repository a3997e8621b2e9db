"""What an address may ask besides a name: a past day, a place in the history.

Whatever is not understood is refused with the parameter's name, never passed over.
"""

import re
from collections.abc import Mapping
from datetime import date

from charter.errors import FieldError
from registry.web.refusals import UnusableQuery

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EVENT = re.compile(r"\d{1,18}", re.ASCII)


def read_as_of(parameters: Mapping[str, str], today: date) -> date | None:
    """Return the past day asked about, or None for the present.

    Raises UnusableQuery for what is no day, and for a day that has not come.
    """
    asked = parameters.get("as_of")
    if not asked:
        return None
    day = _day_of(asked)
    if day is None:
        raise _refusal("as_of", "Write the day as YYYY-MM-DD, for example 2026-03-27.")
    if day > today:
        raise _refusal("as_of", "The day must be today or earlier. Nobody knows what comes.")
    return day


def read_after(parameters: Mapping[str, str]) -> int:
    """Return the event after which to go on; 0 for the start. Raises UnusableQuery."""
    asked = parameters.get("after") or parameters.get("cursor") or "0"
    if _EVENT.fullmatch(asked) is None:
        raise _refusal("after", "Write the number of an event, as `meta.next` gives it.")
    return int(asked)


def read_before(parameters: Mapping[str, str]) -> int | None:
    """Return the event before which a feed goes on, or None. Raises UnusableQuery."""
    asked = parameters.get("before")
    if not asked:
        return None
    if _EVENT.fullmatch(asked) is None:
        raise _refusal("before", "Write the number of an event, as the feed's next link gives it.")
    return int(asked)


def _day_of(text: str) -> date | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


FIRST_YEAR = 1900
"""Days before it are no days of any scheme."""


def _refusal(field: str, message: str) -> UnusableQuery:
    return UnusableQuery(
        "The address asks for something unknown.", errors=[FieldError(field, message)]
    )
