"""Where the devices stand in the picture: cores in the middle, gateways around them, cities on a ring, counties outside."""

from __future__ import annotations

from collections import defaultdict
from math import cos, pi, sin

from inventory.model import Device, Estate
from inventory.reports.model import Node, Topology
from inventory.reports.tables import Words, city_of

RADIUS = {"core": 0.16, "cloud-gateway": 0.33, "hpc-gateway": 0.33, "city-edge": 0.55, "county-edge": 0.92}


def topology(estate: Estate, words: Words) -> Topology:
    """Nodes of `estate` by polar coordinates; a city's devices share its sector."""
    inner = [device for device in estate.devices.values() if device.role in ("core", "cloud-gateway", "hpc-gateway")]
    sectors: dict[str, list[Device]] = defaultdict(list)
    for device in estate.devices.values():
        if device not in inner:
            city = city_of(estate, estate.sites[device.site].region)
            sectors[city.code if city else ""].append(device)
    nodes = [*_ring([d for d in inner if d.role == "core"], 0.0), *_ring([d for d in inner if d.role != "core"], pi / 2)]
    weights = {code: 1 + len(devices) for code, devices in sectors.items()}
    turn, whole = -pi / 2, sum(weights.values()) or 1
    for code, devices in sorted(sectors.items()):
        width = 2 * pi * weights[code] / whole
        for role in ("city-edge", "county-edge"):
            chosen = [device for device in devices if device.role == role]
            for index, device in enumerate(chosen):
                nodes.append(_at(device, turn + width * (index + 1) / (len(chosen) + 1)))
        turn += width
    number = {node.name: index for index, node in enumerate(nodes)}
    devices_by_id = estate.devices
    edges = []
    for link in estate.links.values():
        a, b = devices_by_id[link.a], devices_by_id[link.b]
        edges.append((number[a.name], number[b.name], "B" in (a.plane, b.plane)))
    return Topology(words["topology"], tuple(nodes), tuple(edges))


def _ring(devices: list[Device], start: float) -> list[Node]:
    return [_at(device, start + 2 * pi * index / len(devices)) for index, device in enumerate(devices)]


def _at(device: Device, angle: float) -> Node:
    radius = RADIUS[device.role]
    return Node(device.name, device.role, device.plane, round(radius * cos(angle), 4), round(radius * sin(angle), 4))
