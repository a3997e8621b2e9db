"""Audit the public words: each still opens the commitment that its event, and so the log, holds."""

import msgspec

from charter.history.tables import PublicText
from charter.ledger import commit

_AT_ONCE = 1_000


async def audit_words() -> list[str]:
    """Return every fault: words that were changed, or that no longer belong to their event.

    Words of which a part was erased have lost their salt and open nothing; they are passed over.
    """
    return [*await _changed_words(), *await _loose_words()]


async def _changed_words() -> list[str]:
    faults: list[str] = []
    last = ""
    while rows := await PublicText.raw(
        """
        SELECT id, words, salt, commitment FROM public_text
        WHERE salt IS NOT NULL AND id::text > {} ORDER BY id::text LIMIT {}
        """,
        last,
        _AT_ONCE,
    ):
        last = str(rows[-1]["id"])
        faults += [
            f"The words {row['id']} are not those that were committed to."
            for row in rows
            if commit(row["salt"], msgspec.json.decode(row["words"])) != row["commitment"]
        ]
    return faults


async def _loose_words() -> list[str]:
    """Find events whose words are gone or carry another commitment than the event does."""
    rows = await PublicText.raw(
        """
        SELECT event.id FROM event LEFT JOIN public_text ON public_text.id = event.words
        WHERE event.words IS NOT NULL
        AND event.commitment IS DISTINCT FROM public_text.commitment
        ORDER BY event.id
        """
    )
    return [f"The words of event {row['id']} are not those it was recorded with." for row in rows]
