"""The charter's text: what a sponsor's signature pins (rule 3)."""

from datetime import date
from hashlib import sha256
from typing import Annotated

import msgspec

from charter.framework.entry import Entry, Words

Digest = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
"""A SHA-256 digest in lower-case hexadecimal, with its prefix."""


def digest_of(content: bytes) -> str:
    """Return the digest of `content` in the form used everywhere in public."""
    return f"sha256:{sha256(content).hexdigest()}"


class Undertaking(Entry, frozen=True, kw_only=True):
    """One numbered promise of the charter; its number is its place."""

    title: Words
    text: Words


class CharterVersion(Entry, frozen=True, kw_only=True):
    """One version of the charter. Once published it never changes."""

    version: Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+$")]
    published_on: date
    resign_by: date | None = None
    """Until when signatories of earlier versions may sign this one; None for the first."""
    digest: Digest
    """Of `full_text`; stated in the pack so that a change of wording cannot go unseen."""
    title: Words
    preamble: Annotated[tuple[Words, ...], msgspec.Meta(min_length=1)]
    undertakings: Annotated[tuple[Undertaking, ...], msgspec.Meta(min_length=1)] = msgspec.field(
        name="undertaking"
    )

    @property
    def full_text(self) -> str:
        """The text exactly as signed: its UTF-8 bytes are what the digest covers."""
        numbered = (
            f"{number}. {undertaking.title}\n{undertaking.text}"
            for number, undertaking in enumerate(self.undertakings, start=1)
        )
        return "\n\n".join((f"{self.title}, version {self.version}", *self.preamble, *numbered))

    def digest_text(self) -> str:
        """Return the digest of the text as it stands."""
        return digest_of(self.full_text.encode())
