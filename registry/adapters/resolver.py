"""Looking into the DNS: one port, and the machine's own resolver behind it.

Only the resolver is asked, never the domain itself, and for a few seconds at most. No answer is
no finding: whoever asked tries again later.
"""

from dataclasses import dataclass
from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

DNS_PORT = 53
PATIENCE_SECONDS = 5.0

RESERVED = ("example", "test", "invalid", "localhost", "local")
"""Last parts of names that are nobody's (RFC 2606, RFC 6762): a resolver knows nothing of them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The TXT records at a name; none where it has no such record."""

    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoSuchName:
    """The name does not exist."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody could say. Ask again later."""

    why: str


Answer = Texts | NoSuchName | NoAnswer


class Resolver(Protocol):
    """Something that knows the DNS."""

    async def texts_at(self, name: str) -> Answer:
        """Return the TXT records at `name`. Never raises for anything the DNS does."""
        ...


@dataclass(frozen=True, slots=True)
class DnsResolver:
    """The resolver of this machine, or the one at `host` where it is given."""

    host: str | None = None
    port: int = DNS_PORT
    patience_seconds: float = PATIENCE_SECONDS

    async def texts_at(self, name: str) -> Answer:
        """Ask the resolver once, for a few seconds at most."""
        if name.rstrip(".").rpartition(".")[2].lower() in RESERVED:
            return NoAnswer("the name is reserved")
        try:
            absolute = dns.name.from_text(name)
            found = await self._resolver().resolve(
                absolute, dns.rdatatype.TXT, lifetime=self.patience_seconds, search=False
            )
        except dns.resolver.NXDOMAIN:
            return NoSuchName()
        except dns.resolver.NoAnswer:
            return Texts(frozenset())
        except (dns.exception.DNSException, OSError, ValueError) as failure:
            return NoAnswer(type(failure).__name__)
        return Texts(frozenset(b"".join(row.strings).decode("utf-8", "replace") for row in found))

    def _resolver(self) -> dns.asyncresolver.Resolver:
        if self.host is None:
            return dns.asyncresolver.Resolver()
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [self.host]
        resolver.port = self.port
        return resolver
