"""What an organisation copies into its own pages: the live picture, linked to its own check."""

from html import escape

from badges.pictures.live import LiveSize

MEASURES: dict[LiveSize, str] = {
    "strip": 'height="20"',
    "card": 'width="240" height="80"',
    "plate": 'width="240" height="344"',
}


def html_snippet(address: str, organisation: str, charter: str, size: LiveSize = "card") -> str:
    """Return the live picture as HTML; its words do not state a standing, which would go stale."""
    said = escape(_said(organisation, charter), quote=True)
    return (
        f'<a href="{escape(address)}"><img src="{escape(address)}/live.svg?size={size}" '
        f'alt="{said}" {MEASURES[size]} loading="lazy"></a>'
    )


def markdown_snippet(address: str, organisation: str, charter: str, size: LiveSize = "card") -> str:
    """Return the live picture as Markdown."""
    said = "".join(f"\\{c}" if c in r"\[]`*_<>" else c for c in _said(organisation, charter))
    return f"[![{said}]({address}/live.svg?size={size})]({address})"


def _said(organisation: str, charter: str) -> str:
    return f"{charter}: check how {organisation} stands today"
