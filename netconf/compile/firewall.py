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
ANY6, ANY4 = "::/0", "0.0.0.0/0"


def features(network: Network, node: Node) -> dict[str, Any]:
    return {
        "interfaces": tuple(_interfaces(node)),
        "statics": tuple(_statics(network, node)),
        "zones": Zones(PRIORITIES, tuple(_rule(node.egress.egress, r) for r in node.egress.rules), origin=_origin(node)) if node.egress else None,
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


def _origin(node: Node) -> str:
    return f"network:egresses:{node.egress.egress}" if node.egress else ""


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


def _statics(network: Network, node: Node) -> Iterator[StaticRoute]:
    """A firewall's default leads out, and the users' block back in; an access device's default leads to its router."""
    inward = [port.peer_address for port in node.ports]
    if not node.egress:
        for hop in inward[:1]:
            yield StaticRoute(ANY6, hop, origin=node.device)
        return
    yield StaticRoute(ANY6, address_text(node.egress.next_hop), origin=_origin(node))
    if node.egress.next_hop4:
        yield StaticRoute(ANY4, address_text(node.egress.next_hop4), origin=_origin(node))
    if network.users:
        for hop in inward:
            yield StaticRoute(prefix_text(network.users), hop, origin="plan")


def _rule(egress: str, rule: Rule) -> ZoneRule:
    source = prefix_text(rule.source) if rule.source else ""
    destination = prefix_text(rule.destination) if rule.destination else ""
    at = f"network:egresses:{egress}"
    return ZoneRule(rule.name, INSIDE, OUTSIDE, rule.action, rule.protocol, source, destination, rule.ports, origin=at)
