"""Setting pages and pictures in type with typst, in fonts that come with the packages."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

from badges.codes import spaced
from badges.pictures.badge import PictureFacts
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


def draw_poster(facts: PictureFacts, *, placement: str | None = None) -> bytes:
    """Return an A4 poster as PDF/UA; `placement` is the label of the door or van it is for."""
    size = assess_print_size(facts.address)
    said = {
        "organisation": facts.organisation,
        "charter": facts.charter,
        "signed": facts.signed,
        "shown": facts.address.partition("://")[2],
        "host": facts.host,
        "code": spaced(facts.code),
        "language": facts.language,
        "placement": placement,
        "least_mm": size.least_mm,
        "qr": qr_svg(facts.address, "QR code"),
    }
    return _set("poster.typ", {"facts": json.dumps(said)}, form="pdf")


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
