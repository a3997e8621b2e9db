"""How each standing looks: a word, a shape and a colour, so that none has to carry it alone."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from charter.standing.words import Standing

LEAST_CONTRAST: Final = 4.5
"""WCAG 2.2 AA for text of any size."""

INK: Final = "#0b0c0c"
PAPER: Final = "#ffffff"
QUIET_INK: Final = "#505a5f"


@dataclass(frozen=True, slots=True)
class Look:
    """A short word, the ground behind it (the word is white), and a shape 12 units square."""

    word: str
    ground: str
    shape: str


_TICK = "M2 6.5 5 9.5 10.5 2.8"
_RING = "M6 1.8a4.2 4.2 0 1 0 .01 0z"
_CLOCK = f"{_RING}M6 3.6V6l1.8 1.3"
_PAUSE = "M4 2.2v7.6M8 2.2v7.6"
_CROSS = "M2.5 2.5l7 7M9.5 2.5l-7 7"
_ALARM = "M6 1.8v5.4M6 9.8v.4"
_DASH = "M2 6h8"
_DOUBT = "M3.9 4.1a2.1 2.1 0 1 1 3 1.9c-.7.4-.9.8-.9 1.6M6 10v.3"

LOOKS: Final = MappingProxyType[Standing, Look](
    {
        Standing.PLAN_DUE: Look("signed, plan due", "#1d70b8", _RING),
        Standing.ON_TRACK: Look("on track", "#00703c", _TICK),
        Standing.OVERDUE: Look("overdue", "#594d00", _CLOCK),
        Standing.SUSPENDED: Look("suspended", "#942514", _PAUSE),
        Standing.NOT_REPORTING: Look("not reporting", "#942514", _ALARM),
        Standing.LAPSED: Look("lapsed", "#505a5f", _DASH),
        Standing.REMOVED: Look("removed", "#505a5f", _CROSS),
        Standing.WITHDRAWN: Look("withdrew", "#505a5f", _DASH),
    },
)
UNKNOWN: Final = Look("not a registered badge", "#505a5f", _DOUBT)


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours written #rrggbb, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
