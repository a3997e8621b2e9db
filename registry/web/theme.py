"""The look that makes a register its hub's own: /theme.css, written from the settings.

The settings refuse colours that could not be read; nothing here can make a page unreadable.
"""

from registry.settings import FONTS, Settings


def theme_css(settings: Settings) -> str:
    """Return the style sheet of the hub's colours and font."""
    brand, on_brand = settings.brand_colour, settings.brand_text_colour
    link, edge = settings.link_colour, darker(settings.brand_colour)
    return f"""\
:root, .govuk-template {{
  --app-font: {FONTS[settings.font]};
  --govuk-brand-colour: {brand};
  --govuk-link-colour: {link};
  --govuk-link-hover-colour: {darker(link)};
  --govuk-link-visited-colour: {link};
  --govuk-link-active-colour: {darker(link)};
}}
.govuk-generic-header {{ background: {brand}; color: {on_brand}; }}
.govuk-generic-header__homepage-link:link:not(:focus),
.govuk-generic-header__homepage-link:visited:not(:focus) {{ color: {on_brand}; }}
.govuk-button:not(.govuk-button--secondary, .govuk-button--warning, :focus) {{
  background-color: {brand};
  box-shadow: 0 2px 0 {edge};
  color: {on_brand};
}}
.govuk-button:not(.govuk-button--secondary, .govuk-button--warning, :focus):hover {{
  background-color: {edge};
}}
.govuk-panel--confirmation {{ background: {brand}; color: {on_brand}; border-color: {edge}; }}
@media print {{
  .govuk-generic-header {{ background: none; }}
  .govuk-generic-header__homepage-link:link:not(:focus) {{ color: #0b0c0c; }}
}}
"""


def darker(colour: str, share: float = 0.75) -> str:
    """Return `colour` (`#rrggbb`) with each channel at `share` of its strength."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{int(channel * share):02x}" for channel in channels)
