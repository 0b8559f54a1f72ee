"""Huawei VRP5 access routers and switches (AR, S): basic tier. VRP5 has no candidate: what is typed works at once."""

from __future__ import annotations

from dataclasses import replace

from netconf.vendors.huawei import acl, interfaces, management, static, system
from netconf.vendors.huawei.grammar import VRP
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="huawei_vrp5",
    title="Huawei VRP5",
    tier="basic",
    models=("AR", "S5", "S6", "S7"),
    grammar=replace(VRP, name="huawei_vrp5"),
    separator="#",
    last="return",
    note="what it shares with VRPv8 is taken from the NetEngine reference, and not checked against VRP5's",
    features={
        "system": system,
        "clock": system,
        "banner": system,
        "acls": acl,
        "interfaces": interfaces,
        "statics": static,
        "ssh": management,
        "aaa": management,
        "snmp": management,
        "ntp": management,
        "syslog": management,
    },
)
