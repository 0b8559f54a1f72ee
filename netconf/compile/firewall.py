"""What stands at the backbone and is no part of it: firewalls of an egress, and access devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.policy import Rule
from netconf.model.device import Interface, Nat, StaticRoute, ZoneRule, Zones
from netconf.model.network import Network, Node
from netconf.text import address_text, prefix_text

INSIDE, OUTSIDE = "trust", "untrust"
PRIORITIES = ((INSIDE, 85), (OUTSIDE, 5))
MET = 60  # priority of the first zone of an interconnection; each has one of its own
ANY6, ANY4 = "::/0", "0.0.0.0/0"


def features(network: Network, node: Node) -> dict[str, Any]:
    return {
        "interfaces": tuple(_interfaces(node)),
        "statics": tuple(_statics(network, node)),
        "zones": _zones(node) if node.egress or node.interconnects else None,
        "nat": Nat(
            prefix_text(node.egress.nat44) if node.egress.nat44 else "",
            prefix_text(node.egress.nat64) if node.egress.nat64 else "",
            prefix_text(node.egress.prefix64) if node.egress.prefix64 else "",
            INSIDE,
            OUTSIDE,
            origin=_origin(node),
        )
        if node.egress and (node.egress.nat44 or node.egress.nat64)
        else None,
    }


def _zones(node: Node) -> Zones:
    """Two zones of the egress, and two of each private network that meets a VPN here; nothing passes that no rule names."""
    zones = list(PRIORITIES) if node.egress else []
    rules = [_rule(f"extranet:egresses:{node.egress.egress}", r, INSIDE, OUTSIDE) for r in node.egress.rules] if node.egress else []
    for number, row in enumerate(node.interconnects):
        theirs, ours = _pair(number)
        zones += [(theirs, MET - 2 * number), (ours, MET - 2 * number - 1)]
        rules += [_rule(f"extranet:interconnects:{row.network}", r, *((ours, theirs) if r.back else (theirs, ours))) for r in row.rules]
    return Zones(tuple(zones), tuple(rules), origin=_origin(node))


def _pair(number: int) -> tuple[str, str]:
    """Zones of the private network and of the VPN that it meets."""
    return f"private{number + 1}", f"vpn{number + 1}"


def _origin(node: Node) -> str:
    return f"extranet:egresses:{node.egress.egress}" if node.egress else ""


def _interfaces(node: Node) -> Iterator[Interface]:
    zone = INSIDE if node.egress else ""
    yield Interface("LoopBack0", node.name, (f"{node.loopback}/128",), origin=node.device)
    for port in node.ports:
        text = f"{port.peer_name} {port.peer_interface}"
        yield Interface(port.interface, text, (port.address,), mtu=port.mtu, zone=zone, origin=port.link)
    for lan in node.attachments:
        four = (lan.address4,) if lan.address4 else ()
        yield Interface(lan.interface, lan.lan, (lan.address,), four, zone=zone, origin=lan.lan)
    if out := node.egress:
        four = (str(out.address4),) if out.address4 else ()
        yield Interface(out.interface, out.egress, (str(out.address),), four, zone=OUTSIDE, origin=_origin(node))
    for number, (row, leg) in enumerate(zip(node.interconnects, node.legs, strict=True)):
        at = f"extranet:interconnects:{row.network}"
        theirs, ours = _pair(number)
        yield Interface(row.interface, row.network, (str(row.address),), zone=theirs, origin=at)
        yield Interface(f"{leg.interface}.{leg.vlan}", leg.vpn, (leg.address,), vlan=leg.vlan, zone=ours, origin=at)


def _statics(network: Network, node: Node) -> Iterator[StaticRoute]:
    """A firewall's default leads out, and the users' block back in; an access device's default leads to its router."""
    inward = [port.peer_address for port in node.ports]
    for row, leg in zip(node.interconnects, node.legs, strict=True):
        at = f"extranet:interconnects:{row.network}"
        for private in row.prefixes:
            yield StaticRoute(prefix_text(private), address_text(row.next_hop), origin=at)
        for prefix in leg.prefixes:
            yield StaticRoute(prefix, leg.far, origin=at)
    if not node.egress:
        for hop in inward[:1] if not node.interconnects else ():
            yield StaticRoute(ANY6, hop, origin=node.device)
        return
    yield StaticRoute(ANY6, address_text(node.egress.next_hop), origin=_origin(node))
    if node.egress.next_hop4:
        yield StaticRoute(ANY4, address_text(node.egress.next_hop4), origin=_origin(node))
    if network.users:
        for hop in inward:
            yield StaticRoute(prefix_text(network.users), hop, origin="plan")


def _rule(at: str, rule: Rule, source_zone: str, destination_zone: str) -> ZoneRule:
    source = prefix_text(rule.source) if rule.source else ""
    destination = prefix_text(rule.destination) if rule.destination else ""
    return ZoneRule(rule.name, source_zone, destination_zone, rule.action, rule.protocol, source, destination, rule.ports, origin=at)
