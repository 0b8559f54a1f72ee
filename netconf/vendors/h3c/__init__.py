"""H3C Comware 7 and 9 (CR16000, SR6600, SR8800): the text of `display current-configuration`, feature by feature.

Slices are not in its table: no page that was read has their commands.
"""

from __future__ import annotations

from netconf.vendors.h3c import acl, bgp, interfaces, isis, management, qos, srv6, static, system, vpn
from netconf.vendors.h3c.grammar import COMWARE
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="h3c_comware",
    title="H3C Comware",
    tier="full",
    models=("CR16", "SR66", "SR88"),
    grammar=COMWARE,
    separator="#",
    last="return",
    features={
        "system": system,
        "clock": system,
        "banner": system,
        "acls": acl,
        "protection": acl,
        "qos": qos,
        "vrfs": vpn,
        "route_policies": vpn,
        "srv6": srv6,
        "te": srv6,
        "isis": isis,
        "isis_levels": isis,
        "flex_algos": isis,
        "ti_lfa": isis,
        "interfaces": interfaces,
        "bfd": interfaces,
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
