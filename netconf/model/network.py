"""The network as it is intended: what `design` makes of the estate, before any vendor's words."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Interface, IPv6Network


@dataclass(frozen=True, slots=True)
class Port:
    """One end of a backbone link."""

    interface: str
    peer: str  # device id at the other end
    peer_interface: str
    address: IPv6Interface  # a /127 (RFC 6164)
    metric: int
    mtu: int  # bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A LAN at a router; the router's own address in it is the first of the prefix."""

    lan: str
    name: str
    interface: str
    address: IPv6Interface
    vpn: str | None


@dataclass(frozen=True, slots=True)
class ServiceRoute:
    """The service address of a system, routed to the host that serves it now."""

    system: str
    address: IPv6Address
    next_hop: IPv6Address
    interface: str


@dataclass(frozen=True, slots=True)
class VpnAt:
    """A department's VPN at one router: route distinguisher and route target are both ASN:number."""

    vpn: str
    vrf: str  # name of the VRF device, at most 15 bytes (IFNAMSIZ)
    table: int
    rd: str
    rt: str
    sid: IPv6Address  # End.DT46, fixed by the plan


@dataclass(frozen=True, slots=True)
class Node:
    """A router of the backbone."""

    device: str
    name: str
    role: str
    vendor: str
    router_id: IPv4Address
    loopback: IPv6Address
    locator: IPv6Network  # /48: block 32, node 16 (F3216)
    net: str  # IS-IS network entity title
    service_sid: IPv6Address  # End.DT6 of the global table
    ports: tuple[Port, ...]
    attachments: tuple[Attachment, ...]
    services: tuple[ServiceRoute, ...]
    vpns: tuple[VpnAt, ...]

    @property
    def reflector(self) -> bool:
        return self.role == "core"


@dataclass(frozen=True, slots=True)
class Network:
    """All routers of a scope, by device id."""

    asn: int
    block: IPv6Network  # the F3216 locator block
    nodes: dict[str, Node]
