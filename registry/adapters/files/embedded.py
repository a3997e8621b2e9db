"""Pictures inside documents that keep their own coding: only their descriptions are cut out."""

from registry.adapters.files.kinds import RefusalCode, Refused

_SOI, _SOS, _EOI = 0xD8, 0xDA, 0xD9
_PIXELS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD})
"""Segments that a decoder needs: frames, tables, scans, restart intervals."""

_COLOURS = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 14)}
"""Notes that say what the colours mean, with how they begin and how long they may be: longer
ones carry a small picture."""

_WITHIN_SCAN = frozenset({0x00, *range(0xD0, 0xD8)})
"""After 0xFF, what still belongs to the coded pixels: a stuffed zero and restart marks."""

_JP2_DESCRIPTIONS = frozenset({b"xml ", b"uuid", b"uinf", b"asoc", b"iptc"})


def strip_jpeg(content: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, comments, or anything after its end.

    Raises Refused with UNREADABLE if it is none.
    """
    if content[:2] != bytes((0xFF, _SOI)):
        raise Refused(RefusalCode.UNREADABLE)
    out, at = bytearray(content[:2]), 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        marker = _marker_at(content, at)
        if marker == _EOI:
            return bytes(out + content[at : at + 2])
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == _SOS:
            end = _end_of_scan(content, end)
        if marker in _PIXELS or _tells_colours(marker, content[at + 4 : end]):
            out += content[at:end]
        at = end


def _tells_colours(marker: int, note: bytes) -> bool:
    start, longest = _COLOURS.get(marker, (b"", 0))
    return bool(start) and note.startswith(start) and len(note) <= longest


def _marker_at(content: bytes, at: int) -> int:
    """Return the marker that must stand at `at`; a file that breaks off ends there."""
    if at >= len(content):
        return _EOI
    if content[at] != 0xFF or at + 1 >= len(content):  # noqa: PLR2004 every marker begins so
        raise Refused(RefusalCode.UNREADABLE)
    return content[at + 1]


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the coded pixels that begin at `at` give way to a marker that ends them."""
    while 0 <= (at := content.find(b"\xff", at)) < len(content) - 1:
        if content[at + 1] not in _WITHIN_SCAN:
            return at
        at += 2
    return len(content)


def strip_jpeg2000(content: bytes) -> bytes:
    """Return a JPEG 2000 file without its descriptive boxes; a bare codestream as it is.

    Raises Refused with UNREADABLE if its boxes do not fit together.
    """
    if content[:4] == b"\xff\x4f\xff\x51":
        return content
    out, at = bytearray(), 0
    while at < len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        end = at + length if length else len(content)
        if len(kind) < 4 or end > len(content) or end - at < 8:  # noqa: PLR2004 a box's head
            raise Refused(RefusalCode.UNREADABLE)
        if kind not in _JP2_DESCRIPTIONS:
            out += content[at:end]
        at = end
    return bytes(out)
