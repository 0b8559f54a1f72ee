"""FRRouting 10.7: the text of `show running-config`, feature by feature, in the form in which FRR itself prints it.

What FRR does not do (SRv6-TE policies, the Flex-Algo data plane, slices, QoS, NAT) has no module here and is refused before this point.
"""

from __future__ import annotations

from netconf.model.device import DeviceConfig
from netconf.vendors.frr import bgp, interfaces, isis, srv6, static, system


def render(config: DeviceConfig) -> str:
    """The whole intended configuration, a line each, sections closed by `exit`."""
    parts = (
        system.render(config),
        static.render(config.statics),
        interfaces.render(config),
        bgp.render(config.bgp, config.locator.name),
        isis.render(config.isis),
        srv6.render(config.locator),
    )
    return "\n".join(line for part in parts for line in part) + "\n"
