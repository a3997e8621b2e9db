"""Pictures, painted anew: the pixels stay, everything said about them goes."""

import warnings
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from registry.adapters.files.kinds import FileKind, RefusalCode, Refused

LONGEST_EDGE = 4096
"""A safe copy is scaled down to this many pixels on its longer side."""

_DECODERS = {FileKind.PNG: "PNG", FileKind.JPEG: "JPEG", FileKind.HEIC: "HEIF"}
_ENCODERS = {FileKind.PNG: "PNG", FileKind.JPEG: "JPEG", FileKind.HEIC: "JPEG"}
MOST_PIXELS = {"HEIF": 30_000_000} | dict.fromkeys(
    ("PNG", "JPEG", "GIF", "BMP", "TIFF"), 50_000_000
)
"""How many pixels a picture may have, by decoder: what fits the memory of the jail, and a little
more than a phone makes in one shot."""

_DECODERS_IN_DOCUMENTS = ("PNG", "JPEG", "GIF", "BMP", "TIFF")

_PIXEL_MODES = {"PNG": ("RGBA", "RGB", "L", "1"), "JPEG": ("RGB", "L")}
"""How pixels may be kept per format; the first is what any other is turned into."""

_ENCODING: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 88, "optimize": True},
}

_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError)


def clean_picture(source: Path, target: Path, *, kind: FileKind) -> None:
    """Paint `source` again as `target`: upright, at most LONGEST_EDGE long, with no metadata.

    Only the decoder of the recognised kind is tried. The size is read before any pixel is.
    Raises Refused with PICTURE_TOO_LARGE or UNREADABLE.
    """
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    with source.open("rb") as content, target.open("wb") as out:
        _repaint(content, out, decoders=(_DECODERS[kind],), as_format=_ENCODERS[kind])


def repaint(content: bytes, *, as_format: str) -> bytes:
    """Return a picture from inside a document, painted again. Raises Refused likewise."""
    out = BytesIO()
    _repaint(BytesIO(content), out, decoders=_DECODERS_IN_DOCUMENTS, as_format=as_format)
    return out.getvalue()


def _repaint(
    content: IO[bytes], out: IO[bytes], *, decoders: tuple[str, ...], as_format: str
) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.MAX_IMAGE_PIXELS = None  # The cap below is ours and comes before decoding.
            with Image.open(content, formats=decoders) as picture:
                if picture.width * picture.height > MOST_PIXELS.get(str(picture.format), 0):
                    raise Refused(RefusalCode.PICTURE_TOO_LARGE)
                picture.draft(None, (LONGEST_EDGE, LONGEST_EDGE))
                painted = _paint(picture, _PIXEL_MODES[as_format])
    except _BROKEN as broken:
        raise Refused(RefusalCode.UNREADABLE) from broken
    painted.save(out, format=as_format, **_ENCODING[as_format])


def _paint(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """Return the pixels of the first frame, upright, with nothing attached.

    Scaled down before it is turned, since each step keeps a copy in memory.
    """
    turned = picture.getexif()
    pixels: Image.Image = picture
    if pixels.mode.startswith(("I", "F")):
        pixels = pixels.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if pixels.mode not in modes:
        pixels = pixels.convert(modes[0])
    pixels.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    pixels.getexif().update(turned)
    upright = ImageOps.exif_transpose(pixels)
    upright.info = {}
    return upright
