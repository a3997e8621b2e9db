"""Baking: putting a signed credential inside its own picture, and reading it out again."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORD: Final = b"openbadgecredential"
_NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
LARGEST_PICTURE: Final = 5_000_000
"""Bytes of a picture that is looked into."""


class NotBaked(ValueError):
    """A picture holds no credential, or not in the way Open Badges 3.0 asks for."""


def bake_png(picture: bytes, credential: bytes) -> bytes:
    """Return the PNG `picture` with `credential` (JSON, UTF-8) in one uncompressed iTXt chunk."""
    body = _KEYWORD + b"\0\0\0\0\0" + credential
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"iTXt" + body))
    header_end = len(_PNG) + 25
    return picture[:header_end] + chunk + picture[header_end:]


def read_png(picture: bytes) -> bytes:
    """Return the credential baked into a PNG; raises NotBaked."""
    if not picture.startswith(_PNG) or len(picture) > LARGEST_PICTURE:
        raise NotBaked("this is not a PNG picture of a usual size")
    baked = [
        body.removeprefix(_KEYWORD + b"\0")
        for kind, body in _chunks(picture)
        if kind == b"iTXt" and body.startswith(_KEYWORD + b"\0")
    ]
    if len(baked) != 1:
        raise NotBaked(f"the picture holds {len(baked)} credentials where one is needed")
    compressed, _, rest = baked[0][:1], baked[0][1:2], baked[0][2:]
    if compressed != b"\0":
        raise NotBaked("the credential in the picture is compressed")
    return rest.split(b"\0", 2)[-1]


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG)
    while position + 12 <= len(picture):
        (length,) = struct.unpack_from(">I", picture, position)
        kind = picture[position + 4 : position + 8]
        end = position + 8 + length
        if end + 4 > len(picture):
            raise NotBaked("the picture is cut short")
        yield kind, picture[position + 8 : end]
        position = end + 4


def bake_svg(picture: str, credential: str) -> str:
    """Return the SVG `picture` with `credential` (JSON) as the first thing inside it."""
    opening, rest = picture.split(">", 1)
    if not opening.startswith("<svg "):
        raise ValueError("the picture must begin with its <svg> element")
    inside = credential.replace("]]>", "]]\\u003e")
    return (
        f'{opening} xmlns:openbadges="{_NAMESPACE}">'
        f"<openbadges:credential><![CDATA[{inside}]]></openbadges:credential>{rest}"
    )


def read_svg(picture: bytes) -> bytes:
    """Return the credential or token baked into an SVG; raises NotBaked."""
    if len(picture) > LARGEST_PICTURE or b"<!DOCTYPE" in picture or b"<!ENTITY" in picture:
        raise NotBaked("this is not an SVG picture of a usual kind")
    try:
        root = ET.fromstring(picture.decode())  # noqa: S314 - capped, and no DOCTYPE: no entities
    except (ET.ParseError, ValueError) as broken:
        raise NotBaked("this is not an SVG picture") from broken
    baked = root.findall(f".//{{{_NAMESPACE}}}credential")
    if len(baked) != 1:
        raise NotBaked(f"the picture holds {len(baked)} credentials where one is needed")
    return (baked[0].get("verify") or baked[0].text or "").strip().encode()
