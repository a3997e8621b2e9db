"""What every table of a pack has in common: frozen, and refusing keys it does not know."""

from typing import Annotated

import msgspec

KebabId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A stable name: lower case words joined by hyphens; never changed once published."""

Words = Annotated[str, msgspec.Meta(pattern=r"^\S(.*\S)?$")]
"""A text on one line, neither empty nor padded."""

Count = Annotated[int, msgspec.Meta(ge=1)]
"""A whole number of days, months, people or things: at least one."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of a pack. A key that is not a field here is refused, with its line."""
