"""Where private networks meet VPNs: the VLAN between the VPN's router and the firewall, with addresses and what lies behind either end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from inventory.errors import InputError
from inventory.model import Estate
from netconf.design.allocate import Allocator
from netconf.model.network import Leg, Port
from netconf.text import ipv6_text, network_text, number_of, prefix_text


def interconnect_legs(estate: Estate, ports: Mapping[str, list[Port]], allocator: Allocator) -> dict[str, list[Leg]]:
    """By device, the router's end and the firewall's. A private network that is classified, or is to be kept apart, is refused: InputError."""
    legs: dict[str, list[Leg]] = defaultdict(list)
    lans: dict[str, list[str]] = defaultdict(list)
    met = {row.vpn for row in estate.network.interconnects}
    for lan in sorted((lan for lan in estate.lans.values() if lan.vpn in met), key=lambda lan: lan.id):
        lans[lan.vpn or ""].append(prefix_text(lan.prefix))
    for row in estate.network.interconnects:
        network = estate.private_networks.get(row.network)
        if network is None or network.classified or network.intent != "interconnect":
            said = "does not exist" if network is None else "is classified" if network.classified else f"has the intent {network.intent}"
            raise InputError(f"network.yaml: interconnects: {row.network} {said}: it is not connected to {row.vpn}")
        if row.firewall not in ports:
            continue  # outside the scope
        port = ports[row.firewall][0]
        subnet = allocator.subnet("link", f"{row.network}--{row.vpn}".replace("network:", "link:", 1).replace("vpn:", ""), estate.plan.links, 127)
        base = number_of(subnet)
        near, far = (network_text(base, 127), ipv6_text(base)), (network_text(base + 1, 127), ipv6_text(base + 1))
        behind = tuple(map(prefix_text, row.prefixes))
        legs[port.peer].append(Leg(row.network, row.vpn, port.peer_interface, row.vlan, near[0], far[1], behind))
        legs[row.firewall].append(Leg(row.network, row.vpn, port.interface, row.vlan, far[0], near[1], tuple(lans[row.vpn])))
    return legs
