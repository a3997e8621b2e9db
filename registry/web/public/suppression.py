"""Small counts of people are not published, nor anything that they could be reckoned from.

A count from one to four is left out. So is one whose difference to another that is published is
from one to four: from "20 received, 17 decided" anybody can tell that three wait. Organisations
are never left out.
"""

from collections.abc import Sequence


def is_safe(count: int, fewest: int) -> bool:
    """Whether a count of people may be told: nobody, or not few."""
    return count == 0 or count >= fewest


def publish_nested(counts: Sequence[int], fewest: int) -> list[int | None]:
    """Return counts that each include the next, with None where one must not be told.

    Every difference between two of those told is nought, or not small.
    """
    told: list[int | None] = []
    above: int | None = None
    for count in counts:
        if is_safe(count, fewest) and (above is None or is_safe(above - count, fewest)):
            told.append(count)
            above = count
        else:
            told.append(None)
    return told


def publish_measure(measure: float | None, people: int, fewest: int) -> float | None:
    """Return a sum or a middle value, or None where few people are behind it."""
    return measure if is_safe(people, fewest) else None
