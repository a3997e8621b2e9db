"""The bytes of an entry: what the log says, in public and for ever, about one event.

One canonical JSON object (RFC 8785). It names no person and holds no words: a kind `k`, a time `t`,
the organisation's public handle `b`, an edition number `n`, a standing `s`, a digest of the facts
`f` (they are dates, numbers and tokens), and the salted commitment to the words `d`. Once words
and salt are erased, the commitment opens to nothing and the entry still stands (rule 40).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from badges.log.errors import Malformed

VERSION = 1
COMMITMENT_BYTES = 32

_TOKEN = re.compile(r"[a-z][a-z0-9-]{0,63}")
_HANDLE = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencedEvent:
    """A committed event, as far as the log tells of it.

    `id` grows in the order of commits. `recorded_at` and `effective_at` are the instants that the
    public history shows, so those about a review are rounded to the day already. `handle` is the
    badge code of a legal person; where the organisation is one natural person it is left out.
    `organisation` is its opaque identifier, `by` a role, `commitment` is to the event's words.
    """

    id: int
    kind: str
    recorded_at: datetime
    effective_at: datetime | None = None
    organisation: str | None = None
    by: str = "system"
    facts: Mapping[str, Any] = field(default_factory=dict)
    handle: str | None = None
    edition: int | None = None
    standing: str | None = None
    commitment: bytes | None = None


def entry_of(event: SequencedEvent) -> bytes:
    """Return the entry for `event`. Raise Malformed if it holds anything but tokens and numbers."""
    members: dict[str, str | int] = {
        "v": VERSION,
        "k": _checked(_TOKEN, event.kind),
        "t": _instant(event.recorded_at),
        "f": sha256(stated_facts(event)).hexdigest(),
    }
    if event.handle is not None:
        members["b"] = _checked(_HANDLE, event.handle)
    if event.edition is not None:
        members["n"] = event.edition
    if event.standing is not None:
        members["s"] = _checked(_TOKEN, event.standing)
    if event.commitment is not None:
        members["d"] = _digest(event.commitment)
    return canonical(members)


def stated_facts(event: SequencedEvent) -> bytes:
    """Return the canonical statement of which an entry's `f` is the SHA-256.

    Served beside a proof, it shows what the log committed to.
    """
    effective_at = event.effective_at or event.recorded_at
    return canonical(
        {
            "by": event.by,
            "effective_at": _instant(effective_at),
            "facts": event.facts,
            "organisation": event.organisation,
        }
    )


def canonical(members: Mapping[str, Any]) -> bytes:
    """Return RFC 8785's form of an object of text, whole numbers, lists and objects.

    Sorted and compact JSON has that form when no key leaves the basic plane and no number is a
    fraction. This is ten times faster than the general way, with which the tests compare it.
    """
    return msgspec.json.encode(members, order="sorted")


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
