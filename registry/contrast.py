"""Contrast between colours as WCAG 2.2 defines it; a brand that cannot be read is refused."""

import re

TEXT = 4.5
"""Least ratio of text to its ground (success criterion 1.4.3)."""
BORDER = 3.0
"""Least ratio of a border or icon to what lies beside it (success criterion 1.4.11)."""

LINEAR_BELOW = 0.04045
"""Where sRGB's curve begins; darker channels are linear."""

PAGE = "#ffffff"
"""The ground of every page."""


def is_colour(word: str) -> bool:
    """Say whether `word` is a colour in the only form we take: `#` and six hexadecimal digits."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", word) is not None


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colour: str, ground: str, least: float) -> str:
    """Return what is wrong with a colour on its ground, or nothing where it can be read."""
    found = contrast(colour, ground)
    if found >= least:
        return ""
    return f"has a contrast of {found:.1f}:1 on {ground}, and needs {least}:1 to be read"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
