"""Entries: canonical, short, and without a word about anybody."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from badges.log.entry import SequencedEvent, entry_of
from badges.log.errors import Malformed

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
EVENT = SequencedEvent(
    id=7,
    kind="badge-issued",
    recorded_at=AT,
    handle="K7P2M9Q4XA",
    edition=3,
    standing="on-track",
    facts={"edition": 3, "code": "K7P2M9Q4XA"},
    commitment=bytes(range(32)),
)


def test_an_entry_is_one_canonical_object() -> None:
    assert entry_of(EVENT) == (
        b'{"b":"K7P2M9Q4XA","d":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",'
        b'"f":"%s","k":"badge-issued","n":3,"s":"on-track","t":"2026-11-22T11:00:00Z","v":1}'
        % sha256(b'{"code":"K7P2M9Q4XA","edition":3}').hexdigest().encode()
    )


def test_an_entry_leaves_out_what_its_event_does_not_have() -> None:
    event = SequencedEvent(id=1, kind="charter-published", recorded_at=AT.astimezone(UTC))
    assert json.loads(entry_of(event)) == {
        "v": 1,
        "k": "charter-published",
        "t": "2026-11-22T11:00:00Z",
    }


@pytest.mark.parametrize(
    "event",
    [
        SequencedEvent(id=1, kind="Words about a person", recorded_at=AT),
        SequencedEvent(id=1, kind="signed", recorded_at=AT, handle="lead@harbour.example"),
        SequencedEvent(id=1, kind="signed", recorded_at=AT, standing="on track"),
        SequencedEvent(id=1, kind="signed", recorded_at=AT, commitment=b"short"),
    ],
)
def test_an_entry_never_carries_words(event: SequencedEvent) -> None:
    with pytest.raises(Malformed):
        entry_of(event)
