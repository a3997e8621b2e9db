"""Looking up the code in an address, while whoever only guesses at codes is slowed down.

A code that is held is answered for everybody, always: no number of other people's guesses, from
the same network even, hides a badge. Networks are counted hashed, and forgotten with the window.
"""

from typing import Any

from litestar import Request

from registry.accounts import limits
from registry.web.asked import registry_of
from registry.web.networks import network_of
from registry.web.proof.reading import BadgeShown, UnknownBadge, find_badge


async def seek_badge(request: Request[Any, Any, Any], typed: str) -> BadgeShown:
    """Return the badge whose code was meant by `typed`.

    Raises UnknownBadge, and TooManyAttempts once one network asked for too many unknown ones.
    """
    registry = registry_of(request)
    try:
        return await find_badge(typed, registry.scheme)
    except UnknownBadge:
        network = network_of(request)
        await limits.spend(registry.desk, limits.UNKNOWN_CODES_PER_NETWORK, network)
        raise
