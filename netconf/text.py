"""Addresses as text, by the C library: `str()` of an ipaddress object costs ten times as much, and a large province has millions."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from socket import AF_INET, AF_INET6, inet_ntop


def network_text(base: int, length: int) -> str:
    """The IPv6 prefix of `length` bits at `base`."""
    return f"{inet_ntop(AF_INET6, base.to_bytes(16, 'big'))}/{length}"


def address_text(address: IPv6Address | IPv4Address) -> str:
    """In the canonical form of RFC 5952, without an interface's length."""
    return inet_ntop(AF_INET6 if address.version == 6 else AF_INET, int(address).to_bytes(16 if address.version == 6 else 4, "big"))


def interface_text(interface: IPv6Interface | IPv4Interface) -> str:
    """`address/length`."""
    return f"{address_text(interface.ip)}/{interface.network.prefixlen}"


def prefix_text(prefix: IPv6Network | IPv4Network) -> str:
    return f"{address_text(prefix.network_address)}/{prefix.prefixlen}"
