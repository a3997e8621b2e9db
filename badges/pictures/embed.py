"""What an organisation copies into its own pages: the live picture, linked to its own check."""

from dataclasses import dataclass
from html import escape

from badges.pictures.live import LiveSize

MEASURES: dict[LiveSize, str] = {
    "strip": 'height="20"',
    "card": 'width="240" height="80"',
    "plate": 'width="240" height="344"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What a snippet shows: the badge at `address`, linked to its page as of `place`, if any."""

    address: str
    organisation: str
    charter: str
    size: LiveSize = "card"
    place: str | None = None

    @property
    def page(self) -> str:
        """Where the picture leads."""
        return f"{self.address}/{self.place}" if self.place else self.address

    @property
    def picture(self) -> str:
        """Where the live picture is."""
        return f"{self.address}/live.svg?size={self.size}"

    @property
    def said(self) -> str:
        """The picture in words, with no standing in them: one would go stale."""
        return f"{self.charter}: check how {self.organisation} stands today"


def html_snippet(embedded: Embedded) -> str:
    """Return the live picture as HTML."""
    return (
        f'<a href="{escape(embedded.page)}"><img src="{escape(embedded.picture)}" '
        f'alt="{escape(embedded.said)}" {MEASURES[embedded.size]} loading="lazy"></a>'
    )


def markdown_snippet(embedded: Embedded) -> str:
    """Return the live picture as Markdown."""
    said = "".join(f"\\{c}" if c in r"\[]`*_<>" else c for c in embedded.said)
    return f"[![{said}]({embedded.picture})]({embedded.page})"
