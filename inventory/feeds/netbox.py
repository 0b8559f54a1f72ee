"""NetBox' bulk import forms (docs: "Bulk Import"), a CSV each, in the order in which they must be imported.

The way back is `inventory.importers.netbox`: a slug is an id, so that a name is free to change on either side.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from inventory.cells import harmless
from inventory.model import Estate, RoomStatus

Rows = Iterable[dict[str, str]]
MAKERS = {  # a name of its own for each language, so that a device comes back with the one it had
    "frr": "FRRouting",
    "huawei_vrp": "Huawei",
    "huawei_usg": "Huawei USG",
    "huawei_vrp5": "Huawei VRP5",
    "h3c_comware": "H3C",
    "h3c_secpath": "H3C SecPath",
    "zte_zxros": "ZTE",
    "ruijie_rgos": "Ruijie",
}
LOCATION_STATUS = {RoomStatus.SURVEYED: "active", RoomStatus.EMPTYING: "decommissioning"}


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def forms(estate: Estate) -> dict[str, str]:
    """File name to CSV text."""
    tables: dict[str, Rows] = {
        "01-regions.csv": _regions(estate),
        "02-site-groups.csv": ({"name": kind, "slug": kind} for kind in sorted({site.kind for site in estate.sites.values()})),
        "03-tenants.csv": ({"name": name, "slug": slug(key)} for key, name in called(estate.units).items()),
        "04-sites.csv": _sites(estate),
        "05-locations.csv": _locations(estate),
        "06-manufacturers.csv": ({"name": name, "slug": slug(name)} for name in sorted({MAKERS[device.vendor] for device in estate.devices.values()})),
        "07-device-roles.csv": ({"name": role, "slug": role, "color": "2196f3"} for role in sorted({device.role for device in estate.devices.values()})),
        "08-device-types.csv": _types(estate),
        "09-devices.csv": _devices(estate),
        "10-interfaces.csv": _interfaces(estate),
        "11-cables.csv": _cables(estate),
        "12-prefixes.csv": _prefixes(estate),
    }
    return {name: _text(rows) for name, rows in tables.items()}


def called(rows: Mapping[str, _Named]) -> dict[str, str]:
    """What each row is called in NetBox, where references go by names: its name, or its id (a region's code) where others have the same."""
    counts = Counter(row.name for row in rows.values())
    return {key: row.name if counts[row.name] == 1 else key for key, row in rows.items()}


def location_status(status: RoomStatus) -> str:
    return LOCATION_STATUS.get(status, "retired")


def _regions(estate: Estate) -> Iterator[dict[str, str]]:
    names, levels = called(estate.regions), ("province", "city", "county")
    for region in sorted(estate.regions.values(), key=lambda row: (levels.index(row.level.value), row.code)):
        yield {"name": names[region.code], "slug": region.code, "parent": names.get(region.parent or "", "")}


def _sites(estate: Estate) -> Iterator[dict[str, str]]:
    names, regions = called(estate.sites), called(estate.regions)
    for site in estate.sites.values():
        yield {"name": names[site.id], "slug": slug(site.id), "status": "active", "region": regions[site.region], "group": site.kind}


def _locations(estate: Estate) -> Iterator[dict[str, str]]:
    names, sites, units = called(estate.rooms), called(estate.sites), called(estate.units)
    for room in estate.rooms.values():
        at, of = sites[room.site], units[room.unit]
        yield {"site": at, "name": names[room.id], "slug": slug(room.id), "status": location_status(room.status), "tenant": of}


def _types(estate: Estate) -> Iterator[dict[str, str]]:
    for vendor, model in sorted({(device.vendor, device.model) for device in estate.devices.values()}):
        yield {"manufacturer": MAKERS[vendor], "model": model, "slug": slug(model), "u_height": "1"}


def _devices(estate: Estate) -> Iterator[dict[str, str]]:
    sites = called(estate.sites)
    for device in estate.devices.values():
        maker, at = MAKERS[device.vendor], sites[device.site]
        yield {"name": device.name, "role": device.role, "manufacturer": maker, "device_type": device.model, "site": at, "status": "active"}


def _interfaces(estate: Estate) -> Iterator[dict[str, str]]:
    for link in estate.links.values():
        kind = "100gbase-x-qsfp28" if link.bandwidth_mbps > 10_000 else "10gbase-x-sfpp"
        for device, name in ((link.a, link.a_interface), (link.b, link.b_interface)):
            if device in estate.devices:
                yield {"device": estate.devices[device].name, "name": name, "type": kind, "enabled": "true", "mtu": str(link.mtu)}
    for lan in estate.lans.values():
        if lan.device in estate.devices:
            yield {"device": estate.devices[lan.device].name, "name": lan.interface, "type": "1000base-t", "enabled": "true", "mtu": str(lan.mtu)}


def _cables(estate: Estate) -> Iterator[dict[str, str]]:
    for link in estate.links.values():
        a, b = estate.devices.get(link.a), estate.devices.get(link.b)
        if a and b:
            yield {
                "side_a_device": a.name,
                "side_a_type": "dcim.interface",
                "side_a_name": link.a_interface,
                "side_b_device": b.name,
                "side_b_type": "dcim.interface",
                "side_b_name": link.b_interface,
                "status": "connected",
            }


def _prefixes(estate: Estate) -> Iterator[dict[str, str]]:
    for lan in estate.lans.values():
        yield {"prefix": str(lan.prefix), "status": "active", "description": lan.name}
    units = called(estate.units)
    for row in estate.addresses.values():
        yield {"prefix": str(row.prefix), "status": "active", "tenant": units[row.unit], "description": row.purpose}


def slug(text: str) -> str:
    """An id or a name as NetBox allows it in a slug."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in text.lower()).strip("-")


def _text(rows: Rows) -> str:
    found = list(rows)
    columns = list(dict.fromkeys(name for row in found for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: harmless(text) for name, text in row.items()} for row in found)
    return out.getvalue()
