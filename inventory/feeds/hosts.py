"""Routers and servers as one list of hosts with groups and facts, from which the feeds are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from inventory.access import Access, Login
from inventory.model import AssetStatus, Estate
from inventory.places import upwards

NETWORK_OS = {"frr": "frr.frr.frr", "huawei_vrp": "community.network.ce", "h3c_comware": "comware"}  # ansible_network_os
NETMIKO = {"frr": "linux", "huawei_vrp": "huawei_vrp", "h3c_comware": "hp_comware"}  # netmiko's device_type


@dataclass(frozen=True, slots=True)
class Host:
    """One host. `name` is unique and fits file formats; `groups` are identifiers; `login` is None where access.yaml has none."""

    name: str
    id: str
    kind: str  # device, server
    groups: tuple[str, ...]
    facts: dict[str, Any]
    address: str | None
    login: Login | None


def hosts(estate: Estate, access: Access) -> list[Host]:
    """Routers by name, then servers in use by id; the estate may be a scope."""
    return [*_devices(estate, access), *_servers(estate, access)]


def _devices(estate: Estate, access: Access) -> Iterator[Host]:
    loopbacks = {row.owner: row.value.partition("/")[0] for row in estate.allocations if row.kind == "loopback"}
    for device in sorted(estate.devices.values(), key=lambda row: row.name):
        site = estate.sites.get(device.site)
        groups = ["devices", f"role_{device.role}", f"vendor_{device.vendor}", f"plane_{device.plane}", *_regions(estate, site.region if site else "")]
        facts = {"id": device.id, "role": device.role, "vendor": device.vendor, "model": device.model, "site": device.site, "plane": device.plane}
        yield Host(device.name, device.id, "device", _identifiers(groups), facts, loopbacks.get(device.id), access.devices.get(device.id))


def _servers(estate: Estate, access: Access) -> Iterator[Host]:
    running: dict[str, set[str]] = {}
    for part in estate.components.values():
        running.setdefault(part.asset or "", set()).add(part.system)
    for asset in sorted(estate.assets.values(), key=lambda row: row.id):
        if asset.kind != "server" or asset.status is not AssetStatus.IN_USE:
            continue
        room, unit = estate.rooms.get(asset.room or ""), estate.units.get(asset.unit)
        groups = ["servers", f"unit_{asset.unit.partition(':')[2]}", *_regions(estate, unit.region if unit else "")]
        groups += [f"room_{room.id.partition(':')[2]}"] if room else []
        groups += [f"os_{asset.os}"] if asset.os else []
        systems = sorted(running.get(asset.id, ()))
        facts = {"id": asset.id, "name": asset.name, "unit": asset.unit, "room": asset.room, "arch": asset.arch, "os": asset.os, "systems": systems}
        address = str(asset.address) if asset.address else None
        yield Host(asset.id.replace(":", "-"), asset.id, "server", _identifiers(groups), facts, address, access.hosts.get(asset.id))


def _regions(estate: Estate, code: str) -> list[str]:
    return [f"region_{region}" for region in upwards(estate, code)]


def _identifiers(groups: list[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"\W", "_", group) for group in groups)
