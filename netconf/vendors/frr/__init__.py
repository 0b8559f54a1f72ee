"""FRRouting 10.7: the text of `show running-config`, feature by feature, in the form in which FRR itself prints it.

What FRR does not do (SRv6-TE policies, the Flex-Algo data plane, slices, QoS, NAT) has no module here and is refused by name.
"""

from __future__ import annotations

from netconf.vendors.frr import bgp, interfaces, isis, srv6, static, system
from netconf.vendors.frr.grammar import FRR
from netconf.vendors.vendor import Vendor

VENDOR = Vendor(
    name="frr",
    title="FRRouting 10.7",
    tier="full",
    models=("FRR",),
    grammar=FRR,
    features={
        "system": system,
        "statics": static,
        "interfaces": interfaces,
        "bfd": interfaces,
        "bgp": bgp,
        "vrfs": bgp,
        "isis": isis,
        "srv6": srv6,
    },
)
