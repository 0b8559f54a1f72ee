"""Huawei USG firewalls, which speak VRP's language: basic tier."""

from __future__ import annotations

from dataclasses import replace

from netconf.vendors.huawei import acl, firewall, firewall_interfaces, management, static, system
from netconf.vendors.huawei.grammar import VRP
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="huawei_usg",
    title="Huawei USG",
    tier="basic",
    models=("USG6",),
    grammar=replace(VRP, name="huawei_usg"),
    separator="#",
    last="return",
    note="what it shares with VRPv8 is taken from the NetEngine reference, and not checked against a USG's",
    features={
        "system": system,
        "clock": system,
        "banner": system,
        "acls": acl,
        "interfaces": firewall_interfaces,
        "zones": firewall,
        "nat": firewall,
        "nat64": firewall,
        "statics": static,
        "ssh": management,
        "aaa": management,
        "snmp": management,
        "ntp": management,
        "syslog": management,
    },
)
