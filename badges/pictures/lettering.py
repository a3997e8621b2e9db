"""Text in an SVG that must fit whatever font the reader has: estimated, shortened, fixed."""

import unicodedata
from html import escape
from typing import Final

FONTS: Final = "Noto Sans,Verdana,Arial,Helvetica,sans-serif"

_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]·- \u2019")
_WIDE: Final = frozenset("mwMW@%—…")
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})


def estimate_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide `text` is at `size`, in the same unit; on the generous side."""
    return sum(map(_share_of_em, text)) * size * (1.08 if bold else 1)


def _share_of_em(character: str) -> float:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.95
    return 0.7 if character.isupper() else 0.58


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return `text`, cut with an ellipsis where it would not fit into `room`."""
    if estimate_width(text, size, bold=bold) <= room:
        return text
    while text and estimate_width(f"{text}…", size, bold=bold) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def text_at(
    text: str,
    *,
    x: float,
    y: float,
    size: float,
    room: float,
    fill: str,
    bold: bool = False,
    centred: bool = False,
) -> str:
    """Return a <text> that fits into `room`, its length fixed so that no font can overflow it.

    Long text is set smaller, to seven tenths at the least, and then cut.
    """
    size *= min(1, max(0.7, room / max(1, estimate_width(text, size, bold=bold))))
    fitting = shortened(text, size, room, bold=bold)
    length = min(room, estimate_width(fitting, size, bold=bold))
    weight = ' font-weight="bold"' if bold else ""
    anchor = ' text-anchor="middle"' if centred else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:.3g}" fill="{fill}"{weight}{anchor} '
        f'textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs">{escape(fitting)}</text>'
    )
