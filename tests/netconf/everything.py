"""A configuration that has everything once, and pieces of it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import strategies as st

from netconf.model.device import (
    FIELDS,
    Aaa,
    Acl,
    AclRule,
    Banner,
    Bfd,
    Bgp,
    Class,
    Clock,
    DeviceConfig,
    FlexAlgoDefinition,
    FlexAlgos,
    Interface,
    Isis,
    LinkTe,
    Locator,
    Neighbor,
    Ntp,
    PolicyNode,
    PrefixList,
    Protection,
    Qos,
    RoutePolicies,
    RoutePolicy,
    SegmentList,
    Sid,
    SliceInstance,
    Snmp,
    Srv6,
    Ssh,
    StaticRoute,
    Syslog,
    System,
    Te,
    Telemetry,
    TePolicy,
    Vrf,
)

BASE = 0xE000


def everything(vendor: str, model: str, ports: tuple[str, str, str]) -> DeviceConfig:
    """All features of a router of the backbone. `ports`: names of two links and of a LAN, as the vendor names them."""
    one, two, lan = ports
    return DeviceConfig(
        device="device:all-1",
        vendor=vendor,
        model=model,
        system=System("all-1"),
        clock=Clock(-330),
        banner=Banner("未经授权 keep out"),
        ssh=Ssh("MANAGERS", 15),
        aaa=Aaa(("2001:db8::24", "2001:db8::25"), "hwtacacs", "2001:db8:ffff::1", "emergency", "emergency-login"),
        snmp=Snmp("netview", "snmp-auth", "snmp-priv", ("2001:db8::23",), "MANAGERS", "湖南省", "站点 1"),
        ntp=Ntp(("2001:db8::20", "2001:db8::21"), "LoopBack0"),
        syslog=Syslog(("2001:db8::22",), "LoopBack0"),
        telemetry=Telemetry(("2001:db8::26",), 57400, 10_000, "2001:db8:ffff::1"),
        acls=(
            Acl("MANAGERS", "ipv6", (AclRule(5, "permit", source="2001:db8::/64"), AclRule(10, "deny"))),
            Acl(
                "GUARD",
                "ipv6",
                (
                    AclRule(5, "permit", "tcp", "2001:db8:1::/48", "2001:db8:2::/48", 443),
                    AclRule(10, "permit", "icmp"),
                    AclRule(15, "permit", "udp", destination="2001:db8:2::53/128", port=53),
                ),
            ),
            Acl("OLD", "ipv4", (AclRule(5, "permit", "tcp", "10.1.0.0/16", "10.2.3.4/32", 22), AclRule(10, "deny"))),
        ),
        bfd=Bfd(300, 300, 3),
        qos=Qos(
            (
                Class("cs7", (56,), True, 10, None),
                Class("ef", (46,), True, 10, 20),
                Class("af4", (34, 36, 38), False, 30),
                Class("be", (0,), False, 15),
            )
        ),
        slices=(SliceInstance(10, "video", (128,)), SliceInstance(20, "emergency", (129, 130)), SliceInstance(30, "spare")),
        flex_algos=FlexAlgos((("plane-A", 0), ("plane-B", 1)), (FlexAlgoDefinition(128, "delay"), FlexAlgoDefinition(129, "igp", ("plane-B",), 200))),
        vrfs=(
            Vrf("vpn1", 1001, "64512:1", ("64512:1", "64512:9"), ("64512:1",), ("ipv4", "ipv6"), "卫生健康业务专网", False, "COLOUR-128", best_effort=False),
            Vrf("vpn2", 1002, "64512:2", ("64512:2",), ("64512:2",), ("ipv6",), ""),
            Vrf("vpn3", 1003, "64512:3", ("64512:3",), ("64512:3",), ("ipv4", "ipv6"), "EVPN", True, "COLOUR-128", best_effort=False),
            Vrf("vpn4", 1004, "64512:4", ("64512:4",), ("64512:4",), ("ipv4",), "", True),
        ),
        srv6=Srv6(
            "2001:db8:ffff::1",
            (
                Locator(
                    "MAIN",
                    "5f00:4300:401::/48",
                    0,
                    (
                        Sid(BASE + 1, "end"),
                        Sid(BASE + 6, "end-dt6"),
                        *(Sid(BASE + 15 + n, "end-dt46", f"vpn{n}") for n in (1, 2, 3, 4)),
                    ),
                ),
                Locator("DELAY", "5f00:4301:401::/48", 128),
            ),
        ),
        isis=Isis(
            "EXTRANET",
            "49.0043.0000.0000.0401.00",
            ("MAIN", "DELAY"),
            "1-2",
            (128, 129),
            ti_lfa=True,
            te=True,
            summaries=("5f00:4300:400::/40",),
            loopback="2001:db8:ffff::1/128",
        ),
        interfaces=(
            Interface(
                one,
                "far-1 port 1",
                ("2001:db8:fffe::2/127",),
                mtu=9000,
                isis_metric=10,
                te=LinkTe(20, ("plane-A",)),
                queues=True,
                trust_dscp=True,
                slices=((10, 2000), (20, 1000)),
            ),
            Interface(
                two, "far-2 port 1", ("2001:db8:fffe::4/127",), mtu=9000, isis_metric=100, te=LinkTe(0, ("plane-A", "plane-B")), queues=True, trust_dscp=True
            ),
            Interface(lan, "lan:all", ("2001:db8:1::1/64",), ("10.1.1.1/24", "10.1.2.1/24"), vrf="vpn1", queues=True, acl_in="GUARD"),
            Interface(f"{lan}.1001", "5G hrss.gov.hn", ("2001:db8:31::1/64",), vrf="vpn2", vlan=1001),
        ),
        route_policies=RoutePolicies(
            (PrefixList("USERS", ((10, "2001:db8::/32", 64), (20, "2001:db8:ffff::/48", 0))),),
            (
                RoutePolicy("COLOUR-128", (PolicyNode(10, "permit", colour=128),)),
                RoutePolicy("OUT", (PolicyNode(10, "permit", "USERS"), PolicyNode(20, "deny"))),
            ),
        ),
        te=Te(
            "MAIN",
            (SegmentList("SAFE-a-200", ("5f00:4300:6::", "5f00:4300:5::")), SegmentList("SAFE-a-100", ("5f00:4300:7::", "5f00:4300:5::"))),
            (TePolicy("SAFE-a", "2001:db8:ffff::2", 129, ((200, "SAFE-a-200"), (100, "SAFE-a-100"))),),
        ),
        bgp=Bgp(
            64512,
            "10.0.4.1",
            (Neighbor("2001:db8:ffff::2", "far-1", True), Neighbor("2001:db8:ffff::3", "far-2", False)),
            ("::/0", "2001:db8:2::/64"),
            "MAIN",
            evpn=True,
        ),
        statics=(
            StaticRoute("2001:db8:5000::1/128", "2001:db8:2::11", lan),
            StaticRoute("100::/64"),
            StaticRoute("2001:db8:6::/64", "2001:db8:fffe::9"),
            StaticRoute("2001:db8:7::/64", "2001:db8:fffe::b", one, "vpn2"),
            StaticRoute("2001:db8:8::/64", "2001:db8:fffe::d", vrf="vpn2"),
            StaticRoute("2001:db8:9::/64", vrf="vpn2"),
            StaticRoute("0.0.0.0/0", "198.51.100.1"),
            StaticRoute("10.64.0.0/16", "10.1.1.2", lan),
            StaticRoute("10.65.0.0/16"),
            StaticRoute("10.66.0.0/24", "10.1.1.3", vrf="vpn1"),
            StaticRoute("10.67.0.0/24", "10.1.1.4", lan, "vpn1"),
            StaticRoute("10.68.0.0/24", vrf="vpn1"),
        ),
        protection=Protection((("bfd", 2048), ("bgp", 512), ("icmpv6", 256), ("isis", 512), ("ntp", 64), ("snmp", 256), ("ssh", 128))),
    )


def only(config: DeviceConfig, kept: set[str]) -> DeviceConfig:
    """With these features alone, and without what would point at the others."""
    empty = {f.name: f.default for f in fields(DeviceConfig) if f.name in FIELDS and f.name != "system" and f.name not in kept}
    return consistent(replace(config, **empty))  # type: ignore[arg-type]


def consistent(config: DeviceConfig) -> DeviceConfig:
    """What compile would never ask for is taken away: queues without classes, BFD without sessions, a policy without SRv6."""
    changes: dict[str, Any] = {}
    interfaces = config.interfaces if config.isis else tuple(replace(i, isis_metric=None) for i in config.interfaces)
    if not any(i.isis_metric for i in interfaces):
        changes["bfd"] = None
    if config.isis:
        changes["isis"] = replace(config.isis, bfd=changes.get("bfd", config.bfd) is not None)
    if not config.qos:
        interfaces = tuple(replace(i, queues=False, trust_dscp=False) for i in interfaces)
    elif not any(i.queues for i in interfaces):
        changes["qos"] = None
    if not config.slices:
        interfaces = tuple(replace(i, slices=()) for i in interfaces)
    changes["interfaces"] = interfaces
    if not config.srv6:
        changes["te"] = None
    return replace(config, **changes)


def pieces(config: DeviceConfig) -> st.SearchStrategy[DeviceConfig]:
    """Any of its features, each with any of its parts."""
    parts = {name: _some(getattr(config, name)) for name in FIELDS if name != "system"}
    return st.fixed_dictionaries(parts).map(lambda changes: consistent(replace(config, **changes)))


def _some(value: Any) -> st.SearchStrategy[Any]:
    """Some of a tuple, in its order; of anything else itself or nothing."""
    if not isinstance(value, tuple):
        return st.sampled_from([None, value])
    return st.lists(st.booleans(), min_size=len(value), max_size=len(value)).map(
        lambda taken: tuple(one for one, keep in zip(value, taken, strict=True) if keep)
    )
