"""H3C SecPath firewalls, which speak Comware: basic tier."""

from __future__ import annotations

from dataclasses import replace

from netconf.vendors.h3c import acl, firewall, firewall_interfaces, management, static, system
from netconf.vendors.h3c.grammar import COMWARE
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="h3c_secpath",
    title="H3C SecPath",
    tier="basic",
    models=("F5000", "F1000"),
    grammar=replace(COMWARE, name="h3c_secpath"),
    separator="#",
    last="return",
    note="what it shares with Comware routers is taken from the CR16000-F reference, and not checked against a SecPath's",
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
