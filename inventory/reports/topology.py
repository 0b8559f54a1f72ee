"""Where the devices stand in the picture: cores in the middle, gateways around them, cities on a ring, counties outside."""

from __future__ import annotations

from collections import defaultdict
from math import cos, pi, sin

from inventory.model import Device, Estate
from inventory.reports.context import city_of
from inventory.reports.model import Node, Topology

RADIUS = {"core": 0.16, "cloud-gateway": 0.33, "hpc-gateway": 0.33, "egress-firewall": 0.42, "city-edge": 0.55, "county-edge": 0.88, "access": 0.98}
INNER = ("core", "cloud-gateway", "hpc-gateway")
SECTOR = ("egress-firewall", "city-edge", "county-edge", "access")
MOST = 400  # devices that can be told apart in the picture; of more, the outer ones are left out first


def topology(estate: Estate, title: str) -> Topology:
    """Nodes by polar coordinates; a city's devices share its sector."""
    devices = list(estate.devices.values())
    for role in reversed(SECTOR):
        if len(devices) > MOST:
            devices = [device for device in devices if device.role != role]
    inner = [device for device in devices if device.role in INNER]
    sectors: dict[str, list[Device]] = defaultdict(list)
    for device in devices:
        if device.role in SECTOR:
            site = estate.sites.get(device.site)
            city = city_of(estate, site.region) if site else None
            sectors[city.code if city else ""].append(device)
    nodes = [*_ring([d for d in inner if d.role == "core"], 0.0), *_ring([d for d in inner if d.role != "core"], pi / 2)]
    weights = {code: 1 + len(devices) for code, devices in sectors.items()}
    turn, whole = -pi / 2, sum(weights.values()) or 1
    for code, here in sorted(sectors.items()):
        width = 2 * pi * weights[code] / whole
        for role in SECTOR:
            chosen = [device for device in here if device.role == role]
            for index, device in enumerate(chosen):
                nodes.append(_at(device, turn + width * (index + 1) / (len(chosen) + 1)))
        turn += width
    number = {node.name: index for index, node in enumerate(nodes)}
    known = estate.devices
    ends = [(known[link.a], known[link.b]) for link in estate.links.values() if link.a in known and link.b in known]
    edges = [(number[a.name], number[b.name], "B" in (a.plane, b.plane)) for a, b in ends if a.name in number and b.name in number]
    return Topology(title, tuple(nodes), tuple(edges), len(known) - len(devices))


def _ring(devices: list[Device], start: float) -> list[Node]:
    return [_at(device, start + 2 * pi * index / len(devices)) for index, device in enumerate(devices)]


def _at(device: Device, angle: float) -> Node:
    radius = RADIUS[device.role]
    return Node(device.name, device.role, device.plane, round(radius * cos(angle), 4), round(radius * sin(angle), 4))
