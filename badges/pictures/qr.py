"""The QR code: a short address and nothing else, so that people can read where it leads.

Correction level Q survives a sticker over a fifth of it; the quiet zone of four modules is
part of the picture; dark on light always.
"""

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Final

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET_ZONE: Final = 4
"""Light modules on each side."""

MODULE_MM: Final = 0.5
LEAST_MM: Final = 20.0
ADVISED_MM: Final = 25.0
LARGEST_VERSION: Final = 7
"""A longer address would need a code that is awkward to print on a lanyard."""

Matrix = tuple[tuple[bool, ...], ...]


class AddressTooLong(ValueError):
    """The registry's host name is so long that its codes would be too fine to scan."""


@dataclass(frozen=True, slots=True)
class PrintSize:
    """How large the code for an address is: its version, modules a side, and millimetres."""

    version: int
    modules: int
    least_mm: float
    advised_mm: float


@lru_cache(maxsize=256)
def qr_matrix(address: str) -> Matrix:
    """Return the modules of the code for `address`, quiet zone included; true is dark."""
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(address)
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def assess_print_size(address: str) -> PrintSize:
    """Return how large the code for `address` must be printed; raises AddressTooLong."""
    modules = len(qr_matrix(address))
    version = (modules - 2 * QUIET_ZONE - 17) // 4
    if version > LARGEST_VERSION:
        raise AddressTooLong(f"{address!r} needs QR version {version}; at most {LARGEST_VERSION}")
    least = max(LEAST_MM, modules * MODULE_MM)
    return PrintSize(version, modules, least, max(ADVISED_MM, least + 0.5))


def qr_path(matrix: Matrix) -> str:
    """Return the dark modules as SVG path data, each run of a row one rectangle."""
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        for dark, modules in groupby(row):
            length = len(list(modules))
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(runs)


def qr_svg(address: str, title: str) -> str:
    """Return the code as a picture of its own, four pixels a module."""
    matrix = qr_matrix(address)
    side = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * 4}" height="{side * 4}" '
        f'viewBox="0 0 {side} {side}" role="img" aria-labelledby="qr-title" '
        'shape-rendering="crispEdges">'
        f'<title id="qr-title">{escape(title)}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{qr_path(matrix)}" fill="#000"/></svg>'
    )


def qr_png(address: str, scale: int = 12) -> bytes:
    """Return the code as a PNG of black and white, `scale` pixels a module."""
    matrix = qr_matrix(address)
    side = len(matrix) * scale
    lines = b"".join(_png_line(row, scale) * scale for row in matrix)
    header = struct.pack(">IIBBBBB", side, side, *_ONE_BIT_GREY)
    return _PNG + b"".join(
        _png_chunk(kind, body)
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    )


_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ONE_BIT_GREY: Final = (1, 0, 0, 0, 0)
"""One bit a pixel, grey, and the only compression, filter and order that need no words."""


def _png_line(row: tuple[bool, ...], scale: int) -> bytes:
    """Return one line of pixels, light as one, unfiltered, filled up to whole bytes."""
    bits = "".join(("0" if dark else "1") * scale for dark in row)
    filled = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return b"\0" + int(filled, 2).to_bytes(len(filled) // 8, "big")


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    checked = kind + body
    return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))
