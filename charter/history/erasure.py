"""Removing public words that should never have been written, by two people (rule 40).

One steward proposes with a ground, another confirms. The words and their salt go, a mark stays,
and the removal is an event of its own. The event that the words belonged to keeps its commitment,
so its entry of the log still stands, and nobody can guess the words from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column

from charter.errors import NotFound
from charter.history.erasure_rules import (
    NEVER_REMOVED,
    ErasureDecided,
    ErasureNeedsTwo,
    Mark,
    Passage,
    blanked,
    passages,
    require_passages,
)
from charter.history.queries import read_marks
from charter.history.sentences import sentence_of
from charter.history.tables import Erasure, Event, PublicText
from charter.ledger import Ledger, transaction
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.scheme import Scheme

COPIES = (
    """UPDATE verdict SET reasons = {} WHERE reasons = {} AND seat IN (SELECT seat.id
    FROM review_seat seat JOIN review_case c ON c.id = seat."case" WHERE c.organisation = {})""",
    "UPDATE review_case SET reply_words = {} WHERE reply_words = {} AND organisation = {}",
)
"""Where the same text is kept for the people who wrote it; it goes there, too."""


@dataclass(frozen=True, slots=True)
class TextSeen:
    """One document of public words, and the event it belongs to."""

    id: UUID
    about: str
    recorded_at: datetime
    event: int | None
    sentence: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class ErasureSeen:
    """A removal proposed or decided; `after` is the text as everybody would read it.

    Without an `organisation` the words are the register's own.
    """

    number: int
    organisation: UUID | None
    text: TextSeen
    chosen: tuple[Passage, ...]
    after: tuple[Passage, ...]
    ground: str
    count: int
    proposed_by: UUID
    proposed_at: datetime
    state: str


async def propose_erasure(
    scheme: Scheme,
    *,
    steward: UUID,
    steward_employer_domain: str,
    text: UUID,
    chosen: Sequence[str],
    ground: str,
) -> int:
    """Propose to remove passages of a public text; nothing is removed yet. Return its number.

    Raises `NotFound`, `OwnEmployer` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        row = await _text(text)
        await _require_no_tie(tx, row, steward_employer_domain)
        found = require_passages(passages(_words(row), _marks(row)), chosen, ground)
        erasure = Erasure(
            organisation=row.organisation,
            text=row.id,
            passages=[each.place for each in found],
            ground=ground,
            proposed_by=steward,
            proposed_at=tx.now,
        )
        await erasure.save()
        return int(erasure.id)


async def confirm_erasure(
    scheme: Scheme, *, steward: UUID, steward_employer_domain: str, number: int
) -> None:
    """Remove the words that another steward proposed to remove. There is no way back.

    Raises `NotFound`, `OwnEmployer`, `ErasureNeedsTwo`, `ErasureDecided`, and `InvalidInput` where
    a passage has gone meanwhile.
    """
    async with transaction(scheme) as tx:
        erasure = await _open(number)
        if erasure.proposed_by == steward:
            raise ErasureNeedsTwo("You proposed this. Ask another steward to confirm it.")
        row = await _text(erasure.text, lock=True)
        await _require_no_tie(tx, row, steward_employer_domain)
        found = require_passages(
            passages(_words(row), _marks(row)), erasure.passages, erasure.ground
        )
        await _blank(tx, row, found, erasure.ground)
        await _decide(tx, erasure, "confirmed", steward)
        event = await _event_of(row.id)
        tx.record(
            "words-erased",
            {
                "event": event.id if event is not None else None,
                "passages": [each.place for each in found],
                "count": sum(each.words for each in found),
                "ground": erasure.ground,
            },
            organisation=row.organisation,
            by="steward",
        )


async def drop_erasure(scheme: Scheme, *, steward: UUID, number: int) -> None:
    """Leave the words as they are: whoever proposed takes it back, or another does not confirm."""
    async with transaction(scheme) as tx:
        await _decide(tx, await _open(number), "dropped", steward)


async def blank_all(tx: Ledger, organisation: UUID, *, ground: str) -> int:
    """Blank every text of an organisation but its names; return how many texts had words left.

    Two people must have decided what this follows from. Blanking twice changes nothing.
    """
    rows = (
        await PublicText.objects()
        .where(
            (PublicText.organisation == organisation)
            & PublicText.about.not_in(sorted(NEVER_REMOVED))
        )
        .order_by(PublicText.id)
        .lock_rows("UPDATE")
    )
    blanked_texts = 0
    for row in rows:
        found = [each for each in passages(_words(row), _marks(row)) if each.text and not each.gone]
        if found:
            await _blank(tx, row, found, ground)
            blanked_texts += 1
    return blanked_texts


