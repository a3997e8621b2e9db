"""The bytes of an entry: what the log says, in public and for ever, about one event.

One canonical JSON object (RFC 8785). It names no person and holds no words: a kind, a time, the
organisation's public handle, an edition number, a standing, a digest of the event's facts (which
are dates, numbers and tokens), and the salted commitment to its words. Once words and salt are
erased, the commitment opens to nothing and the entry still stands (rule 40).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from badges.log.errors import Malformed

VERSION = 1
COMMITMENT_BYTES = 32

_TOKEN = re.compile(r"[a-z][a-z0-9-]{0,63}")
_HANDLE = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencedEvent:
    """A committed event, as far as the log tells of it.

    `id` grows in the order of commits. `recorded_at` is the instant that the public history
    shows, so one about a review is rounded to the day already. `handle` is the badge code of a
    legal person; where the organisation is one natural person it is left out. `facts` are the
    event's own, `commitment` is to its words.
    """

    id: int
    kind: str
    recorded_at: datetime
    handle: str | None = None
    edition: int | None = None
    standing: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    commitment: bytes | None = None


def entry_of(event: SequencedEvent) -> bytes:
    """Return the entry for `event`. Raise Malformed if it holds anything but tokens and numbers."""
    members: dict[str, str | int] = {
        "v": VERSION,
        "k": _checked(_TOKEN, event.kind),
        "t": _instant(event.recorded_at),
    }
    if event.handle is not None:
        members["b"] = _checked(_HANDLE, event.handle)
    if event.edition is not None:
        members["n"] = event.edition
    if event.standing is not None:
        members["s"] = _checked(_TOKEN, event.standing)
    if event.facts:
        members["f"] = sha256(rfc8785.dumps(dict(event.facts))).hexdigest()
    if event.commitment is not None:
        members["d"] = _digest(event.commitment)
    return rfc8785.dumps(members)


def _checked(form: re.Pattern[str], value: str) -> str:
    if form.fullmatch(value) is None:
        raise Malformed(f"An entry of the log holds tokens only, not {value!r}.")
    return value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _digest(commitment: bytes) -> str:
    if len(commitment) != COMMITMENT_BYTES:
        raise Malformed(f"A commitment has {COMMITMENT_BYTES} bytes.")
    return commitment.hex()
