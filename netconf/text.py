"""Addresses as text in the canonical form of RFC 5952, by the C library.

An ipaddress object costs ten times as much to make and to print, and a large province has millions; the network's model holds text.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from inventory.errors import InputError


def ipv6_text(number: int) -> str:
    return inet_ntop(AF_INET6, number.to_bytes(16))


def network_text(base: int, length: int) -> str:
    """The IPv6 prefix of `length` bits at `base`."""
    return f"{inet_ntop(AF_INET6, base.to_bytes(16))}/{length}"


@lru_cache(maxsize=256)  # the SIDs of a locator are made one after the other
def number_of(text: str) -> int:
    """Of an IPv6 address, or of the first address of a prefix that is written as such. Raises InputError."""
    try:
        return int.from_bytes(inet_pton(AF_INET6, text.partition("/")[0]), "big")
    except OSError as error:
        raise InputError(f"{text} is no IPv6 address or prefix") from error


def is_network(address: str, length: int) -> bool:
    """Whether this is a prefix, written as the model writes it: no bits of a host, and the canonical text."""
    family, width = (AF_INET6, 128) if ":" in address else (AF_INET, 32)
    try:
        packed = inet_pton(family, address)
    except OSError:
        return False
    return 0 <= length <= width and inet_ntop(family, packed) == address and not int.from_bytes(packed, "big") & (1 << (width - length)) - 1


def is_prefix(text: str) -> bool:
    """The same of `address/length`."""
    address, _, length = text.partition("/")
    return length.isdigit() and is_network(address, int(length))


def address_text(address: IPv6Address | IPv4Address) -> str:
    return _text(int(address), isinstance(address, IPv6Address))


def prefix_text(prefix: IPv6Network | IPv4Network) -> str:
    return f"{_text(int(prefix.network_address), isinstance(prefix, IPv6Network))}/{prefix.prefixlen}"


def first_text(prefix: IPv6Network | IPv4Network) -> str:
    """The router's address in a LAN, with the LAN's length: the first of the prefix."""
    return f"{_text(int(prefix.network_address) + 1, isinstance(prefix, IPv6Network))}/{prefix.prefixlen}"


def _text(number: int, six: bool) -> str:
    return inet_ntop(AF_INET6, number.to_bytes(16)) if six else inet_ntop(AF_INET, number.to_bytes(4))
