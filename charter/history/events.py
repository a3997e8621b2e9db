"""What an event is, and what its kind says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Fact = str | int | bool | None | list[str] | list[int] | list[dict[str, Any]] | dict[str, Any]
"""What may stand in an event: tokens, numbers and dates as text; never words about people."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event.

    `facts` are the names of its facts; `subject` the sort of thing it is about, whose public
    number and version are the facts named by `number` and `version`. `sentence` is filled with
    the facts. Instants of a kind that is `discreet` are published rounded to the day, so that
    nobody can tell when an auditor was at work.
    """

    kind: str
    sentence: str
    facts: tuple[str, ...] = ()
    subject: str | None = None
    number: str | None = None
    version: str | None = None
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as recorded: what happened, when it takes effect, and when it was written down."""

    id: int
    kind: str
    organisation: UUID | None
    effective_at: datetime
    recorded_at: datetime
    by: str
    data: Mapping[str, Any]
    words: UUID | None = None
    commitment: bytes | None = None
