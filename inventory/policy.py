"""What the extranet shall do beyond carrying packets: `network.yaml`, all of it optional. A section that is left out is not asked of any device.

Numbers and names are the field's: DSCP by RFC 2474, Flex-Algo numbers by RFC 9350, colours by RFC 9256. Secrets are references, never values.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from inventory.base import DeviceRole, Id, LocatorBlock, Policy

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,30}$")]
Secret = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]  # the name of a secret; its value never stands in an estate
Feature = Literal[
    "system", "clock", "banner", "ssh", "aaa", "snmp", "ntp", "syslog", "telemetry", "acls", "bfd", "vrfs", "interfaces", "isis", "flex_algos", "srv6", "te",
    "route_policies", "bgp", "statics", "qos", "slices", "protection", "zones", "nat",
    "ti_lfa", "evpn",
]  # fmt: skip


class FlexAlgo(Policy):
    """A plane of its own shortest paths (RFC 9350), with locators of its own block."""

    name: Word
    number: int = Field(ge=128, le=255)
    metric: Literal["igp", "delay", "te"] = "igp"
    exclude_plane: Literal["", "A", "B"] = Field(default="", description="links that touch this plane are left out")
    locators: LocatorBlock = Field(description="the F3216 block of its locators, a /32")


class ServiceClass(Policy):
    """One of the classes of service: which DSCP it has, which queue it waits in and what it is promised."""

    name: Literal["be", "af1", "af2", "af3", "af4", "ef", "cs6", "cs7"] = Field(description="the queue's name")
    title: str
    dscp: tuple[Annotated[int, Field(ge=0, le=63)], ...]
    scheduling: Literal["strict", "weighted"] = "weighted"
    weight: int = Field(default=10, ge=1, le=100, description="of weighted queues")
    limit_percent: int | None = Field(default=None, ge=1, le=100, description="of the link, for strict queues")


class Slice(Policy):
    """A share of every backbone link that others cannot take (a channelised sub-interface, or a slice of the data plane)."""

    name: Word
    number: int = Field(ge=1, le=4094)
    title: str
    share_percent: int = Field(ge=1, le=90)
    vpns: tuple[Id, ...] = ()


class Colour(Policy):
    """SRv6-TE policies of one colour (RFC 9256): between routers of two roles, by a Flex-Algo or over given routers."""

    name: Word
    number: int = Field(ge=1, le=2**32 - 1)
    head: tuple[DeviceRole, ...]
    tail: tuple[DeviceRole, ...]
    flex_algo: Word | None = Field(default=None, description="its segments' algorithm; none: shortest path")
    via: tuple[Id, ...] = Field(default=(), description="routers that the first choice crosses, in order")
    backup_via: tuple[Id, ...] = Field(default=(), description="the second choice")
    slice: Word | None = None
    vpns: tuple[Id, ...] = Field(default=(), description="VPNs whose routes get the colour")


class Snmp(Policy):
    """SNMPv3 with authentication and privacy only."""

    user: Word
    auth: Secret
    priv: Secret
    hosts: tuple[IPv6Address, ...] = ()


class Aaa(Policy):
    """Logins by HWTACACS, with one local account for the day on which no server answers."""

    servers: tuple[IPv6Address, ...]
    secret: Secret
    emergency_user: Word
    emergency_secret: Secret


class Telemetry(Policy):
    collectors: tuple[IPv6Address, ...]
    port: int = Field(default=57400, gt=0, le=65535)
    interval_ms: int = Field(default=10_000, ge=100)


class Management(Policy):
    """The management plane, and who may reach it."""

    sources: tuple[IPv6Network, ...] = Field(description="prefixes that may log in and ask")
    timezone_minutes: int = Field(default=480, description="east of UTC")
    banner: str = ""
    ntp: tuple[IPv6Address, ...] = ()
    syslog: tuple[IPv6Address, ...] = ()
    snmp: Snmp | None = None
    aaa: Aaa | None = None
    telemetry: Telemetry | None = None


class Protection(Policy):
    """What the control plane accepts, in packets a second."""

    rates: dict[Literal["ssh", "snmp", "bgp", "isis", "icmpv6", "ntp", "bfd"], Annotated[int, Field(ge=16, le=100_000)]]


class Rule(Policy):
    """A rule between two networks. An empty list of ports means all of the protocol's."""

    name: Word
    action: Literal["permit", "deny"] = "permit"
    back: bool = Field(default=False, description="from the second network to the first")
    protocol: Literal["ip", "tcp", "udp", "icmp"] = "tcp"
    source: IPv4Network | IPv6Network | None = None
    destination: IPv4Network | IPv6Network | None = None
    ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()


