"""Who signs here, by name alone: what pages may say without holding a key."""

from urllib.parse import urlsplit

from badges.credentials.facts import Issuer
from badges.keys import did_for
from registry.settings import Settings

PANEL_NAME = "Community audit panel"


def issuer_of(settings: Settings) -> Issuer:
    """Return who issues badges here: the hub, under the registry's own address."""
    return Issuer(
        did=did_for(settings.public_url),
        name=settings.hub_name,
        url=settings.public_url,
        email=settings.hub_email,
        panel_name=PANEL_NAME,
        panel_url=f"{settings.public_url}/how-standing-is-decided",
        public_url=settings.public_url,
    )


def log_origin(settings: Settings) -> str:
    """Return the public log's name: its address without the scheme."""
    return f"{urlsplit(settings.public_url).netloc}/log"
