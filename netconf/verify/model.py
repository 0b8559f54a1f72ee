"""The planned way of a packet, computed from the intended network alone: SPF over IS-IS metrics, SID to owner."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network

from inventory.errors import InputError
from netconf.model.network import Network, Node

SRV6_OVERHEAD = 64  # bytes: outer IPv6 header 40, segment routing header with one segment 24 (RFC 8754)


@dataclass(frozen=True, slots=True)
class Hop:
    """A router on the way, with the interfaces by which encapsulated packets come in and go out (None at the ends)."""

    device: str
    enters: str | None
    leaves: str | None


@dataclass(frozen=True, slots=True)
class PlannedPath:
    """One direction of a service: packets to `prefix` are encapsulated towards `sid` at the first hop and released at the last."""

    prefix: IPv6Network
    sid: IPv6Address
    hops: tuple[Hop, ...]


def planned_path(network: Network, source: str, destination: str) -> PlannedPath:
    """The way from a LAN to a LAN. Raises InputError when there is none, or when equal-cost ways leave it open which one is taken."""
    ingress, egress = _owner(network, source), _owner(network, destination)
    prefix = IPv6Network(next(a.prefix for a in egress.attachments if a.lan == destination))
    return PlannedPath(prefix, IPv6Address(egress.service_sid), _hops(network, _shortest(network, ingress.device, egress.device)))


def _owner(network: Network, lan: str) -> Node:
    for node in network.nodes.values():
        if any(a.lan == lan for a in node.attachments):
            return node
    raise InputError(f"no router of this scope has {lan}")


def _shortest(network: Network, start: str, end: str) -> list[str]:
    """Dijkstra; the cost of a link is the metric of the end that sends."""
    best: dict[str, int] = {start: 0}
    before: dict[str, list[str]] = {}
    queue = [(0, start)]
    while queue:
        cost, here = heapq.heappop(queue)
        if cost > best[here]:
            continue
        for port in network.nodes[here].ports:
            if not port.backbone:
                continue
            new = cost + port.metric
            if new < best.get(port.peer, 1 << 62):
                best[port.peer], before[port.peer] = new, [here]
                heapq.heappush(queue, (new, port.peer))
            elif new == best[port.peer] and here not in before[port.peer]:
                before[port.peer].append(here)
    if end not in best:
        raise InputError(f"no way from {start} to {end} in this scope")
    path = [end]
    while path[-1] != start:
        choices = before[path[-1]]
        if len(choices) > 1:
            ways = ", ".join(sorted(choices))
            raise InputError(f"from {start} to {end} there are equal-cost ways at {path[-1]} (by {ways}): which one is meant? Set a metric")
        path.append(choices[0])
    return path[::-1]


def _hops(network: Network, devices: list[str]) -> tuple[Hop, ...]:
    hops = []
    for n, device in enumerate(devices):
        ports = network.nodes[device].ports
        enters = next((p.interface for p in ports if n and p.peer == devices[n - 1]), None)
        leaves = next((p.interface for p in ports if n + 1 < len(devices) and p.peer == devices[n + 1]), None)
        hops.append(Hop(device, enters, leaves))
    return tuple(hops)


def mtu_faults(network: Network, lan_mtu: int) -> list[str]:
    """Backbone links that cannot carry a full LAN packet with its encapsulation."""
    need = lan_mtu + SRV6_OVERHEAD
    return [f"{n.name} {p.interface}: planned MTU {p.mtu} is below {need}" for n in network.nodes.values() for p in n.ports if p.backbone and p.mtu < need]
