"""Where a request comes from: the address behind our own proxies, and the network it is in.

Only a proxy named in the settings is believed about whom it asks for, and only about the one
who asked it: whatever further words arrived with the request are anybody's invention.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from litestar import Request

from registry.web.asked import registry_of

FORWARDED = "x-forwarded-for"

MOST_HOPS = 20
"""Proxies of ours that a request may pass; what stands further left is not read."""

PREFIX_BITS = {4: 24, 6: 56}
"""How much of an address names a network, by IP version."""

Address = IPv4Address | IPv6Address


def network_of(request: Request[Any, Any, Any]) -> str:
    """Return the network a request came from. It is hashed before it is counted."""
    peer = request.client.host if request.client else ""
    trusted = registry_of(request).settings.trusted_proxies
    return network_prefix(client_address(peer, request.headers.getall(FORWARDED, []), trusted))


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[str]) -> str:
    """Return who asks: the first address, from our side, that is none of our own proxies.

    `peer` is who is connected to us, `forwarded` the headers in which proxies noted, left to
    right, who was connected to them. What cannot be read ends the walk at whoever passed it on.
    """
    hops = ",".join(forwarded).split(",")
    asking = peer
    for hop in reversed(hops[-MOST_HOPS:]):
        if not _is_ours(asking, trusted) or _address(hop) is None:
            break
        asking = hop.strip()
    return asking


def network_prefix(host: str) -> str:
    """Return the /24 of an IPv4 address, the /56 of an IPv6 one, or `host` where it is neither."""
    address = _address(host)
    if address is None:
        return host
    return str(ip_network((address, PREFIX_BITS[address.version]), strict=False))


def _is_ours(host: str, trusted: Sequence[str]) -> bool:
    address = _address(host)
    return address is not None and any(
        address in ip_network(network, strict=False) for network in trusted
    )


def _address(host: str) -> Address | None:
    """Return `host` as an address; one of IPv4 written as IPv6 is one of IPv4."""
    try:
        address = ip_address(host.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
