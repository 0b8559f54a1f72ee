"""One router's configuration, typed and without a vendor's words: what `compile` makes and a vendor module renders."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Interface, IPv6Network


@dataclass(frozen=True, slots=True)
class Interface:
    name: str
    description: str
    address: IPv6Interface
    isis_metric: int | None  # None: not in IS-IS
    vrf: str | None = None


@dataclass(frozen=True, slots=True)
class Isis:
    process: str
    net: str
    locator: str


@dataclass(frozen=True, slots=True)
class Locator:
    """An F3216 locator: block 32, node 16, function 16 bits."""

    name: str
    prefix: IPv6Network
    source: IPv6Address  # outer source address of encapsulated packets


@dataclass(frozen=True, slots=True)
class Neighbor:
    address: IPv6Address
    description: str
    client: bool  # this router reflects routes to it


@dataclass(frozen=True, slots=True)
class Vrf:
    name: str
    table: int  # kernel routing table of the VRF device
    interfaces: tuple[str, ...]
    rd: str
    rt: str
    sid: IPv6Address


@dataclass(frozen=True, slots=True)
class Bgp:
    asn: int
    router_id: IPv4Address
    neighbors: tuple[Neighbor, ...]
    networks: tuple[IPv6Network, ...]
    service_sid: IPv6Address
    vrfs: tuple[Vrf, ...]


@dataclass(frozen=True, slots=True)
class StaticRoute:
    prefix: IPv6Network
    next_hop: IPv6Address | None  # None: discard
    interface: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceConfig:
    device: str
    hostname: str
    vendor: str
    loopback: IPv6Address
    interfaces: tuple[Interface, ...]
    statics: tuple[StaticRoute, ...]
    isis: Isis
    locator: Locator
    bgp: Bgp