async def public_texts(organisation: UUID | None) -> tuple[TextSeen, ...]:
    """Return an organisation's public words, the newest first; without one, the register's own.

    Those are the words of resources and quiet periods, and what the hub answers in public.
    """
    whose = (
        PublicText.organisation.is_null()
        if organisation is None
        else PublicText.organisation == organisation
    )
    rows = (
        await PublicText.objects()
        .where(whose & PublicText.about.not_in(sorted(NEVER_REMOVED)))
        .order_by(PublicText.recorded_at, ascending=False)
    )
    return tuple([await _seen(row) for row in rows])


async def public_text(text: UUID) -> tuple[UUID | None, TextSeen] | None:
    """Return one document of public words, after the organisation it is of, if it is of one."""
    row = await PublicText.objects().where(PublicText.id == text).first()
    if row is None or row.about in NEVER_REMOVED:
        return None
    return row.organisation, await _seen(row)


async def erasure(scheme: Scheme, number: int) -> ErasureSeen | None:
    """Return one removal as it would be read if it were confirmed today."""
    row = await Erasure.objects().where(Erasure.id == number).first()
    text = await PublicText.objects().where(PublicText.id == row.text).first() if row else None
    if row is None or text is None:
        return None
    words, marks = _words(text), _marks(text)
    found = tuple(each for each in passages(words, marks) if each.place in row.passages)
    coming = {each.place: Mark(each.words, scheme.today(), row.ground) for each in found}
    return ErasureSeen(
        number=row.id,
        organisation=row.organisation,
        text=await _seen(text),
        chosen=found,
        after=passages(words, coming | marks),
        ground=row.ground,
        count=sum(marks[each.place].count if each.gone else each.words for each in found),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=row.state,
    )


async def open_erasures() -> tuple[int, ...]:
    """Return the numbers of the removals that wait for a second person, the oldest first."""
    rows = await Erasure.select(Erasure.id).where(Erasure.state == "proposed").order_by(Erasure.id)
    return tuple(row["id"] for row in rows)


def _words(row: PublicText) -> dict[str, Any]:
    words: dict[str, Any] = msgspec.json.decode(row.words)
    return words


def _marks(row: PublicText) -> dict[str, Mark]:
    return read_marks(row.erased)


async def _seen(row: PublicText) -> TextSeen:
    event = await _event_of(row.id)
    facts: Mapping[str, Any] = msgspec.json.decode(event.data) if event is not None else {}
    return TextSeen(
        id=row.id,
        about=row.about,
        recorded_at=row.recorded_at,
        event=event.id if event is not None else None,
        sentence=sentence_of(event.kind, facts) if event is not None else "",
        passages=passages(_words(row), _marks(row)),
    )


async def _event_of(text: UUID) -> Event | None:
    return await Event.objects().where(Event.words == text).order_by(Event.id).first()


async def _text(text: UUID, *, lock: bool = False) -> PublicText:
    asked = PublicText.objects().where(PublicText.id == text)
    row = await (asked.lock_rows("UPDATE") if lock else asked).first()
    if row is None or row.about in NEVER_REMOVED:
        raise NotFound("There are no such words.")
    return row


async def _open(number: int) -> Erasure:
    row = await Erasure.objects().where(Erasure.id == number).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such removal.")
    if row.state != "proposed":
        raise ErasureDecided("This was decided already. Look at it again.")
    return row


async def _require_no_tie(tx: Ledger, row: PublicText, domain: str) -> None:
    owner: UUID | None = row.organisation
    if owner is None:
        return
    body = await tx.lock_organisation(owner)
    if shares_employer(domain, body.domain):
        raise OwnEmployer("You work for this organisation. Ask a steward from elsewhere.")


async def _blank(tx: Ledger, row: PublicText, found: Sequence[Passage], ground: str) -> None:
    marks = {each.place: Mark(each.words, tx.today, ground) for each in found}
    changes: dict[Column | str, Any] = {
        PublicText.words: msgspec.json.encode(blanked(_words(row), list(marks))).decode(),
        PublicText.erased: msgspec.json.encode(_marks(row) | marks).decode(),
        PublicText.salt: None,
    }
    await PublicText.update(changes).where(PublicText.id == row.id)
    for each in found:
        for statement in COPIES:
            await PublicText.raw(statement, marks[each.place].note, each.text, row.organisation)


async def _decide(tx: Ledger, row: Erasure, state: str, steward: UUID) -> None:
    changes: dict[Column | str, Any] = {
        Erasure.state: state,
        Erasure.decided_by: steward,
        Erasure.decided_at: tx.now,
    }
    await Erasure.update(changes).where(Erasure.id == row.id)
