"""Revoked indexes → the Bitstring Status List credential. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from badges.credentials.facts import Issuer
from badges.credentials.model import (
    BitstringStatusList,
    BitstringStatusListCredential,
    whole_second,
)
from badges.status_lists.bits import encode_bits

LIFE: Final = timedelta(hours=24)
"""A list is signed anew each hour and at each change; after a day nobody should believe it."""

TTL: Final = timedelta(minutes=5)
"""How long a reader may keep a list before asking again."""


def build_status_list(
    number: int,
    revoked: Iterable[int],
    *,
    issuer: Issuer,
    at: datetime,
) -> BitstringStatusListCredential:
    """Return the unsigned list `number` in which the entries `revoked` are set, as of `at`."""
    address = issuer.status_list_url(number)
    return BitstringStatusListCredential(
        id=address,
        issuer=issuer.did,
        valid_from=whole_second(at),
        valid_until=whole_second(at + LIFE),
        credential_subject=BitstringStatusList(
            id=f"{address}#list",
            encoded_list=encode_bits(revoked),
            ttl=TTL // timedelta(milliseconds=1),
        ),
    )
