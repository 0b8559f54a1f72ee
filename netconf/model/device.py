"""One device's configuration, typed and without a vendor's words: what `compile` makes, a vendor's modules render, and their readers read back.

One field of `DeviceConfig` is one feature, a row of the table vendor × feature; None or empty: not asked. Addresses and prefixes are text in the
canonical form of RFC 5952, since a large province has millions of them. `origin` names the row of the estate that a thing comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from netconf.sids import sid

Family = Literal["ipv4", "ipv6"]


def _origin() -> Any:
    return field(default="", compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class System:
    hostname: str
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Clock:
    minutes: int  # east of UTC
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Banner:
    """What is said before anyone logs in."""

    text: str
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Ssh:
    """SSH version 2 only, from the sources of an ACL; `source` is the interface that the server listens at."""

    acl: str
    idle_minutes: int
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Aaa:
    """HWTACACS (or TACACS+), then one local account. Secrets are names of secrets."""

    servers: tuple[str, ...]
    secret: str
    source: str  # the address that asks
    emergency_user: str
    emergency_secret: str
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Snmp:
    user: str
    auth: str  # name of a secret
    priv: str  # name of a secret
    hosts: tuple[str, ...]
    acl: str
    contact: str
    location: str
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Ntp:
    servers: tuple[str, ...]
    source: str  # interface
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Syslog:
    hosts: tuple[str, ...]
    source: str  # interface
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Counters streamed over gRPC."""

    collectors: tuple[str, ...]
    port: int
    interval_ms: int
    source: str  # address
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class AclRule:
    number: int
    action: Literal["permit", "deny"]
    protocol: Literal["ip", "tcp", "udp", "icmp"] = "ip"
    source: str = ""  # prefix; empty: any
    destination: str = ""
    port: int = 0  # destination port; 0: any
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Acl:
    """A named access list; what no rule names is refused."""

    name: str
    family: Family
    rules: tuple[AclRule, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Bfd:
    """The session parameters of every BFD that IS-IS asks for."""

    min_tx_ms: int
    min_rx_ms: int
    multiplier: int
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Vrf:
    """A VPN at this router."""

    name: str
    table: int  # kernel routing table of the VRF device, on Linux
    rd: str
    imports: tuple[str, ...]  # route targets
    exports: tuple[str, ...]
    families: tuple[Family, ...]
    description: str = ""
    evpn: bool = False
    export_policy: str = ""  # gives the routes their colour
    best_effort: bool = True  # over SRv6 BE; else over SRv6-TE policies of its colour, with best effort as what is left
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class LinkTe:
    """What path computation is told of a link."""

    delay_us: int
    affinities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """A routed interface. `vlan`: it is a sub-interface of the part before the dot; `isis_metric` None: it is not in IS-IS."""

    name: str
    description: str
    ipv6: tuple[str, ...] = ()  # address/length
    ipv4: tuple[str, ...] = ()
    mtu: int | None = None  # bytes of the IP packet
    vrf: str | None = None
    vlan: int | None = None
    isis_metric: int | None = None
    te: LinkTe | None = None
    queues: bool = False  # the queues of the classes of service
    acl_in: str = ""  # IPv6 access list
    trust_dscp: bool = False  # the DSCP that comes in is believed
    zone: str = ""  # of a firewall
    slices: tuple[tuple[int, int], ...] = ()  # (slice, Mbit/s kept for it)
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Isis:
    process: str  # a word; vendors that number processes take 1, or the number that it is
    net: str
    locators: tuple[str, ...]  # names
    level: Literal["1", "2", "1-2"] = "2"
    flex_algos: tuple[int, ...] = ()
    ti_lfa: bool = False
    bfd: bool = True
    te: bool = False  # link attributes are flooded
    summaries: tuple[str, ...] = ()  # locator blocks announced into the other level
    loopback: str = ""  # address/128, passive
    origin: str = _origin()

    @property
    def number(self) -> int:
        return int(self.process) if self.process.isdigit() else 1


@dataclass(frozen=True, slots=True)
class FlexAlgoDefinition:
    number: int
    metric: Literal["igp", "delay", "te"]
    exclude: tuple[str, ...] = ()  # affinities
    priority: int = 128
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class FlexAlgos:
    affinities: tuple[tuple[str, int], ...]  # (name, bit)
    definitions: tuple[FlexAlgoDefinition, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Sid:
    """A local SID with a fixed function."""

    function: int  # 16 bits
    behavior: Literal["end", "end-x", "end-dt4", "end-dt6", "end-dt46"]
    vrf: str = ""  # empty: the global table
    interface: str = ""  # of End.X
    next_hop: str = ""
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Locator:
    """An F3216 locator: block 32, node 16, function 16 bits, NEXT-C-SID."""

    name: str
    prefix: str
    algorithm: int = 0
    sids: tuple[Sid, ...] = ()
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Srv6:
    source: str  # outer source address of encapsulated packets
    locators: tuple[Locator, ...]
    origin: str = _origin()

    def service_sid(self, locator: str, vrf: str = "") -> str:
        """The SID of the services of a VRF, or of the global table, in a locator; empty where the plan fixes none."""
        for one in self.locators:
            for row in one.sids if one.name == locator else ():
                if row.behavior.startswith("end-dt") and row.vrf == vrf:
                    return sid(one.prefix, row.function)
        return ""


@dataclass(frozen=True, slots=True)
class SegmentList:
    name: str
    sids: tuple[str, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class TePolicy:
    """An SRv6-TE policy (RFC 9256): candidate paths by preference, the highest first, each over one segment list."""

    name: str
    endpoint: str
    colour: int
    paths: tuple[tuple[int, str], ...]  # (preference, segment list)
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Te:
    locator: str  # of the binding SIDs
    lists: tuple[SegmentList, ...]
    policies: tuple[TePolicy, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class PrefixList:
    name: str
    prefixes: tuple[tuple[int, str, int], ...]  # (sequence number, prefix, longest length; 0: the prefix itself only)
    family: Family = "ipv6"
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class PolicyNode:
    """A node of a route policy: what it matches (empty: all) and what it sets."""

    number: int
    action: Literal["permit", "deny"]
    prefix_list: str = ""
    colour: int = 0
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    name: str
    nodes: tuple[PolicyNode, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class RoutePolicies:
    prefix_lists: tuple[PrefixList, ...]
    policies: tuple[RoutePolicy, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Neighbor:
    """An internal peer, from loopback to loopback."""

    address: str
    description: str
    client: bool  # this router reflects routes to it
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Bgp:
    """The public zone in IPv6 unicast with one End.DT6 SID, VPNs in VPNv4, VPNv6 or EVPN; the SIDs stand in the locator."""

    asn: int
    router_id: str
    neighbors: tuple[Neighbor, ...]
    networks: tuple[str, ...]
    locator: str  # of the services' SIDs
    vpn: bool = True  # VPNv4 and VPNv6 are spoken
    evpn: bool = False
    export_policy: str = ""  # of VPNs' routes towards the peers
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class StaticRoute:
    prefix: str
    next_hop: str = ""  # empty: discard
    interface: str = ""
    vrf: str = ""
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Class:
    name: Literal["be", "af1", "af2", "af3", "af4", "ef", "cs6", "cs7"]
    dscp: tuple[int, ...]
    strict: bool
    weight: int
    limit_percent: int | None = None
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Qos:
    """The classes of service: how DSCP maps to a queue, and what a queue gets on an interface that has `queues`."""

    classes: tuple[Class, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class SliceInstance:
    number: int
    name: str
    colours: tuple[int, ...] = ()
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Protection:
    """What the control plane takes, in packets a second by protocol, and the ACL of those who may manage it."""

    rates: tuple[tuple[str, int], ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """A rule of a firewall between two zones."""

    name: str
    source_zone: str
    destination_zone: str
    action: Literal["permit", "deny"]
    protocol: Literal["ip", "tcp", "udp", "icmp"] = "ip"
    source: str = ""
    destination: str = ""
    ports: tuple[int, ...] = ()
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Zones:
    """A firewall's zones by priority, and what may pass between them; what no rule names is refused."""

    zones: tuple[tuple[str, int], ...]
    rules: tuple[ZoneRule, ...]
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class Nat:
    """Source translation of what leaves by the egress."""

    pool44: str = ""  # prefix; empty: no NAT44
    pool64: str = ""  # prefix; empty: no NAT64 (RFC 6146)
    prefix64: str = ""  # NAT64 prefix of RFC 6052
    source_zone: str = "trust"
    destination_zone: str = "untrust"
    origin: str = _origin()


@dataclass(frozen=True, slots=True)
class DeviceConfig:
    device: str  # its id
    vendor: str
    model: str
    system: System
    clock: Clock | None = None
    banner: Banner | None = None
    ssh: Ssh | None = None
    aaa: Aaa | None = None
    snmp: Snmp | None = None
    ntp: Ntp | None = None
    syslog: Syslog | None = None
    telemetry: Telemetry | None = None
    acls: tuple[Acl, ...] = ()
    bfd: Bfd | None = None
    qos: Qos | None = None
    slices: tuple[SliceInstance, ...] = ()
    flex_algos: FlexAlgos | None = None
    vrfs: tuple[Vrf, ...] = ()
    srv6: Srv6 | None = None
    isis: Isis | None = None
    interfaces: tuple[Interface, ...] = ()
    route_policies: RoutePolicies | None = None
    te: Te | None = None
    bgp: Bgp | None = None
    statics: tuple[StaticRoute, ...] = ()
    protection: Protection | None = None
    zones: Zones | None = None
    nat: Nat | None = None

    def asked(self) -> Iterator[str]:
        """The features that this device shall have: rows of the table vendor × feature."""
        yield from (name for name in FIELDS if getattr(self, name))
        isis, bgp = self.isis, self.bgp
        if isis and isis.ti_lfa:
            yield "ti_lfa"
        if isis and isis.level != "2":
            yield "isis_levels"
        if bgp and bgp.evpn:
            yield "evpn"
        if self.nat and self.nat.pool64:
            yield "nat64"


FIELDS = tuple(f.name for f in fields(DeviceConfig) if f.name not in ("device", "vendor", "model"))
FEATURES = (*FIELDS, "ti_lfa", "isis_levels", "evpn", "nat64")
