"""Huawei VRPv8 (NE40E, NetEngine 8000): the text of `display current-configuration`, feature by feature."""

from __future__ import annotations

from netconf.vendors.huawei import acl, bgp, interfaces, isis, management, qos, srv6, static, system, vpn
from netconf.vendors.huawei.grammar import VRP
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="huawei_vrp",
    title="Huawei VRPv8",
    tier="full",
    models=("NE40E", "NetEngine 8000"),
    grammar=VRP,
    separator="#",
    last="return",
    features={
        "system": system,
        "clock": system,
        "banner": system,
        "acls": acl,
        "protection": acl,
        "qos": qos,
        "slices": qos,
        "vrfs": vpn,
        "route_policies": vpn,
        "srv6": srv6,
        "te": srv6,
        "isis": isis,
        "isis_levels": isis,
        "flex_algos": isis,
        "ti_lfa": isis,
        "bfd": isis,
        "interfaces": interfaces,
        "bgp": bgp,
        "evpn": bgp,
        "statics": static,
        "ssh": management,
        "aaa": management,
        "snmp": management,
        "ntp": management,
        "syslog": management,
        "telemetry": management,
    },
)
