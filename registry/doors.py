"""The doors to the outside that a worker needs: mail, files, a scanner, and the DNS."""

from dataclasses import dataclass, field

from registry.adapters.mail import Mailer
from registry.adapters.mailers import mailer_from_url
from registry.adapters.object_store import ObjectStore, object_store_from_url
from registry.adapters.resolver import DnsResolver, Resolver
from registry.adapters.scanner import Scanner, scanner_from_url
from registry.settings import Settings


@dataclass(frozen=True, slots=True)
class Doors:
    """Where mail goes out, where files rest, who looks for viruses, and who knows the DNS."""

    mailer: Mailer
    files: ObjectStore
    scanner: Scanner
    resolver: Resolver = field(default_factory=DnsResolver)


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
