"""The network as it is intended: what `design` makes of the estate, before any vendor's words.

A `Node` holds all that its configuration is made of, so that it can be compiled alone, and need not be when nothing in it changed.
Addresses and prefixes are text in the canonical form of RFC 5952 (see netconf.text). The records within a node are named tuples, since a large province
has hundreds of thousands of them, and these are made and written out several times as fast as frozen data classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv6Network
from typing import Literal, NamedTuple

from inventory.base import OUTSIDE_BACKBONE
from inventory.policy import EgressPolicy, Interconnect, NetworkPolicy


class Port(NamedTuple):
    """One end of a backbone link."""

    interface: str
    peer: str  # device id at the other end
    peer_interface: str
    address: str  # with its length, a /127 (RFC 6164)
    subnet: str
    metric: int
    mtu: int  # bytes
    link: str = ""  # its id
    peer_name: str = ""
    bandwidth_mbps: int = 0
    delay_us: int = 0  # one way; 0: not known
    planes: tuple[str, ...] = ()  # of both ends
    backbone: bool = True  # both ends speak IS-IS; else one is an access device or a firewall
    peer_address: str = ""


class Attachment(NamedTuple):
    """A LAN at a router; the router's own address in it is the first of the prefix."""

    lan: str
    name: str
    interface: str
    address: str  # with its length
    prefix: str
    vpn: str | None
    address4: str = ""
    kind: str = ""


class ServiceRoute(NamedTuple):
    """The service address of a system, routed to the host that serves it now."""

    system: str
    address: str
    next_hop: str
    interface: str


class VpnAt(NamedTuple):
    """A department's VPN at one router: route distinguisher and route target are both ASN:number."""

    vpn: str
    vrf: str  # name of the VRF device, at most 15 bytes (IFNAMSIZ)
    table: int
    rd: str
    rt: str
    sid: str  # End.DT46, fixed by the plan
    name: str = ""
    families: tuple[Literal["ipv4", "ipv6"], ...] = ("ipv4", "ipv6")
    evpn: bool = False
    colour: int = 0  # of its routes; 0: best effort


class FlexLocator(NamedTuple):
    name: str
    number: int
    locator: str


class TeTarget(NamedTuple):
    """An SRv6-TE policy of this node: colour, end point, and its candidate paths as SIDs, the preferred one first."""

    colour: str
    number: int
    device: str
    name: str
    endpoint: str
    paths: tuple[tuple[str, ...], ...]


class BgpPeer(NamedTuple):
    device: str
    name: str
    loopback: str
    client: bool  # this router reflects routes to it


class AccessPort(NamedTuple):
    """A 5G DNN that ends in a VPN here."""

    dnn: str
    vpn: str
    interface: str
    vlan: int
    address: str  # with its length


class Behind(NamedTuple):
    """A LAN behind an access device of this router."""

    lan: str
    prefix: str
    next_hop: str
    interface: str
    vpn: str | None


class Leg(NamedTuple):
    """One end of the VLAN between a router and the firewall at which its VPN meets a private network."""

    network: str
    vpn: str
    interface: str  # the link's
    vlan: int
    address: str  # with its length
    far: str  # the other end's address
    prefixes: tuple[str, ...]  # what lies behind the other end


@dataclass(frozen=True, slots=True)
class Node:
    """A router or firewall of the extranet."""

    device: str
    name: str
    role: str
    vendor: str
    router_id: str
    loopback: str
    locator: str  # /48: block 32, node 16 (F3216)
    net: str  # IS-IS network entity title
    service_sid: str  # End.DT6 of the global table
    ports: tuple[Port, ...]
    attachments: tuple[Attachment, ...]
    services: tuple[ServiceRoute, ...]
    vpns: tuple[VpnAt, ...]
    model: str = ""
    plane: str = "A"
    site_name: str = ""
    level: Literal["1", "2", "1-2"] = "2"
    summaries: tuple[str, ...] = ()  # locator blocks of its area, announced into level 2
    peers: tuple[BgpPeer, ...] = ()
    flex: tuple[FlexLocator, ...] = ()
    te: tuple[TeTarget, ...] = ()
    access: tuple[AccessPort, ...] = ()
    behind: tuple[Behind, ...] = ()
    legs: tuple[Leg, ...] = ()
    interconnects: tuple[Interconnect, ...] = ()  # that it is the firewall of
    egress: EgressPolicy | None = None  # the egress that it stands in as its firewall
    way_out: str = ""  # its next hop to the internet, at the firewall of its level
    without: frozenset[str] = frozenset()  # features that are not asked of it

    @property
    def reflector(self) -> bool:
        return self.role == "core"

    @property
    def backbone(self) -> bool:
        """It speaks IS-IS, SRv6 and BGP."""
        return self.role not in OUTSIDE_BACKBONE


@dataclass(frozen=True, slots=True)
class Network:
    """All routers of a scope, by device id."""

    asn: int
    block: IPv6Network  # the F3216 locator block
    nodes: dict[str, Node]
    users: IPv6Network | None = None  # the block of all LANs
    operator: str = ""  # who runs it
    policy: NetworkPolicy = field(default_factory=NetworkPolicy)
    slice_colours: dict[str, tuple[int, ...]] = field(default_factory=dict)  # slice name to the colours that ride in it
