"""Reading what a stranger hands in: JSON, a token, or a picture with one of them inside."""

import json
from typing import Any, Final, NoReturn

from badges.credentials.bake import NotBaked, read_png, read_svg

LARGEST_FILE: Final = 5_000_000
"""Bytes; a baked badge of ours has about a hundredth of it."""


class Unreadable(ValueError):
    """The file is not a badge in any form; the message says why."""


def read_badge_file(content: bytes) -> dict[str, Any] | str:
    """Return the JSON document or the token in `content`, whatever form it came in.

    Raises Unreadable.
    """
    if len(content) > LARGEST_FILE:
        raise Unreadable("The file is larger than any badge.")
    try:
        inside = _unwrapped(content).strip()
    except NotBaked as empty:
        raise Unreadable(f"No credential was found: {empty}.") from empty
    if inside.startswith(b"{"):
        return read_json(inside)
    try:
        return inside.decode("ascii")
    except UnicodeDecodeError as odd:
        raise Unreadable("The file is not a badge in JSON, token, PNG or SVG form.") from odd


def _unwrapped(content: bytes) -> bytes:
    if content.startswith(b"\x89PNG"):
        return read_png(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_svg(content)
    return content


def read_json(content: bytes) -> dict[str, Any]:
    """Return the JSON object in `content`; one member may not be given twice.

    Raises Unreadable.
    """
    try:
        document = json.loads(
            content.decode(),
            object_pairs_hook=_members,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as broken:
        raise Unreadable(f"The JSON cannot be read: {broken}.") from broken
    if not isinstance(document, dict):
        raise Unreadable("The JSON is not an object.")
    return document


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is given twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
