"""Setting pages and pictures in type with typst, in fonts that come with the packages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from badges.pictures.badge import PictureFacts, in_words
from badges.pictures.qr import assess_print_size, qr_svg

if TYPE_CHECKING:
    import typst

_FONT_PACKAGES: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
_PIXELS_PER_INCH: Final = 144.0
"""Two pixels to a point, so a badge of 400 points is 800 pixels wide."""


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - 7 MB that only a process which sets type should carry

    folders = [str(files(package).joinpath("files")) for package in _FONT_PACKAGES]
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=folders,
    )


def draw_png(svg: str) -> bytes:
    """Return the picture `svg` as a PNG, two pixels to its unit."""
    return _set("picture.typ", {"svg": svg}, form="png")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFor:
    """The one place that a printed copy is for, as its code says to whoever scans it there."""

    kind: str
    label: str
    code: str
    printed_on: date


@dataclass(frozen=True, slots=True)
class Sheet:
    """How something to hang up is laid out, and how wide its QR code is, in millimetres.

    A code is read from a distance of about ten times its width.
    """

    template: str
    qr_mm: float


POSTER: Final = Sheet("poster.typ", 88)
SHEETS: Final[Mapping[str, Sheet]] = MappingProxyType(
    {"van": Sheet("poster.typ", 102), "lanyard": Sheet("card.typ", 42)}
)
"""Kind of place → its sheet; every other place has the poster."""


def draw_poster(facts: PictureFacts, *, place: PrintedFor | None = None) -> bytes:
    """Return what is hung up as PDF/UA: a poster, or what suits the place it is for."""
    sheet = SHEETS.get(place.kind, POSTER) if place else POSTER
    printed = place and {
        "label": place.label,
        "code": place.code.upper(),
        "printed": in_words(place.printed_on),
    }
    return _set_pdf(sheet.template, facts, qr_mm=sheet.qr_mm, place=printed)


def draw_certificate(
    facts: PictureFacts, *, version: str, issuer: str, edition: int, printed_on: date
) -> bytes:
    """Return the certificate of signature as PDF/UA: A4, to be framed."""
    return _set_pdf(
        "certificate.typ",
        facts,
        qr_mm=40,
        version=version,
        issuer=issuer,
        edition=edition,
        printed=in_words(printed_on),
    )


def _set_pdf(template: str, facts: PictureFacts, *, qr_mm: float, **more: object) -> bytes:
    """Set a page of `facts`, its code never smaller than can be scanned.

    Raises AddressTooLong.
    """
    said = {
        "organisation": facts.organisation,
        "charter": facts.charter,
        "signed": facts.signed,
        "shown": facts.address.partition("://")[2],
        "host": facts.host,
        "language": facts.language,
        "qr_mm": max(qr_mm, assess_print_size(facts.address).advised_mm),
        "qr": qr_svg(facts.address, "QR code"),
        **more,
    }
    return _set(template, {"facts": json.dumps(said)}, form="pdf")


def _set(template: str, inputs: Mapping[str, str], *, form: Literal["pdf", "png"]) -> bytes:
    import typst  # noqa: PLC0415 - as above

    return typst.compile(
        files("badges.pictures").joinpath(template).read_bytes(),
        format=form,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        ppi=_PIXELS_PER_INCH,
        pdf_standards="ua-1" if form == "pdf" else [],
        timestamp=0,
    )
