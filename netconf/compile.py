"""From the intended network to one typed configuration a device, and its vendor's text."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Network

from inventory.errors import InputError
from netconf.model.device import Bgp, DeviceConfig, Interface, Isis, Locator, Neighbor, StaticRoute, Vrf
from netconf.model.network import Network, Node

ISIS = "EXTRANET"
LOCATOR = "MAIN"
DISCARD = IPv6Network("100::/64")  # RFC 6666; always present, see static.py of FRR


def compile_device(network: Network, device: str, *, vrf: bool = True) -> DeviceConfig:
    """The configuration of one device; without department VPNs, and without their LANs, where the device has no VRFs."""
    node = network.nodes[device]
    if not vrf:
        node = replace(node, vpns=(), attachments=tuple(a for a in node.attachments if not a.vpn))
    return DeviceConfig(
        device=device,
        hostname=node.name,
        vendor=node.vendor,
        loopback=node.loopback,
        interfaces=_interfaces(network, node),
        statics=(StaticRoute(DISCARD, None), *(StaticRoute(IPv6Network(s.address), s.next_hop, s.interface) for s in node.services)),
        isis=Isis(ISIS, node.net, LOCATOR),
        locator=Locator(LOCATOR, node.locator, node.loopback),
        bgp=_bgp(network, node),
    )


def render(config: DeviceConfig) -> str:
    """The vendor's text; a vendor without a renderer is refused by name."""
    if config.vendor != "frr":
        raise InputError(f"{config.device}: vendor {config.vendor} has no renderer yet; frr has")
    from netconf.vendors import frr

    return frr.render(config)


def _interfaces(network: Network, node: Node) -> tuple[Interface, ...]:
    ports = (Interface(p.interface, f"{network.nodes[p.peer].name} {p.peer_interface}", p.address, p.metric) for p in node.ports)
    vrfs = {v.vpn: v.vrf for v in node.vpns}
    lans = (Interface(a.interface, a.lan, a.address, None, vrfs[a.vpn] if a.vpn else None) for a in node.attachments)
    return (*ports, *lans)


def _bgp(network: Network, node: Node) -> Bgp:
    """Reflectors peer with everyone, the others with the reflectors only (RFC 4456)."""
    peers = [n for n in network.nodes.values() if n.device != node.device and (node.reflector or n.reflector)]
    return Bgp(
        asn=network.asn,
        router_id=node.router_id,
        neighbors=tuple(Neighbor(p.loopback, p.name, node.reflector and not p.reflector) for p in sorted(peers, key=lambda p: p.loopback)),
        networks=tuple(sorted([a.address.network for a in node.attachments if not a.vpn] + [IPv6Network(s.address) for s in node.services])),
        service_sid=node.service_sid,
        vrfs=tuple(Vrf(v.vrf, v.table, tuple(a.interface for a in node.attachments if a.vpn == v.vpn), v.rd, v.rt, v.sid) for v in node.vpns),
    )
