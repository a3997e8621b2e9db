"""The doors to the outside that a worker needs, chosen by the settings: mail, files, scanner."""

from dataclasses import dataclass

from registry.adapters.mail import Mailer
from registry.adapters.mailers import mailer_from_url
from registry.adapters.object_store import ObjectStore, object_store_from_url
from registry.adapters.scanner import Scanner, scanner_from_url
from registry.settings import Settings


@dataclass(frozen=True, slots=True)
class Doors:
    """Where mail goes out, where files rest, and who looks for viruses."""

    mailer: Mailer
    files: ObjectStore
    scanner: Scanner


def open_doors(settings: Settings) -> Doors:
    """Return the doors that `settings` name; nothing is connected yet.

    Stand-ins for servers must have been replaced by real addresses. Raises ValueError on an
    address that no adapter understands.
    """
    return Doors(
        mailer=mailer_from_url(settings.mail_url, sender=settings.hub_email),
        files=object_store_from_url(settings.files_url),
        scanner=scanner_from_url(settings.scanner_url),
    )
