"""The badge to keep: the unbaked picture that a credential is baked into, drawn once per code.

It says who signed what and where to look, and never a standing, because a copy of it lives
longer than any standing does.
"""

import hashlib
from dataclasses import astuple, dataclass
from datetime import date
from functools import partial
from html import escape
from typing import Final

from badges.codes import spaced
from badges.pictures.lettering import FONTS, text_at
from badges.pictures.look import INK, PAPER, QUIET_INK
from badges.pictures.qr import qr_matrix, qr_path

DRAWING: Final = 1
"""Raised when the badge is designed anew, so that every badge is drawn again."""

BAND: Final = "#1d3557"
WIDTH: Final = 400
HEIGHT: Final = 520


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What the badge, its poster and its kit say; `address` is printed and is in the QR code."""

    organisation: str
    charter: str
    signed_on: date
    address: str
    code: str
    language: str = "en-GB"

    @property
    def host(self) -> str:
        """Return the registry's host, which a person should recognise before scanning."""
        return self.address.partition("://")[2].partition("/")[0]

    @property
    def signed(self) -> str:
        """Return the day of signing in words."""
        return in_words(self.signed_on)

    def digest(self) -> str:
        """Return what stands for a drawing of these facts, so that none is drawn twice."""
        said = repr((DRAWING, *astuple(self))).encode()
        return hashlib.sha256(said).hexdigest()


def in_words(day: date) -> str:
    """Return a day as people write it: 7 March 2027."""
    return f"{day.day} {day:%B %Y}"


def draw_badge(facts: PictureFacts) -> str:
    """Return the badge as SVG text."""
    matrix = qr_matrix(facts.address)
    module = 300 // len(matrix)
    margin = (WIDTH - module * len(matrix)) / 2
    line = partial(text_at, x=WIDTH / 2, room=WIDTH - 32, centred=True)
    signed = f"Signed {facts.signed}"
    typed = f"or type {facts.host}/b/{facts.code}"
    lines = (
        line(facts.charter, y=34, size=20, fill=PAPER, bold=True),
        line(facts.organisation, y=86, size=24, fill=INK, bold=True),
        line(signed, y=112, size=15, fill=QUIET_INK),
        line("Does it keep its word?", y=450, size=17, fill=INK),
        line("Scan to see how it stands today,", y=474, size=15, fill=INK),
        line(typed, y=498, size=13, fill=INK),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="badge-title badge-description" font-family="{FONTS}">'
        f'<title id="badge-title">{escape(facts.charter)}: {escape(facts.organisation)}</title>'
        f'<desc id="badge-description">{escape(facts.organisation)} signed '
        f"“{escape(facts.charter)}” on {facts.signed}. How it stands today is at "
        f"{escape(facts.address)}, code {spaced(facts.code)}.</desc>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
        f'<rect width="{WIDTH}" height="52" fill="{BAND}"/>'
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" fill="none" '
        f'stroke="{BAND}" stroke-width="2"/>'
        f'<path transform="translate({margin:g} 122) scale({module})" fill="{INK}" '
        f'shape-rendering="crispEdges" d="{qr_path(matrix)}"/>'
        f"{''.join(lines)}</svg>"
    )
