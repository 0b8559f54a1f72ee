"""A named subset of an estate, as an `Estate` of its own, so that everything that reads one reads the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from inventory.errors import InputError
from inventory.model import Address, DataNeed, DataResource, Estate, Project, Scope, System

T = TypeVar("T")


def scoped(estate: Estate, name: str | None) -> Estate:
    """`estate` narrowed to its scope `name`: devices, links among them, LANs on them, rooms, assets, systems, clouds, and what units and systems hold.

    None gives the whole estate. Regions, units, platforms, topics, roles, the address plan and all allocations stay,
    since they are what the rest refers to and what must not be given out twice. Raises `InputError` for an unknown name.
    """
    if name is None:
        return estate
    if name not in estate.scopes:
        raise InputError(f"the estate has no scope {name}: known are {', '.join(sorted(estate.scopes)) or 'none'}")
    scope = estate.scopes[name]
    here = _regions(estate, scope)
    sites = {key for key, site in estate.sites.items() if site.region in here}
    devices = {key: device for key, device in estate.devices.items() if key in scope.devices or device.site in sites}
    links = {key: link for key, link in estate.links.items() if link.a in devices and link.b in devices}
    lans = {key: lan for key, lan in estate.lans.items() if lan.device in devices}
    attached = {lan.room for lan in lans.values()}
    rooms = {key: room for key, room in estate.rooms.items() if key in scope.rooms or key in attached or room.site in sites}
    clouds = {key: cloud for key, cloud in estate.clouds.items() if key in scope.clouds or cloud.region in here}
    systems = {key: system for key, system in estate.systems.items() if key in scope.systems or system.room in rooms}
    components = {key: part for key, part in estate.components.items() if part.system in systems}
    hosts = {part.asset for part in components.values()}
    assets = {key: asset for key, asset in estate.assets.items() if asset.room in rooms or asset.lan in lans or key in hosts}
    vpns = {lan.vpn for lan in lans.values()} | {row.vpn for row in estate.network.access if row.device in devices}
    resources = {key: row for key, row in estate.data_resources.items() if _held(estate, row, systems, here)}
    used = {device.site for device in devices.values()} | {room.site for room in rooms.values()} | sites
    return estate.model_copy(
        update={
            "sites": _only(estate.sites, used),
            "devices": devices,
            "links": links,
            "lans": lans,
            "rooms": rooms,
            "assets": assets,
            "systems": systems,
            "components": components,
            "dependencies": {key: edge for key, edge in estate.dependencies.items() if edge.system in systems and edge.needs in systems},
            "clouds": clouds,
            "egresses": {key: egress for key, egress in estate.egresses.items() if egress.site in sites},
            "addresses": {key: row for key, row in estate.addresses.items() if _held(estate, row, systems, here)},
            "data_resources": resources,
            "data_items": {key: item for key, item in estate.data_items.items() if item.resource in resources},
            "data_needs": {key: row for key, row in estate.data_needs.items() if _held(estate, row, systems, here)},
            "decisions": {key: decision for key, decision in estate.decisions.items() if decision.system in systems},
            "projects": {key: row for key, row in estate.projects.items() if _held(estate, row, systems, here)},
            "migrations": {key: migration for key, migration in estate.migrations.items() if key in systems},
            "vpns": {key: vpn for key, vpn in estate.vpns.items() if key in vpns},
        }
    )


def _held(estate: Estate, row: Address | DataNeed | DataResource | Project, systems: Mapping[str, System], here: set[str]) -> bool:
    """Whether a system of the scope has it, or a unit in the scope's regions."""
    unit = estate.units.get(row.unit)
    return row.system in systems or (unit is not None and unit.region in here)


def _regions(estate: Estate, scope: Scope) -> set[str]:
    """The scope's regions and all below them."""
    here = set(scope.regions)
    while below := {code for code, region in estate.regions.items() if region.parent in here} - here:
        here |= below
    return here


def _only(rows: Mapping[str, T], keys: set[str]) -> dict[str, T]:
    return {key: row for key, row in rows.items() if key in keys}