class EgressPolicy(Policy):
    """What leaves by an internet egress, and under which addresses."""

    egress: Id
    firewall: Id = Field(description="the device that stands in it")
    interface: str = Field(description="of the firewall, towards the carrier")
    address: IPv6Interface
    next_hop: IPv6Address
    address4: IPv4Interface | None = None
    next_hop4: IPv4Address | None = None
    nat44: IPv4Network | None = Field(default=None, description="public IPv4 addresses that private ones are translated to")
    nat64: IPv4Network | None = Field(default=None, description="IPv4 addresses for IPv6-only units (RFC 6146)")
    prefix64: IPv6Network | None = Field(default=None, description="the NAT64 prefix (RFC 6052), a /96")
    rules: tuple[Rule, ...] = ()


class Interconnect(Policy):
    """A private network meets a VPN at one controlled point, a firewall, and by these rules only."""

    network: Id
    vpn: Id
    firewall: Id = Field(description="the device that stands between them; its first link leads to the VPN's router")
    interface: str = Field(description="of the firewall, towards the private network")
    address: IPv6Interface
    next_hop: IPv6Address
    prefixes: tuple[IPv6Network, ...] = Field(description="of the private network that may be met")
    vlan: int = Field(ge=2, le=4094, description="of the VPN's leg, on the link between router and firewall")
    rules: tuple[Rule, ...] = Field(description="from the private network to the VPN; `back` for the other way")


class Access(Policy):
    """5G access: a data network name (DNN) that ends in a VPN, over a VLAN at a router's port towards the carrier."""

    dnn: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")]
    vpn: Id
    device: Id
    interface: str
    vlan: int = Field(ge=2, le=4094)
    prefix: IPv6Network


class Transition(Policy):
    """How far a unit's way to IPv6 is. `unit` none: of all that are not named."""

    unit: Id | None = None
    state: Literal["dual-stack", "vpnv6-nat64", "ipv6-only"]


class Without(Policy):
    """Features that are not asked of some devices, and why: the only way in which a device gets less than the others."""

    features: tuple[Feature, ...]
    devices: tuple[Id, ...] = ()
    models: tuple[str, ...] = ()
    why: str = Field(min_length=1)


class NetworkPolicy(Policy):
    """network.yaml."""

    isis_levels: Literal["flat", "city-areas"] = Field(default="flat", description="one level 2, or an area of level 1 in each city")
    ti_lfa: bool = Field(default=False, description="topology-independent loop-free alternates (RFC 9855) on every link")
    flex_algos: tuple[FlexAlgo, ...] = ()
    classes: tuple[ServiceClass, ...] = ()
    slices: tuple[Slice, ...] = ()
    colours: tuple[Colour, ...] = ()
    management: Management | None = None
    protection: Protection | None = None
    egresses: tuple[EgressPolicy, ...] = ()
    interconnects: tuple[Interconnect, ...] = ()
    access: tuple[Access, ...] = ()
    transition: tuple[Transition, ...] = ()
    without: tuple[Without, ...] = ()


def network_origin(section: str, row: Policy) -> str:
    """The name of a thing in network.yaml, by which its place is found in `Estate.origins`."""
    name = next((value for key in ("name", "egress", "network", "dnn", "unit", "why") if (value := getattr(row, key, None))), "others")
    return f"extranet:{section}:{name}"


def network_rows(network: NetworkPolicy) -> dict[str, Policy]:
    """All things in network.yaml by the names of `network_origin`; a section of one thing is that thing."""
    rows: dict[str, Policy] = {}
    for section in type(network).model_fields:
        value = getattr(network, section)
        if isinstance(value, Policy):
            rows[f"extranet:{section}"] = value
        elif isinstance(value, tuple):
            rows |= {network_origin(section, row): row for row in value}
    return rows
