"""The live picture for other people's web pages: the standing as it is now, in three sizes.

No script, no reference to anything outside, no variable, fonts that everyone has. A known
badge in a bad standing is a picture like any other; a code nobody holds says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from types import MappingProxyType
from typing import Final, Literal

from badges.pictures.lettering import FONTS, estimate_width, text_at
from badges.pictures.look import INK, LOOKS, PAPER, QUIET_INK, UNKNOWN, Look
from badges.pictures.qr import qr_matrix, qr_path
from charter.standing.words import Standing

LiveSize = Literal["strip", "card", "plate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFacts:
    """What the live picture says. `address` is the badge's own; it is also printed as text."""

    organisation: str
    charter: str
    standing: Standing
    checked_on: date
    address: str


@dataclass(frozen=True, slots=True)
class _Drawing:
    width: float
    height: float
    content: str


def draw_live(facts: LiveFacts, size: LiveSize) -> str:
    """Return the live picture of `facts` as SVG text."""
    look = LOOKS[facts.standing]
    checked = f"checked {_day(facts.checked_on)}"
    drawing = _DRAWN[size](facts, look)
    return _framed(
        drawing,
        title=f"{facts.charter}: {facts.organisation} - {look.word}, {checked}",
        description=(
            f"{facts.organisation} signed “{facts.charter}”. Standing: {look.word}, {checked}. "
            f"The newest answer is at {facts.address}. This picture alone proves nothing."
        ),
    )


def draw_unknown(checked_on: date) -> str:
    """Return the picture for a code that belongs to no badge."""
    word = UNKNOWN.word
    width = estimate_width(word, 11, bold=True) + 32
    content = (
        f'<rect width="{width:g}" height="20" fill="{UNKNOWN.ground}"/>'
        f"{_shape(UNKNOWN, 5, 4)}"
        f"{text_at(word, x=22, y=14, size=11, room=width - 26, fill=PAPER, bold=True)}"
    )
    return _framed(
        _Drawing(width, 20, content),
        title=f"This is {word}",
        description=f"No organisation holds this code. Checked {_day(checked_on)}.",
    )


def _strip(facts: LiveFacts, look: Look) -> _Drawing:
    name_room = min(200.0, estimate_width(facts.organisation, 11))
    said = f"{facts.charter}: {look.word}"
    said_room = min(280.0, estimate_width(said, 11, bold=True))
    left, right = name_room + 12, said_room + 28
    content = (
        f'<rect width="{left:g}" height="20" fill="{PAPER}"/>'
        f'<rect x="{left:g}" width="{right:g}" height="20" fill="{look.ground}"/>'
        f'<rect x=".5" y=".5" width="{left + right - 1:g}" height="19" fill="none" '
        f'stroke="{look.ground}"/>'
        f"{text_at(facts.organisation, x=6, y=14, size=11, room=name_room, fill=INK)}"
        f"{_shape(look, left + 5, 4)}"
        f"{text_at(said, x=left + 22, y=14, size=11, room=said_room, fill=PAPER, bold=True)}"
    )
    return _Drawing(left + right, 20, content)


def _card(facts: LiveFacts, look: Look) -> _Drawing:
    checked = f"Checked {_day(facts.checked_on)}"
    content = (
        f'<rect width="240" height="80" fill="{PAPER}"/>'
        f'<rect y="44" width="240" height="36" fill="{look.ground}"/>'
        f'<rect x=".5" y=".5" width="239" height="79" fill="none" stroke="{look.ground}"/>'
        f"{text_at(facts.organisation, x=10, y=19, size=14, room=220, fill=INK, bold=True)}"
        f"{text_at(facts.charter, x=10, y=36, size=12, room=220, fill=QUIET_INK)}"
        f"{_shape(look, 10, 50)}"
        f"{text_at(look.word, x=28, y=60, size=13, room=200, fill=PAPER, bold=True)}"
        f"{text_at(checked, x=28, y=74, size=10, room=200, fill=PAPER)}"
    )
    return _Drawing(240, 80, content)


def _plate(facts: LiveFacts, look: Look) -> _Drawing:
    matrix = qr_matrix(facts.address)
    module = 216 // len(matrix)
    margin = (240 - module * len(matrix)) / 2
    shown = facts.address.partition("://")[2]
    checked = f"Checked {_day(facts.checked_on)}"
    line = partial(text_at, x=120, room=224, centred=True)
    content = (
        f'<rect width="240" height="344" fill="{PAPER}"/>'
        f'<rect y="292" width="240" height="52" fill="{look.ground}"/>'
        f'<rect x=".5" y=".5" width="239" height="343" fill="none" stroke="{look.ground}"/>'
        f"{line(facts.organisation, y=26, size=16, fill=INK, bold=True)}"
        f"{line(facts.charter, y=46, size=12, fill=QUIET_INK)}"
        f'<path transform="translate({margin:g} 54) scale({module})" fill="{INK}" '
        f'shape-rendering="crispEdges" d="{qr_path(matrix)}"/>'
        f"{line(shown, y=282, size=10, fill=INK)}"
        f"{_shape(look, 12, 305)}"
        f"{text_at(look.word, x=30, y=316, size=15, room=200, fill=PAPER, bold=True)}"
        f"{text_at(checked, x=30, y=334, size=11, room=200, fill=PAPER)}"
    )
    return _Drawing(240, 344, content)


_DRAWN: Final[MappingProxyType[LiveSize, Callable[[LiveFacts, Look], _Drawing]]] = MappingProxyType(
    {"strip": _strip, "card": _card, "plate": _plate},
)


def _framed(drawing: _Drawing, *, title: str, description: str) -> str:
    size = f'width="{drawing.width:g}" height="{drawing.height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" '
        f'aria-labelledby="live-title live-description" font-family="{FONTS}">'
        f'<title id="live-title">{escape(title)}</title>'
        f'<desc id="live-description">{escape(description)}</desc>'
        f"{drawing.content}</svg>"
    )


def _shape(look: Look, x: float, y: float) -> str:
    return (
        f'<path transform="translate({x:g} {y:g})" d="{look.shape}" fill="none" '
        f'stroke="{PAPER}" stroke-width="1.8" stroke-linecap="round"/>'
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
